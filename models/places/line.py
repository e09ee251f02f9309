"""Moving somebody in a waiting list, by hand: under the session's lock, and never past a place that is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.locking import lock_session

REASONS = ("mistake", "agreed", "siblings", "need", "other")
"""Why somebody is moved, as staff choose it; kept with the audit. What it is in detail is nobody's to write down."""
TOLD = frozenset({"mistake", "agreed", "siblings"})
"""Reasons that the person moved may read; the others are told kindly, without them."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How it ended: "moved", "same" (they stand there already), "gone" (they do not wait any more, or it has begun).

    `before` and `after` are places in the line, the first is 1. `rows` are all that were moved: those who wait
    together move together.
    """

    outcome: str
    before: int = 0
    after: int = 0
    rows: tuple[Booking, ...] = ()


def waiting_in(session: Session, session_id: int) -> list[Booking]:
    """Who waits in a session, in order."""
    rows = select(Booking).where(Booking.session_id == session_id, Booking.state == "waiting")
    return list(session.scalars(rows.order_by(Booking.line, Booking.id), execution_options={"populate_existing": True}))


def move(session: Session, now: datetime, booking_id: int, place: int) -> Moved:
    """Put somebody who waits at a place of the line (1 is the next); the others keep their order.

    A place that is offered to somebody stays theirs until they answer or its time is over: whoever is moved to the
    front gets the next one. Whoever calls has authorised it and writes down why.
    """
    booking = session.get(Booking, booking_id)
    meeting: Meeting | None = lock_session(session, booking.session_id) if booking else None
    if booking is None or meeting is None or meeting.state != "planned" or meeting.starts_at <= now:
        return Moved("gone")
    session.refresh(booking)
    line = waiting_in(session, booking.session_id)
    if booking.state != "waiting" or booking not in line:
        return Moved("gone")
    party = [row for row in line if row is booking or (row.together_id or -1) == booking.together_id]
    before = line.index(party[0]) + 1
    lines = [row.line for row in line]
    others = [row for row in line if row not in party]
    at = max(0, min(place - 1, len(others)))
    after = [*others[:at], *party, *others[at:]]
    if after == line:
        return Moved("same", before, before)
    for row, number in zip(after, lines, strict=True):
        row.line = number
    session.flush()
    return Moved("moved", before, at + 1, tuple(party))
