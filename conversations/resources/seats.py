"""Seats of a resource, as staff see them: the plan of a day, who sits when, a broken seat, a day that is closed."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.resources import CountPaper, SetDay, SetSeats
from conversations.facts.resources import FreeDay, PlanSlot
from conversations.resources.seat import listing_of
from conversations.script import Conversation
from conversations.speech import Joined, Text, Value, _, lines, n_, said
from conversations.staff import fields, usual
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell, Write

_SHUT = _("closed")


def _days(here: Here) -> Mapping[str, Text]:
    days = {day.key: _day(day, closed) for day, closed in here.facts.resources.plan_days(listing_of(here))}
    paper = {"paper": _("📄 Paper in stock")} if _counts(here) else {}
    return {**days, **paper, "leave": _("All right")}


def _counts(here: Here) -> bool:
    room = here.facts.resources.room(listing_of(here))
    return room is not None and room.week_pages > 0


def _day(day: FreeDay, closed: bool) -> Text:
    if closed:
        return _("{day} · closed").of(day=day.at)
    return n_("{day} · {n} seat taken", "{day} · {n} seats taken").of(n=day.slots, day=day.at)


def _question(here: Here) -> Text:
    room = here.facts.resources.room(listing_of(here))
    if room is None:
        return usual.NOT_YOURS
    sheets = here.facts.resources.sheets(listing_of(here))
    return lines(
        said(room.title),
        n_("📄 {n} sheet at hand", "📄 {n} sheets at hand").of(n=sheets) if sheets is not None else None,
        _("The plan of which day?"),
    )


def _slots(here: Here) -> tuple[PlanSlot, ...]:
    return here.facts.resources.plan(listing_of(here), str(here.get("day") or ""))


def _is_shut(here: Here) -> bool:
    return any(closed for day, closed in here.facts.resources.plan_days(listing_of(here)) if day.key == here.get("day"))


def _plan(here: Here) -> Text:
    if _is_shut(here):
        return lines(_("That day is closed."), *(_slot(one) for one in _slots(here)))
    return lines(*(_slot(one) for one in _slots(here))) if _slots(here) else _("There is nothing on that day.")


def _slot(one: PlanSlot) -> Text:
    if one.shut:
        return _("{time} · closed").of(time=one.at)
    names: tuple[Value, ...] = tuple(
        _("{name} ({number})").of(name=who.called, number=str(who.number)) if who.called else str(who.number)
        for who in one.people
    )
    told = _("{time} · {taken} of {seats}").of(time=one.at, taken=one.taken, seats=one.seats)
    return _("{slot}: {names}").of(slot=told, names=Joined(names, "commas")) if names else told


def _acts(here: Here) -> Mapping[str, Text]:
    slots = {one.key: _slot_label(one) for one in _slots(here) if not one.shut}
    day = {"open": _("🔓 Open that day again")} if _is_shut(here) else {"close": _("🔒 Close that day")}
    return {**slots, **day, "other": _("Another day")}


def _slot_label(one: PlanSlot) -> Text:
    return _("{time} · {taken} of {seats}").of(time=one.at, taken=one.taken, seats=one.seats)


def _one(here: Here) -> PlanSlot | None:
    return next((one for one in _slots(here) if one.key == here.get("act")), None)


def _shown(here: Here) -> Text:
    one = _one(here)
    return _slot(one) if one else usual.NOT_YOURS


def _ways(here: Here) -> Mapping[str, Text]:
    one = _one(here)
    ways: dict[str, Text] = {}
    if one is not None and one.session_id is not None and one.taken:
        ways["people"] = _("👥 People")
    if one is not None and not one.over and not one.shut:
        ways["seats"] = _("🔧 Seats that work")
        if one.session_id is not None:
            ways["session"] = _("❌ Cancel it")
    return {**ways, "back": _("The plan of the day")}


def _session(here: Here) -> dict[str, object]:
    one = _one(here)
    return {"session": one.session_id if one else 0}


def _cancelling(here: Here) -> dict[str, object]:
    return {**_session(here), "act": "cancel", "seat": True}


def _taken_on(here: Here) -> int:
    return sum(one.taken for one in _slots(here) if not one.over)


def _sure(here: Here) -> Text:
    if not _taken_on(here):
        return _("Nobody has a seat on that day. Close it?")
    return n_(
        "{n} person has a seat on that day. They are told at once. Close it?",
        "{n} people have a seat on that day. They are told at once. Close it?",
    ).of(n=_taken_on(here))


seats = Conversation(
    name="seats",
    title=_("The plan of seats"),
    role="staff",
    steps=(
        Choose(
            name="day",
            question=_question,
            choices=_days,
            goto={"paper": "sheets", "leave": "end"},
            otherwise="act",
            page=10,
        ),
        Choose(
            name="act",
            question=_plan,
            choices=_acts,
            goto={"close": "sure", "open": "reopen", "other": "day"},
            otherwise="what",
            page=14,
        ),
        Choose(
            name="what",
            question=_shown,
            choices=_ways,
            goto={
                "people": Open("attendance", _session),
                "seats": "seats",
                "session": Open("session", _cancelling),
                "back": "act",
            },
        ),
        Write(
            name="seats",
            question=_("How many seats can be used at that time?"),
            check=fields.number(1, 200),
        ),
        Do(
            name="set_seats",
            does=SetSeats,
            deed=lambda here: SetSeats(listing_of(here), str(here["act"]), int(here["seats"])),
            goto={"saved": "saved", "too_few": "too_few", "gone": "gone", "refused": "refused"},
        ),
        Tell(
            name="too_few",
            text=lambda here: n_(
                "{n} seat is taken already. Cancel that one first.", "{n} seats are taken already. Cancel some first."
            ).of(n=here["set_seats"]["taken"]),
            otherwise="act",
        ),
        Tell(name="gone", text=_("That cannot be changed any more."), otherwise="act"),
        Tell(name="saved", text=_("✅ It is changed."), otherwise="act"),
        Confirm(name="sure", question=_sure, goto={"no": "act"}),
        Do(
            name="close",
            does=SetDay,
            deed=lambda here: SetDay(listing_of(here), str(here["day"]), closed=True),
            goto={"saved": "saved_day", "refused": "refused"},
        ),
        Do(
            name="reopen",
            does=SetDay,
            deed=lambda here: SetDay(listing_of(here), str(here["day"]), closed=False),
            goto={"saved": "saved_day", "refused": "refused"},
        ),
        Tell(name="saved_day", text=_("✅ It is changed."), otherwise="day"),
        Write(name="sheets", question=_("How many sheets of paper are there?"), check=fields.number(1, 100_000)),
        Do(
            name="count",
            does=CountPaper,
            deed=lambda here: CountPaper(listing_of(here), int(here["sheets"])),
            goto={"saved": "saved_day", "refused": "refused"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
