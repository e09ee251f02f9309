"""Bookings that stand or fall together (brothers and sisters: a place for all of them or for none), and who decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.places.booking import Booking
from models.who.acting import may_change
from models.who.people import Address, Person


def group_of(session: Session, booking: Booking) -> list[Booking]:
    """A booking, and those that stand or fall with it: in the same state, waiting or offered together."""
    if booking.together_id is None:
        return [booking]
    wanted = select(Booking).where(
        Booking.together_id == booking.together_id,
        Booking.session_id == booking.session_id,
        Booking.state == booking.state,
        Booking.id != booking.id,
    )
    return [booking, *session.scalars(wanted.order_by(Booking.line))]


def decided_by(session: Session, now: datetime, actor_id: int, booking: Booking) -> list[Booking]:
    """The places held together on which somebody may decide: all that belong to `booking`, if they may act for all.

    One of several does not decide for the others: who booked for them is asked, and the list is empty. Only where that
    person cannot be reached does everybody decide for those they may act for.
    """
    rows = group_of(session, booking)
    theirs = [row for row in rows if may_change(session, now, actor_id, row.person_id, row.booked_by_id)]
    if booking not in theirs:
        return []
    return theirs if len(theirs) == len(rows) or not _reached(session, booking.booked_by_id) else []


def _reached(session: Session, person_id: int) -> bool:
    """True for whoever can be asked: somebody who has an address in use and has not said stop."""
    wanted = select(Address.id).join(Person, Person.id == Address.person_id)
    there = wanted.where(
        Person.id == person_id, Person.stopped_at.is_(None), Person.erased_at.is_(None), Address.active
    )
    return session.scalars(there.limit(1)).first() is not None
