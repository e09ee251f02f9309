"""Who travels: everybody with a place on a trip, by whose yes, and whether they come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attending.attendance import states_at
from models.offers.listing import Session as Meeting
from models.outings.trip import TripConsent, is_minor
from models.places.booking import Booking
from models.who.people import Person


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody with a place on a trip: `consent` is "adult", "chat", "paper" or "" for none."""

    booking: Booking
    person: Person
    consent: str
    attends: str

    @property
    def comes(self) -> bool:
        """Whether they go along, as far as is known."""
        return self.attends not in ("absent", "excused")


def travellers(session: Session, meeting: Meeting) -> list[Traveller]:
    """Everybody with a place on a trip, in the order of their numbers."""
    states = states_at(session, meeting.id)
    given = select(TripConsent.child_id, TripConsent.method).where(
        TripConsent.session_id == meeting.id,
        TripConsent.sequence == meeting.sequence,
        TripConsent.withdrawn_at.is_(None),
    )
    methods = {row.child_id: row.method for row in session.execute(given)}
    rows = session.execute(
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == meeting.id, Booking.state == "booked")
        .order_by(Booking.number)
    )
    return [
        Traveller(
            booking,
            person,
            methods.get(person.id, "") if is_minor(person) else "adult",
            states.get(booking.id, ""),
        )
        for booking, person in rows
    ]
