"""What the tests of two people who are one share."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from models.who.merging import merge
from models.who.people import Person
from tests.models.programme import NOW, Programme, until_half

DAY = timedelta(days=1)


def earlier(at: object, _zone: str) -> object:
    return at


def join(session: Session, kept: Person, other: Person, now: object = NOW) -> str:
    return merge(session, now, kept.id, other.id, until_half, earlier).outcome  # type: ignore[arg-type]


def booked(programme: Programme, meeting: Meeting, person: Person) -> Booking:
    made = book(programme.session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).booking
    assert made is not None
    return made


def states(session: Session, meeting: Meeting) -> list[tuple[int, str, str]]:
    rows = session.scalars(select(Booking).where(Booking.session_id == meeting.id).order_by(Booking.id))
    return [(row.person_id, row.state, row.reason) for row in rows]
