"""One meeting: move it, cancel it, and on to its people, leader, trip and waiting list."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import CancelSession, MoveSession
from conversations.facts.staff import SessionRow
from conversations.script import Conversation
from conversations.speech import Moment, Text, _, lines, n_
from conversations.staff import usual
from conversations.staff.deciding import condition_notices
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell


def row_of(here: Here) -> SessionRow | None:
    """The meeting that is talked about, unless it is not there or not theirs."""
    return here.facts.staff.session(int(here["session"]))


def card(row: SessionRow) -> Text:
    """A meeting in a few lines: what, when, where, how many."""
    return lines(
        _("📌 {title}").of(title=row.title),
        _("🗓 {when}").of(when=row.at),
        _("📖 {topic}").of(topic=row.topic) if row.topic else None,
        _("📍 {place}").of(place=row.place) if row.place else None,
        condition_notices.DROP_IN
        if row.drop_in
        else _("{taken} of {capacity} places taken").of(taken=row.taken, capacity=row.capacity),
        condition_notices.COUNTED.of(n=row.heads) if row.heads is not None else None,
        n_("{n} person waits", "{n} people wait").of(n=row.waiting) if row.waiting else None,
    )


def _shown(here: Here) -> Text:
    row = row_of(here)
    return card(row) if row else usual.NOT_YOURS


def _ways(here: Here) -> Mapping[str, Text]:
    row = row_of(here)
    if row is None:
        return {"done": _("All right")}
    ways = {"people": _("👥 People"), "around": _("🧑‍🏫 Leader, code, questions")}
    if not row.over:
        ways |= {"move": _("🔁 Move"), "cancel": _("❌ Cancel it")}
    if here.facts.outings.is_trip(row.id):
        ways["trip"] = _("🚌 Trip")
    if row.begun:
        ways["heads"] = _("🔢 Count heads")
    if row.waiting > 1 and not row.over:
        ways["line"] = _("↕️ Order of the waiting list")
    return ways


def same(here: Here) -> dict[str, object]:
    """The seed that stays with this meeting."""
    return {"session": here["session"]}


_BACK = Open("session", same, instead=True)


def _affected(here: Here) -> int:
    return here.facts.staff.told(int(here["session"]))


def _sure_to_move(here: Here) -> Text:
    row = row_of(here)
    if row is None:
        return usual.NOT_YOURS
    return lines(
        _("Now: {when}").of(when=row.at),
        _("New: {when}").of(when=_moment(here)),
        n_("{n} person is told at once. Move it?", "{n} people are told at once. Move it?").of(n=_affected(here))
        if _affected(here)
        else _("Nobody has booked. Move it?"),
    )


def _moment(here: Here) -> Moment:
    return here.facts.staff.moment(here["to"], _town(here))


def _town(here: Here) -> int | None:
    row = row_of(here)
    found = here.facts.staff.listing(row.listing_id) if row else None
    return found.town_id if found else None


def _sure_to_cancel(here: Here) -> Text:
    row = row_of(here)
    if row is None:
        return usual.NOT_YOURS
    return lines(
        card(row),
        n_("{n} person is told at once. Cancel it?", "{n} people are told at once. Cancel it?").of(n=_affected(here))
        if _affected(here)
        else _("Nobody has booked. Cancel it?"),
    )


session = Conversation(
    name="session",
    title=_("One meeting"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "people": Open("attendance", same),
                "around": Open("around_one", same),
                "heads": Open("count_heads", same),
                "trip": Open("trip", same),
                "line": Open("line", same),
                "move": "to",
                "cancel": "why",
                "done": "end",
            },
            otherwise="end",
        ),
        usual.moment("to", _("When is it instead? Write day and time, for example: 26.11. 17:00"), town=_town),
        Confirm(name="sure", question=_sure_to_move, goto={"yes": "move", "no": "kept"}),
        Do(
            name="move",
            does=MoveSession,
            deed=lambda here: MoveSession(int(here["session"]), here["to"]),
            goto={"moved": "moved", "late": "late", "refused": "refused"},
        ),
        usual.told(
            "moved",
            n_("✅ It is moved. {n} person is told.", "✅ It is moved. {n} people are told."),
            by="move",
            nobody=_("✅ It is moved."),
            then=_BACK,
        ),
        Tell(name="late", text=_("That cannot be changed any more."), otherwise=_BACK),
        Tell(name="kept", text=_("All right, it stays as it is."), otherwise=_BACK),
        *usual.WHY,
        Confirm(name="sure_to_cancel", question=_sure_to_cancel, goto={"yes": "cancel", "no": "kept"}),
        Do(
            name="cancel",
            does=CancelSession,
            deed=lambda here: CancelSession(int(here["session"]), here["why"], here.get("urgent") == "now"),
            goto={"cancelled": "cancelled", "late": "late", "refused": "refused"},
        ),
        End(
            name="cancelled",
            text=lambda here: (
                n_("✅ It is cancelled. {n} person is told.", "✅ It is cancelled. {n} people are told.").of(
                    n=here["cancel"]["told"]
                )
                if here["cancel"]["told"]
                else _("✅ It is cancelled.")
            ),
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
