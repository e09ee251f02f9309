"""What a decision on who may take part does to bookings: those who waited for it get their turn, or it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places import eligibility
from models.places.agenda import overlapping
from models.places.booking import ACTIVE, Booking
from models.places.eligibility import Eligibility
from models.places.locking import lock_people, lock_session, take_place
from models.places.room import line_of, room_of
from models.places.taking import why_not
from models.places.waiting_list import Hold, cancel, offer_free_places

CHECKED = "checked"
"""Why a booking ended that was refused: it names no ground, and no ground is known."""


@dataclass(slots=True)
class Decided:
    """What a decision did: "decided", or "gone" where it was decided already.

    `booked` got the place they had asked for; `waiting` may take part and wait on; `ended` may not; `offered` are
    others who were offered a place by it.
    """

    outcome: str
    booked: list[Booking] = field(default_factory=list)
    waiting: list[Booking] = field(default_factory=list)
    ended: list[Booking] = field(default_factory=list)
    offered: list[Booking] = field(default_factory=list)


def decide(
    session: Session,
    now: datetime,
    eligibility_id: int,
    by_id: int,
    hold: Hold,
    *,
    eligible: bool,
    everywhere: bool = False,
    until: date | None = None,
) -> Decided:
    """Decide whether somebody may take part, once; `everywhere` in all that the organisation checks.

    People are locked first, then sessions, then the decision: as a booking does.
    """
    asked = session.get(Eligibility, eligibility_id)
    if asked is None:
        return Decided("gone")
    lock_people(session, [asked.person_id])
    bookings = _concerned(session, asked, everywhere=everywhere)
    for session_id in sorted({row.session_id for row in bookings}):
        lock_session(session, session_id)
    row = session.get(Eligibility, eligibility_id, with_for_update=True, populate_existing=True)
    if row is None or row.eligible is not None:
        return Decided("gone")
    eligibility.decide(session, now, row, by_id, eligible=eligible, everywhere=everywhere, until=until)
    decided = Decided("decided")
    for booking in bookings:
        session.refresh(booking)
        if not eligible and booking.state in ACTIVE:
            freed = cancel(session, now, booking_id=booking.id, actor_id=by_id, hold=hold, reason=CHECKED)
            if freed.outcome == "cancelled":
                decided.ended.append(booking)
                decided.offered.extend(freed.offered)
        elif eligible and booking.state == "waiting":
            entered = _enter(session, now, booking)
            decided.booked.extend(entered)
            if not entered:
                decided.waiting.append(booking)
    for session_id in sorted({row.session_id for row in bookings}):
        decided.offered.extend(offer_free_places(session, now, session_id, hold))
    return decided


def _concerned(session: Session, asked: Eligibility, *, everywhere: bool) -> Sequence[Booking]:
    wanted = (
        select(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(Booking.person_id == asked.person_id, Booking.state.in_(ACTIVE), Listing.checked)
    )
    if everywhere:
        wanted = wanted.where(Listing.organisation_id == asked.organisation_id)
    else:
        wanted = wanted.where(Listing.id == asked.listing_id)
    return session.scalars(wanted.order_by(Booking.session_id, Booking.id)).all()


def _enter(session: Session, now: datetime, booking: Booking) -> list[Booking]:
    """Give somebody who waited for a decision the place that is theirs by turn, with all they wait together with."""
    meeting = lock_session(session, booking.session_id)
    if meeting is None or why_not(session, now, meeting) in ("cancelled", "past"):
        return []
    listing = session.get_one(Listing, meeting.listing_id)
    rows = [booking]
    if booking.together_id is not None:
        wanted = select(Booking).where(
            Booking.together_id == booking.together_id,
            Booking.session_id == booking.session_id,
            Booking.state == "waiting",
        )
        rows = list(session.scalars(wanted.order_by(Booking.line)))
    if any(eligibility.decision(session, now, listing, row.person_id) is not True for row in rows):
        return []
    room = room_of(session, meeting)
    room.use(line_of(session, meeting.id, min(row.line for row in rows)))
    if not room.fits(Counter(room.key(row.quota_id) for row in rows)):
        return []
    if any(overlapping(session, now, row.person_id, meeting) is not None for row in rows):
        return []
    for row in rows:
        if not take_place(session, meeting):
            return []
        row.state, row.changed_at, row.together_id = "booked", now, None
    session.flush()
    return rows
