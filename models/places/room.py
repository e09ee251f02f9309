"""How many places of a session are left, for whom, and who stands before whom in its line."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.places.booking import HOLDING, Booking
from models.places.quota import Room, quotas_of


def room_of(session: Session, meeting: Meeting) -> Room:
    """The places of a session that nobody holds, by quota. To be read under the session's lock."""
    quotas = quotas_of(session, meeting.listing_id)
    if not quotas:
        return Room.of(meeting.capacity, meeting.taken, (), {None: meeting.taken})
    held = select(Booking.quota_id, func.count()).where(Booking.session_id == meeting.id, Booking.state.in_(HOLDING))
    counted = {row[0]: row[1] for row in session.execute(held.group_by(Booking.quota_id))}
    return Room.of(meeting.capacity, meeting.taken, quotas, counted)


def line_of(session: Session, session_id: int, before_line: int | None = None) -> Mapping[int | None, int]:
    """How many wait in a session, or stand before a place in its line, by the quota they are counted in."""
    counted = select(Booking.quota_id, func.count()).where(Booking.session_id == session_id, Booking.state == "waiting")
    if before_line is not None:
        counted = counted.where(Booking.line < before_line)
    return {row[0]: row[1] for row in session.execute(counted.group_by(Booking.quota_id))}


def ahead_of(session: Session, booking: Booking) -> int:
    """How many stand before somebody in the line: of a listing with quotas those who wait for the same places."""
    room = room_of(session, session.get_one(Meeting, booking.session_id))
    waiting = line_of(session, booking.session_id, booking.line)
    return sum(count for quota, count in waiting.items() if room.key(quota) == room.key(booking.quota_id))


def is_their_turn(session: Session, meeting: Meeting, mine: Booking) -> bool:
    """True if there is a place for somebody who waits, also after those who stand before them."""
    room = room_of(session, meeting)
    room.use(line_of(session, meeting.id, mine.line))
    return room.fits({mine.quota_id: 1})
