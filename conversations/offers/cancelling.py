"""Cancelling by words ("cancel", "I can't come"): what it is, and yes or no; which one only where there are several."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import mine as visits
from conversations.deeds.appointments import CancelAppointment
from conversations.deeds.offers import CancelBooking
from conversations.facts.offers import Mine
from conversations.offers import words
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Json, Open, Page

GIVEN_UP = ("booked", "waiting")
"""What can be cancelled; a place that is only held is taken or left in "my bookings"."""


def item_of(mine: Mine) -> Item:
    """A booking as a card in a list of them."""
    text = lines(
        words.for_whom(mine.child),
        words.about_session(mine.gathering),
        words.by_helper(mine.by),
        words.state_of(mine),
    )
    return Item(str(mine.booking_id), text, _("Number {number}").of(number=str(mine.number)))


def sure_of(mine: Mine | None) -> Text:
    """The question before a booking is cancelled: what it is, for whom, and what becomes of the place."""
    if mine is None:
        return _("This booking is not there any more.")
    if mine.state == "waiting":
        return lines(words.about_session(mine.gathering), words.for_whom(mine.child), _("Leave the waiting list?"))
    return lines(
        words.about_session(mine.gathering),
        words.for_whom(mine.child),
        _what_follows(mine),
    )


def _what_follows(mine: Mine) -> Text:
    if mine.gathering.seat:
        return _("Cancel this? Then the seat is free for somebody else.")
    if mine.gathering.course is not None:
        if mine.gathering.waiting:
            return _("Leave all the meetings? The place goes to the next in line.")
        return _("Leave all the meetings? The place is then free for others.")
    if mine.gathering.waiting:
        return _("Cancel this? The place goes to the next in line.")
    return _("Cancel this? The place is then free for others.")


# ---------------------------------------------------------------- the talk


def _all(here: Here) -> tuple[Item, ...]:
    mine = (one for one in here.facts.offers.bookings() if one.state in GIVEN_UP)
    return (*(item_of(one) for one in mine), *visits.items(here))


def _cards(here: Here, offset: int, limit: int) -> Page:
    known = _all(here)
    return Page(known[offset : offset + limit], len(known))


def _which(here: Here) -> Text:
    return n_("Which one? There is {n}.", "Which one? There are {n}.").of(n=len(_all(here)))


def _only_one(here: Here) -> Mapping[str, Json]:
    """The only one there is, held fast: by the answer it may not be the only one any more."""
    known = _all(here)
    return {"which": known[0].key} if len(known) == 1 else {}


def _key(here: Here) -> str:
    return str(here.get("which") or "")


def _is_visit(here: Here) -> bool:
    return _key(here).startswith(visits.KEY)


def _id(here: Here) -> int:
    number = _key(here).removeprefix(visits.KEY)
    return int(number) if number.isascii() and number.isdigit() else 0


def _mine(here: Here) -> Mine | None:
    return None if _is_visit(here) else here.facts.offers.booking(_id(here))


def _is_course(here: Here) -> bool:
    mine = _mine(here)
    return mine is not None and mine.state == "booked" and mine.gathering.course is not None


def _course(here: Here) -> Text:
    mine = _mine(here)
    return lines(words.about_session(mine.gathering), words.for_whom(mine.child)) if mine else words.NOT_THERE


def _sure(here: Here) -> Text:
    if _is_visit(here):
        return visits.sure_of(here.facts.appointments.visit(_id(here)))
    return sure_of(_mine(here))


def _booking(here: Here) -> Mapping[str, Json]:
    return {"booking": _id(here)}


not_coming = Conversation(
    name="not_coming",
    title=_("Cancelling"),
    wishes=("not_coming",),
    steps=(End(name="look", then=Open("cancelling", _only_one, instead=True)),),
)

cancelling = Conversation(
    name="cancelling",
    title=_("Cancelling"),
    steps=(
        Browse(name="which", question=_which, items=_cards, empty=Open("bookings", instead=True)),
        Choose(
            name="course",
            question=_course,
            choices={"away": _("🟡 I can't come once"), "leave": _("Leave the course"), "no": _("No, keep it")},
            goto={"away": Open("away", _booking, instead=True), "leave": "sure", "no": "kept"},
            when=_is_course,
        ),
        Confirm(name="sure", question=_sure, yes=_("Yes, cancel"), no=_("No, keep it"), goto={"no": "kept"}),
        Do(
            name="cancel",
            does=CancelBooking,
            deed=lambda here: CancelBooking(_id(here)),
            goto={"cancelled": "cancelled", "gone": "gone", "denied": "gone"},
            when=lambda here: not _is_visit(here),
        ),
        Do(
            name="cancel_visit",
            does=CancelAppointment,
            deed=lambda here: CancelAppointment(_id(here)),
            goto={"cancelled": "cancelled", "gone": "gone"},
        ),
        End(name="cancelled", text=words.CANCELLED),
        End(name="kept", text=_("All right, everything stays as it was.")),
        End(name="gone", text=words.NOT_THERE),
    ),
)
