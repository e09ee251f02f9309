"""The order of a waiting list, changed by hand and with a reason. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import MoveInLine
from conversations.facts.conditions import Standing
from conversations.script import Conversation
from conversations.speech import Text, _, lines, verbatim
from conversations.staff import fields, usual
from conversations.staff.deciding.condition_notices import REASONS, TOLD
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell, Write


def _line(here: Here) -> tuple[Standing, ...]:
    return here.facts.conditions.line(int(here["session"]))


def _called(one: Standing) -> Text:
    if one.called:
        return _("{name} ({number})").of(name=one.called, number=str(one.number))
    return _("Number {number}").of(number=str(one.number))


def _shown(here: Here) -> Text:
    waiting = _line(here)
    if not waiting:
        return _("Nobody waits.")
    return lines(
        _("The waiting list. Who is moved?"),
        *(_("{place}. {who}").of(place=one.place, who=_called(one)) for one in waiting),
    )


def _who(here: Here) -> Mapping[str, Text]:
    return {**{str(one.booking_id): _called(one) for one in _line(here)}, "done": _("All right")}


def _chosen(here: Here) -> Standing | None:
    return next((one for one in _line(here) if str(one.booking_id) == str(here.get("who"))), None)


def _where(here: Here) -> Mapping[str, Text]:
    one, last = _chosen(here), len(_line(here))
    places = dict.fromkeys(place for place in (1, 2, 3, last) if 1 <= place <= last and one and place != one.place)
    return {str(place): verbatim(str(place)) for place in places}


def _sure(here: Here) -> Text:
    one = _chosen(here)
    told = TOLD.get(here["reason"])
    return lines(
        _("{who}: from {before} to {after}").of(
            who=_called(one) if one else "-", before=one.place if one else "-", after=int(here["place"])
        ),
        _("They are told their new turn, and: {reason}").of(reason=told)
        if told
        else _("They are told their new turn. The reason is not told."),
        _("Move them?"),
    )


_AGAIN = Open("line", lambda here: {"session": here["session"]}, instead=True)

line = Conversation(
    name="line",
    title=_("The order of a waiting list"),
    role="staff",
    steps=(
        Choose(name="who", question=_shown, choices=_who, page=20, goto={"done": "end"}, otherwise="place"),
        Write(
            name="place",
            question=_("To which place? 1 is the next. Who is offered a place now keeps it."),
            check=fields.number(1, 1000),
            suggestions=_where,
        ),
        Choose(name="reason", question=_("Why? It is kept with your name."), choices=REASONS),
        Confirm(name="sure", question=_sure, goto={"no": _AGAIN}),
        Do(
            name="move",
            does=MoveInLine,
            deed=lambda here: MoveInLine(int(here["who"]), int(here["place"]), here["reason"]),
            goto={"moved": "moved", "same": "same", "gone": "gone", "refused": "refused"},
        ),
        Tell(
            name="moved",
            text=lambda here: _("✅ Moved to place {place}.").of(place=here["move"]["place"]),
            otherwise=_AGAIN,
        ),
        Tell(name="same", text=_("They are there already."), otherwise=_AGAIN),
        Tell(name="gone", text=_("They do not wait any more."), otherwise=_AGAIN),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
