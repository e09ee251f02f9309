"""The log: what was done at a meeting, in a few words without names; and all of it in counts."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.lessons import HandSheet, WriteLog
from conversations.facts.lessons import Log, LogRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.staff import fields, usual
from conversations.steps import Choose, Do, End, Here, Tell, Write

LABEL = _("📓 What was done")
_SHOWN = 6
_MOST = 400


def _listing(here: Here) -> int:
    return int(here.get("listing") or 0)


def _log(here: Here) -> Log:
    return here.facts.lessons.log(_listing(here))


def _shown(here: Here) -> Text:
    known = _log(here)
    if not known.rows:
        return _("No meeting has taken place yet.")
    return lines(
        n_("📓 {n} meeting in the last year", "📓 {n} meetings in the last year").of(n=known.meetings),
        n_("👥 {n} person had a place", "👥 {n} people had a place").of(n=known.people),
        n_("✅ {n} visit", "✅ {n} visits").of(n=known.came),
        n_("🤝 {n} pair of buddies", "🤝 {n} pairs of buddies").of(n=known.pairs) if known.pairs else None,
        *(_line(row, one=bool(_listing(here))) for row in known.rows[:_SHOWN]),
        n_("... and {n} more", "... and {n} more").of(n=known.meetings - _SHOWN) if known.meetings > _SHOWN else None,
    )


def _line(row: LogRow, *, one: bool) -> Text:
    came = str(row.heads if row.heads is not None else row.came)
    what = _("🗓 {when}: came {came}, booked {booked}").of(when=row.when, came=came, booked=str(row.booked))
    if not one:
        what = lines(_("📌 {title}").of(title=row.title), what)
    return lines(what, _("“{words}”").of(words=verbatim(row.log)) if row.log else None)


def _ways(here: Here) -> Mapping[str, Text]:
    sheet = {"sheet": _("📄 As a table")} if _log(here).rows else {}
    return {**sheet, "done": _("All right")}


log = Conversation(
    name="log",
    title=_("What was done"),
    command="log",
    about=_("what was done, in counts"),
    role="staff",
    steps=(
        Choose(name="act", question=_shown, choices=_ways, goto={"sheet": "sheet"}, otherwise="end"),
        Do(
            name="sheet",
            does=HandSheet,
            deed=lambda here: HandSheet("log", _listing(here)),
            goto={"sent": "act", "nobody": "end", "refused": "refused"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)


def _now(here: Here) -> Text:
    written = here.facts.lessons.log_of(int(here["session"]))
    return lines(
        _("Now: {words}").of(words=verbatim(written)) if written else None,
        _("What was done? A few words for the log. No names, please."),
    )


write_log = Conversation(
    name="write_log",
    title=_("What was done"),
    steps=(
        Write(name="words", question=_now, check=fields.words(3, _MOST)),
        Do(
            name="write",
            does=WriteLog,
            deed=lambda here: WriteLog(int(here["session"]), str(here["words"])),
            goto={"saved": "saved", "early": "early", "refused": "refused"},
        ),
        Tell(name="saved", text=_("✅ It is in the log."), otherwise="end"),
        Tell(name="early", text=_("The meeting has not begun yet."), otherwise="end"),
        End(name="refused", text=_("Only staff of the organisation, or who leads the meeting, can do this.")),
        End(name="end"),
    ),
)
