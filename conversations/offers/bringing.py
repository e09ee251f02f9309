"""What to bring, where the bus is, when it is: the booking that has the answer, or the list of them."""

from __future__ import annotations

from conversations.appointments import mine as visits
from conversations.script import Conversation
from conversations.speech import _
from conversations.steps import End, Here, Json, Open


def _only_one(here: Here) -> dict[str, Json]:
    booked = here.facts.offers.bookings()
    return {"which": str(booked[0].booking_id)} if len(booked) == 1 and not visits.items(here) else {}


what_to_bring = Conversation(
    name="what_to_bring",
    title=_("My bookings"),
    wishes=("what_to_bring",),
    steps=(End(name="look", then=Open("bookings", _only_one, instead=True)),),
)
