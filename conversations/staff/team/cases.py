"""Safety cases, for those who take them: by number, one holder each, what was done ticked off, false alarms.

An administrator sees numbers and clocks, and can give a case to somebody; no word of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.help import AnswerRequest, OpenRequest
from conversations.deeds.safety import AskFirst, CloseCase, GiveCase, MarkStep, SetAway
from conversations.facts.safety import Case, CaseRow
from conversations.help.thread import attached_line, concern_of
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.staff.team import replying
from conversations.standing import StandingAction
from conversations.steps import Attach, Browse, Choose, Do, End, Here, Item, Page, Tell

_HOLDERS: Mapping[str, Text] = {
    "open": _("nobody's yet"),
    "mine": _("yours"),
    "taken": _("taken by a colleague"),
}
STEPS: Mapping[str, Text] = {
    "seen": _("seen"),
    "talked": _("talked with the person"),
    "centre": _("referred to the centre for social work"),
    "police": _("referred to the police"),
    "other": _("referred to another service"),
}
"""What is ticked off. Whether to refer, and where, is for staff to decide: the law says how soon."""
_TRACES: Mapping[str, Text] = {
    "asked": _("asked"),
    "handed": _("handed over"),
    "admins": _("administrators told"),
    "false_alarm": _("false alarm"),
    "closed": _("closed"),
}


def _in_list(row: CaseRow) -> Text:
    new = n_("{n} new message", "{n} new messages").of(n=row.unseen) if row.unseen else None
    return lines(
        _("Case {number}").of(number=row.request_id),
        _("since {moment} · {holder}").of(moment=row.since, holder=_HOLDERS[row.holder]),
        new,
    )


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.safety.cases(offset, size)
    return Page(
        tuple(
            Item(str(row.request_id), _in_list(row), _("Open: case {number}").of(number=row.request_id)) for row in rows
        ),
        total,
    )


def _checklist(found: Case) -> tuple[Text, ...]:
    done = {step.step: step for step in found.steps if step.step in STEPS}
    ticks = tuple(
        _("✅ {step}, {moment}").of(step=label, moment=done[name].at) if name in done else _("▫️ {step}").of(step=label)
        for name, label in STEPS.items()
    )
    traces = tuple(
        _("{moment}: {step} ({who})").of(moment=one.at, step=_TRACES[one.step], who=one.by)
        for one in found.steps
        if one.step in _TRACES
    )
    return (*ticks, *traces[-6:])


def _view(here: Here) -> Text:
    found = here.facts.safety.case(here["request"])
    if found is None:
        return _GONE
    number = _("Case {number}").of(number=found.row.request_id)
    if not found.readable:
        return lines(number, _("Only its number and its steps are yours to see."), *_checklist(found))
    empty = _("It is a hint, no diagnosis. What was written is not kept.") if not found.lines else None
    unsafe = _("Do not write to this person here: they said that it is not safe.")
    return lines(
        number,
        concern_of(found.concern),
        empty,
        _("The person says that it was no emergency.") if found.denied else None,
        unsafe if found.write_here == "no" else None,
        _("Writing here is safe, says the person.") if found.write_here == "yes" else None,
        _("If a child is at risk, the law says whom to tell, and how soon. Never tell the family first."),
        *(attached_line(line) for line in found.lines),
        *_checklist(found),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    found = here.facts.safety.case(here["request"])
    if found is None:
        return {"list": _("All cases")}
    ways: dict[str, Text] = {}
    if found.readable:
        ways["answer"] = _("Write to the person")
        ways["step"] = _("Tick off a step")
    if found.team:
        ways["hand"] = _("Hand over")
    if found.readable:
        ways["close"] = _("Close")
    return {**ways, "list": _("All cases")}


def _steps(here: Here) -> Mapping[str, Text]:
    found = here.facts.safety.case(here["request"])
    done = {step.step for step in found.steps} if found else set()
    return {**{name: label for name, label in STEPS.items() if name not in done}, "back": _("Nothing more")}


def _team(here: Here) -> Mapping[str, Text]:
    found = here.facts.safety.case(here["request"])
    team = found.team if found else ()
    people = {one: replying.colleague(one, called) for one, called in team}
    return {**people, "back": _("Nobody")}


_CLOSINGS: Mapping[str, Text] = {
    "done": _("Close: it is looked after"),
    "false": _("Close: a false alarm"),
    "back": _("Do not close"),
}


def _answer(here: Here) -> AnswerRequest:
    return AnswerRequest(here["request"], str((here["answer"] or {}).get("text") or ""))


_GONE = _("This case is closed, or it is not yours to see.")

cases = Conversation(
    name="cases",
    title=_("Safety cases"),
    command="cases",
    about=_("cases for safeguarding"),
    role="safeguarding",
    alone=True,
    steps=(
        Browse(
            name="request",
            question=_("Cases by their number. Who opens one has it; opening is recorded."),
            items=_items,
            empty="none",
        ),
        Do(
            name="open",
            does=OpenRequest,
            deed=lambda here: OpenRequest(here["request"]),
            goto={"open": "what", "gone": "what"},
        ),
        Choose(
            name="what",
            question=_view,
            choices=_ways,
            goto={"answer": "answer", "step": "step", "hand": "to", "close": "how", "list": "request"},
        ),
        Attach(
            name="answer",
            question=_("Write it. On their phone stands only “There is something new here.” until they open it."),
            kinds=(),
            check=replying.answer,
        ),
        Do(
            name="send",
            does=AnswerRequest,
            deed=_answer,
            goto={
                "sent": "sent",
                "unreachable": "unreachable",
                "lost": "gone",
                "gone": "gone",
                "not_here": "not_here",
            },
        ),
        Choose(name="step", question=_("What was done?"), choices=_steps, goto={"back": "what"}),
        Do(
            name="mark",
            does=MarkStep,
            deed=lambda here: MarkStep(here["request"], here["step"]),
            goto={"marked": "what", "gone": "gone"},
        ),
        Choose(name="to", question=_("Who takes the case?"), choices=_team, goto={"back": "what"}),
        Do(
            name="give",
            does=GiveCase,
            deed=lambda here: GiveCase(here["request"], here["to"]),
            goto={"handed": "handed", "gone": "gone"},
        ),
        Choose(
            name="how",
            question=_("How does it end? What was written is deleted 30 days later."),
            choices=_CLOSINGS,
            goto={"back": "what"},
        ),
        Do(
            name="close",
            does=CloseCase,
            deed=lambda here: CloseCase(here["request"], here["how"] == "false"),
            goto={"closed": "closed", "gone": "gone"},
        ),
        *replying.ENDED,
        End(name="not_here", text=_("Nothing was sent: the person said that it is not safe to write here.")),
        End(name="handed", text=_("Handed over. The case is not yours to read any more.")),
        End(name="gone", text=_GONE),
        End(name="none", text=_("No case waits.")),
    ),
)


# ---------------------------------------------------------------- who is there


def _round(here: Here) -> Text:
    people = here.facts.safety.round()
    if not people:
        return _("Nobody takes safety cases yet. Invite somebody: “For staff”, “Invite a colleague”.")
    parts = []
    for place, one in enumerate(people, 1):
        called = replying.colleague(one.person_id, one.called)
        away = (
            _("{place}. {who}, away until {moment}").of(place=place, who=called, moment=one.away) if one.away else None
        )
        parts.append(away or _("{place}. {who}, there").of(place=place, who=called))
    return lines(_("Who is asked to take a case, one after the other:"), *parts)


def _duty_ways(here: Here) -> Mapping[str, Text]:
    people = here.facts.safety.round()
    ways: dict[str, Text] = {}
    mine = next((one for one in people if one.mine), None)
    if mine is not None:
        ways |= {"there": _("I am there")} if mine.away else {"day": _("Away for a day"), "week": _("Away for a week")}
    if "admin" in here.facts.me.roles and len(people) > 1:
        ways["first"] = _("Who is asked first")
    return {**ways, "done": _("Done")}


def _people(here: Here) -> Mapping[str, Text]:
    people = here.facts.safety.round()
    return {str(one.person_id): replying.colleague(one.person_id, one.called) for one in people} or {"0": _("Nobody")}


duty = Conversation(
    name="duty",
    title=_("Who takes safety cases"),
    command="duty",
    about=_("who takes safety cases"),
    role="safeguarding",
    steps=(
        Choose(
            name="what",
            question=_round,
            choices=_duty_ways,
            goto={"there": "away", "day": "away", "week": "away", "first": "first", "done": "end"},
        ),
        Do(
            name="away",
            does=SetAway,
            deed=lambda here: SetAway({"day": 1, "week": 7}.get(here["what"], 0)),
            goto={"done": "what", "refused": "refused"},
        ),
        Choose(name="first", question=_("Who is asked first?"), choices=_people),
        Do(
            name="order",
            does=AskFirst,
            deed=lambda here: AskFirst(here["first"]),
            goto={"done": "saved", "refused": "refused"},
        ),
        Tell(name="saved", text=_("Done, it is saved."), otherwise="what"),
        End(name="refused", text=_("Only administrators of the organisation can do this.")),
        End(name="end", text=_("All right.")),
    ),
)

CONVERSATIONS: tuple[Conversation, ...] = (cases, duty)
STANDING: tuple[StandingAction, ...] = (StandingAction(name="case", opens="cases"),)
