"""Seats by the slot: a day, a time, for whom, and the seat is taken. Where papers are printed, the way there too."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.calls import whom
from conversations.deeds.resources import TakeSeat
from conversations.facts.resources import Room
from conversations.offers import words
from conversations.offers.booking.afterwards import confirmation
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, _, lines, n_
from conversations.steps import Choose, Confirm, Do, End, Here, Json, Open, Tell
from conversations.weekdays import SHORT

_GONE = _("This is not on offer any more.")


def listing_of(here: Here) -> int:
    """The listing that is talked about; 0 for none."""
    seed = str(here.get("listing") or "")
    return int(seed) if seed.isascii() and seed.isdigit() else 0


def _room(here: Here) -> Room | None:
    return here.facts.resources.room(listing_of(here))


def _gone_now(here: Here) -> bool:
    room = _room(here)
    return room is None or not room.open


def card(room: Room) -> Text:
    """A listing of seats as people see it."""
    by_hours: dict[str, list[Text]] = {}
    for weekday, hours in room.hours:
        by_hours.setdefault(hours, []).append(SHORT[weekday])
    return lines(
        _("📌 {title}").of(title=room.title),
        _("{summary}").of(summary=room.summary) if room.summary else None,
        _("📍 {place}").of(place=room.place) if room.place else None,
        *(
            _("🕓 {days}: {hours}").of(days=Joined(tuple(days), "commas"), hours=hours)
            for hours, days in by_hours.items()
        ),
        n_("🖥 {n} seat", "🖥 {n} seats").of(n=room.seats),
        _("For ages: {bands}").of(bands=words.ages(room.bands)) if 0 < len(room.bands) < len(words.BANDS) else None,
        _("Held by: {organisation}").of(organisation=room.organisation) if room.organisation else None,
        _("(The dates are an invented example.)") if room.invented else None,
    )


def _card_alone(here: Here) -> Text:
    room = _room(here)
    return lines(card(room), _("It is closed for bookings right now.")) if room else _GONE


def _glimpse(here: Here) -> Text:
    room = _room(here)
    return card(room) if room else _GONE


def _card(here: Here) -> Text:
    room = _room(here)
    return lines(card(room), _("What would you like?")) if room else _GONE


def _prints(here: Here) -> bool:
    room = _room(here)
    return room is not None and room.week_pages > 0


def _ask_day(here: Here) -> Text:
    room = _room(here)
    ask = _("Which day? You can also write it: “tomorrow at 16:00”.")
    return ask if room is None or _prints(here) else lines(card(room), ask)


def _days(here: Here) -> Mapping[str, Text]:
    return {
        day.key: n_("{day} · {n} time free", "{day} · {n} times free").of(n=day.slots, day=day.at)
        for day in here.facts.resources.days(listing_of(here))
    }


def _no_days(here: Here) -> bool:
    return not here.facts.resources.days(listing_of(here))


def _typed(here: Here, typed: str) -> Json | Open | None:
    seed = here.facts.resources.seed(listing_of(here), typed)
    if "slot" in seed:
        return Open("resource", lambda _here: seed, instead=True)
    return seed.get("day")


def _ask_time(here: Here) -> Text:
    day = str(here.get("day") or "")
    chosen = next((one.at for one in here.facts.resources.days(listing_of(here)) if one.key == day), None)
    return lines(_("🗓 {when}").of(when=chosen) if chosen else None, _("At what time?"))


def _typed_time(here: Here, typed: str) -> Json | Open | None:
    """A time on the day that was chosen, or another day after all, with or without a time."""
    day = str(here.get("day") or "")
    seed = here.facts.resources.seed(listing_of(here), typed)
    if "day" not in seed:
        seed = here.facts.resources.seed(listing_of(here), f"{day} {typed}")
    if seed.get("day") == day:
        return seed.get("slot")
    return Open("resource", lambda _here: seed, instead=True) if "day" in seed else None


def _typed_way(here: Here, typed: str) -> Open | None:
    """A day or a time said at once is a seat that is wanted."""
    seed = here.facts.resources.seed(listing_of(here), typed)
    return Open("resource", lambda _here: seed, instead=True) if "day" in seed else None


def _slots(here: Here) -> Mapping[str, Text]:
    return {
        slot.key: n_("{time} · {n} free", "{time} · {n} free").of(n=slot.free, time=slot.at)
        for slot in here.facts.resources.slots(listing_of(here), str(here.get("day") or ""))
    }


def _none_left(here: Here) -> bool:
    return not _slots(here)


def _about(here: Here) -> Text:
    room = _room(here)
    at = here.facts.resources.slot(listing_of(here), str(here.get("slot") or ""))
    if room is None or at is None:
        return _GONE
    return words.what_when_where(room.title, at, room.place)


def _person(here: Here) -> int:
    return whom.chosen_id(here) or here.facts.me.person_id


def _sure(here: Here) -> Text:
    room = _room(here)
    used = here.facts.resources.used(listing_of(here), str(here.get("slot") or ""), _person(here))
    most = room.week_slots if room else 0
    return lines(
        _about(here),
        words.for_whom(whom.name(here)),
        _("This week: {used} of {most} used.").of(used=used, most=most) if most else None,
        _("Shall we book this?"),
    )


def _booked(here: Here) -> Text | Say:
    mine = here.facts.offers.booking(int(here["take"]["booking"]))
    return confirmation(mine, here) if mine else _("✅ The place is booked.")


def _used_up(here: Here) -> bool:
    room = _room(here)
    used = here.facts.resources.used(listing_of(here), str(here.get("slot") or ""), _person(here))
    return room is not None and 0 < room.week_slots <= used


def _week_full(here: Here) -> Text:
    room = _room(here)
    return lines(
        n_(
            "This week {n} time is booked, and more is not possible.",
            "This week {n} times are booked, and more is not possible.",
        ).of(n=room.week_slots if room else 0),
        _("Next week it goes on. To change a time, cancel the old one in “my bookings”."),
    )


def _clash(here: Here) -> Text:
    clash = here.facts.offers.booking(int(here["take"]["clash"]))
    if clash is None:
        return words.SOMETHING_THEN
    return lines(_("There is another booking at that time:"), words.about_session(clash.gathering))


def _same(here: Here) -> dict[str, Json]:
    return {"listing": listing_of(here)}


resource = Conversation(
    name="resource",
    title=_("A seat"),
    shows=_glimpse,
    steps=(
        Tell(name="gone", text=_card_alone, when=_gone_now, otherwise="end"),
        Choose(
            name="way",
            question=_card,
            choices={"seat": _("🖥 Take a seat"), "print": _("🖨 Have something printed")},
            typed=_typed_way,
            goto={"seat": "empty", "print": Open("printing", _same)},
            when=_prints,
        ),
        Tell(
            name="empty",
            text=_("No seat is free in the coming days. Look again tomorrow, or ask a person."),
            when=_no_days,
            otherwise="end",
        ),
        Choose(name="day", question=_ask_day, choices=_days, typed=_typed, page=7),
        Tell(
            name="none_left",
            text=_("On that day the last seat has just been taken."),
            when=_none_left,
            otherwise="empty",
        ),
        Choose(name="slot", question=_ask_time, choices=_slots, typed=_typed_time, page=8),
        Choose(
            name="who",
            question=_("For whom?"),
            choices=whom.everybody,
            when=whom.several,
            goto={"child": Open("add_child")},
        ),
        Choose(
            name="consent",
            question=whom.asks_consent,
            choices=whom.consent_choices,
            when=whom.consent_missing,
            goto={
                "guardian": Open("ask_guardian", lambda here: {"ask": "make", **_same(here)}, instead=True),
                "own": Open("ask_guardian"),
                "children": Open("children"),
                "go": "week_full",
                "later": "later",
            },
        ),
        Tell(name="week_full", text=_week_full, when=_used_up, otherwise="end"),
        Confirm(name="sure", question=_sure, yes=_("Yes, please"), no=_("No, another time"), goto={"no": "empty"}),
        Do(
            name="take",
            does=TakeSeat,
            deed=lambda here: TakeSeat(listing_of(here), str(here["slot"]), whom.chosen_id(here)),
            goto={
                "booked": "booked",
                "already": "already",
                "full": "full",
                "quota": "quota",
                "shut": "shut",
                "past": "shut",
                "cancelled": "shut",
                "overlap": "overlap",
                "closed": "closed",
                "age": "age",
                "consent": "agree",
                "denied": "denied",
            },
        ),
        Tell(name="full", text=_("The last seat has just been taken. Here is what is still free."), otherwise="empty"),
        Tell(name="shut", text=_("That time cannot be booked any more. Here is what is free."), otherwise="empty"),
        Tell(name="overlap", text=_clash, otherwise="empty"),
        End(name="booked", text=_booked, then=Open("menu")),
        End(name="already", text=_("This is booked already.")),
        End(name="quota", text=_week_full),
        End(name="closed", text=_("It has just been closed for bookings. Ask a person, there may be another way.")),
        End(name="age", text=words.OTHER_AGE),
        End(name="agree", text=_("A yes for taking part is missing. It can be given in “my data”.")),
        End(name="denied", text=_("Only the person or their guardian can book this.")),
        End(name="later", text=_("All right. Nothing was booked.")),
        End(name="end"),
    ),
)
