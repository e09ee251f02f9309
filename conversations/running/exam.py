"""An exam: who leads it, or staff, enter who passed, as attendance is marked, and tell everybody with one tap."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.lessons import NoteResult, TellResults
from conversations.facts.lessons import ExamRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell

LABEL = _("📝 Results of the exam")
_NEXT = {"": "passed", "passed": "failed", "failed": ""}
"""What a tap makes of a result: passed, not passed, none."""
_SIGNS = {"passed": _("✅ {who}"), "failed": _("❌ {who}"), "": _("⬜ {who}")}


def _rows(here: Here) -> tuple[ExamRow, ...]:
    return here.facts.lessons.exam(int(here["session"]))


def _untold(here: Here) -> int:
    return sum(bool(row.result) and row.result != row.told for row in _rows(here))


def _shown(here: Here) -> Text:
    rows = _rows(here)
    if not rows:
        return _("Nobody has a place here.")
    passed = sum(row.result == "passed" for row in rows)
    return lines(
        _("📝 Passed: {passed} of {all}").of(passed=str(passed), all=str(len(rows))),
        _("Tap a name: ✅ passed, ❌ not passed, ⬜ no result. Nobody is told before you say so."),
    )


def _called(row: ExamRow) -> Text:
    if row.called:
        return _("{name} ({number})").of(name=row.called, number=str(row.number))
    return _("Number {number}").of(number=str(row.number))


def _ways(here: Here) -> Mapping[str, Text]:
    found = {str(row.booking_id): _SIGNS[row.result].of(who=_called(row)) for row in _rows(here)}
    untold = _untold(here)
    if untold:
        found["tell"] = n_("📨 Tell {n} person the result", "📨 Tell {n} people the result").of(n=untold)
    return {**found, "done": _("All right")}


def _next(here: Here) -> NoteResult:
    booking = int(here["who"])
    known = next((row.result for row in _rows(here) if row.booking_id == booking), "")
    return NoteResult(int(here["session"]), booking, _NEXT[known])


_AGAIN = Open("exam_results", lambda here: {"session": here["session"]}, instead=True)

exam_results = Conversation(
    name="exam_results",
    title=_("Results of the exam"),
    steps=(
        Choose(
            name="who",
            question=_shown,
            choices=_ways,
            page=40,
            goto={"tell": "sure", "done": "end"},
            otherwise="note",
        ),
        Do(name="note", does=NoteResult, deed=_next, goto={"noted": _AGAIN, "refused": "refused"}),
        Confirm(
            name="sure",
            question=lambda here: n_(
                "Tell {n} person now? Each reads their own result only.",
                "Tell {n} people now? Each reads their own result only.",
            ).of(n=_untold(here)),
            goto={"no": "who"},
        ),
        Do(
            name="tell",
            does=TellResults,
            deed=lambda here: TellResults(int(here["session"])),
            goto={"told": "told", "nobody": "told_before", "refused": "refused"},
        ),
        Tell(
            name="told",
            text=lambda here: n_("✅ {n} result is told.", "✅ {n} results are told.").of(n=int(here["tell"]["told"])),
            otherwise=_AGAIN,
        ),
        Tell(name="told_before", text=_("Everybody knows their result already."), otherwise=_AGAIN),
        End(name="refused", text=_("Only staff of the organisation, or who leads the meeting, can do this.")),
        End(name="end", text=_("All right.")),
    ),
)
