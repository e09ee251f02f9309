"""What somebody has at a time already: meetings, units of a series, seats and appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.offers.series import is_series, units_of
from models.places.booking import Booking, active_booking
from models.visits.appointment import Appointment


def agenda(
    session: Session, person_id: int, begins: datetime, ends: datetime | None = None
) -> list[tuple[datetime, datetime, Booking | Appointment]]:
    """What a person has at a time (UTC), without end where none is given: from, until and what it is, in their order.

    Meetings, every unit of a series, seats by the slot and appointments: whatever has been booked and takes place.
    """
    meetings = (
        select(Meeting.starts_at, Meeting.ends_at, Booking)
        .join(Booking, or_(Meeting.id == Booking.session_id, Meeting.first_id == Booking.session_id))
        .where(Booking.person_id == person_id, Booking.state == "booked")
        .where(Meeting.state == "planned", Meeting.ends_at > begins)
    )
    visits = select(Appointment.starts_at, Appointment.ends_at, Appointment).where(
        Appointment.person_id == person_id, Appointment.state == "booked", Appointment.ends_at > begins
    )
    if ends is not None:
        meetings, visits = meetings.where(Meeting.starts_at < ends), visits.where(Appointment.starts_at < ends)
    found = [(row[0], row[1], row[2]) for wanted in (meetings, visits) for row in session.execute(wanted)]
    return sorted(found, key=lambda entry: entry[:2])


def taken_at(
    session: Session, person_id: int, spans: Sequence[tuple[datetime, datetime]], *, but: object = None
) -> Booking | Appointment | None:
    """What a person has at one of these times (UTC), if there is something, `but` for what is being moved or booked."""
    if not spans:
        return None
    known = agenda(session, person_id, min(begins for begins, _ends in spans), max(ends for _begins, ends in spans))
    return next(
        (
            what
            for starts_at, ends_at, what in known
            if what is not but and any(starts_at < ends and ends_at > begins for begins, ends in spans)
        ),
        None,
    )


def overlapping(session: Session, now: datetime, person_id: int, meeting: Meeting) -> Booking | Appointment | None:
    """What else the person has at the time of a meeting, if there is something: of series every unit counts."""
    units = units_of(session, meeting) if is_series(session, meeting) else [meeting]
    spans = [(unit.starts_at, unit.ends_at) for unit in units if unit.ends_at > now]
    return taken_at(session, person_id, spans, but=active_booking(session, meeting.first_id or meeting.id, person_id))
