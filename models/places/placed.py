"""Who has a place at a meeting: of a series the places live at its first unit."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from models.offers.listing import Session as Meeting
from models.places.booking import Booking


def has_place(booking: Booking, meeting: Meeting) -> bool:
    """True if a booking is a place at a meeting."""
    return booking.state == "booked" and booking.session_id in (meeting.id, meeting.first_id)


def placed_at(meeting: Meeting) -> tuple[ColumnElement[bool], ...]:
    """The conditions on bookings that are a place at a meeting."""
    return Booking.session_id == (meeting.first_id or meeting.id), Booking.state == "booked"
