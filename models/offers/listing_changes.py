"""What staff change in a listing and in its sessions. Their rights are checked by whoever calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.attending.attendance import forget_said
from models.messages.reminder import drop
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import begins, is_series, units_of
from models.offers.series_changes import call_off_unit, places_of_listing
from models.places.booking import ACTIVE, Booking
from models.places.locking import lock_places, lock_session

WORDS = ("title", "summary", "bring", "criteria")
"""Columns of a listing that hold words by language."""


def locked(session: Session, listing_id: int) -> Listing | None:
    """A listing, locked and read afresh."""
    return session.get(Listing, listing_id, with_for_update=True, populate_existing=True)


def sessions_of(session: Session, listing_id: int, *, after: datetime | None = None) -> list[Meeting]:
    """The planned sessions of a listing, in order; with `after` (UTC) only those that begin later."""
    wanted = select(Meeting).where(Meeting.listing_id == listing_id, Meeting.state == "planned")
    if after is not None:
        wanted = wanted.where(Meeting.starts_at > after)
    return list(session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)))


def anybody_in(session: Session, listing_id: int) -> bool:
    """True if somebody is booked, waits or has applied."""
    booked = (
        select(Booking.id)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.listing_id == listing_id, Booking.state.in_(ACTIVE))
    )
    applied = select(Application.id).where(Application.listing_id == listing_id, Application.state != "withdrawn")
    return any(session.scalars(wanted.limit(1)).first() is not None for wanted in (booked, applied))


def set_words(session: Session, listing_id: int, name: str, language: str, words: str) -> bool:
    """Write a title, summary and so on in one language; the other languages stay. Empty words take it away."""
    listing = locked(session, listing_id)
    if listing is None or name not in WORDS:
        return False
    present: dict[str, Any] = dict(getattr(listing, name))
    if words:
        present[language] = words
    else:
        present.pop(language, None)
    setattr(listing, name, present)
    session.flush()
    return True


def set_capacity(session: Session, now: datetime, listing_id: int, places: int) -> tuple[int, list[int]]:
    """Set the places of a listing and its sessions to come: (the most already taken, sessions that got more).

    Nothing changes where more places than that are taken somewhere: nobody loses a place by it.
    """
    listing = locked(session, listing_id)
    if listing is None:
        return 0, []
    places_at = places_of_listing(session, now, listing_id)
    meetings = [found for one in places_at if (found := lock_session(session, one))]
    most = max((meeting.taken for meeting in meetings), default=0)
    if most > places:
        return most, []
    grown = [meeting.id for meeting in meetings if meeting.capacity < places]
    listing.capacity = places
    for meeting in meetings:
        if meeting.capacity != places:
            meeting.capacity = places
    session.execute(update(Meeting).where(Meeting.first_id.in_(places_at)).values(capacity=places))
    session.flush()
    return most, grown


def move_session(session: Session, now: datetime, session_id: int, starts_at: datetime) -> datetime | None:
    """Move a session that has not begun; it stays as long. When it was (UTC), or None where it cannot be moved.

    Its `sequence` grows, so that calendars and reminders follow; whoever calls plans the reminders anew.
    """
    meeting = _locked_meeting(session, session_id)
    if meeting is None or meeting.state != "planned" or begins(session, meeting) <= now or starts_at <= now:
        return None
    before, length = meeting.starts_at, meeting.ends_at - meeting.starts_at
    if starts_at == before:
        return None
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + length
    meeting.sequence += 1
    forget_said(session, session_id)
    session.flush()
    return before


def _locked_meeting(session: Session, session_id: int) -> Meeting | None:
    """A meeting, read afresh under the lock of the session at which its places live."""
    places = lock_places(session, session_id)
    if places is None or places.id == session_id:
        return places
    return session.get(Meeting, session_id, populate_existing=True)


def cancel_session(session: Session, now: datetime, session_id: int) -> list[Booking] | None:
    """Cancel a session that has not begun: its bookings end with it. Those bookings, or None where it cannot be.

    Of a series this is one unit, unless it is the only one: the bookings stay for the others.
    """
    meeting = _locked_meeting(session, session_id)
    if meeting is None or meeting.state != "planned" or begins(session, meeting) <= now:
        return None
    if is_series(session, meeting) and len(units_of(session, meeting)) > 1:
        return call_off_unit(session, meeting)
    meeting.state = "cancelled"
    meeting.sequence += 1
    ended = list(
        session.scalars(select(Booking).where(Booking.session_id == session_id, Booking.state.in_(ACTIVE))).all()
    )
    for booking in ended:
        booking.state, booking.reason = "cancelled", "session cancelled"
        booking.offer_until, booking.changed_at = None, now
        drop(session, "booking", booking.id, "session cancelled")
    meeting.taken = 0
    session.flush()
    return ended


def close(session: Session, listing_id: int) -> bool:
    """Close a listing to new people; what is booked stays. False if it was not open."""
    listing = locked(session, listing_id)
    if listing is None or listing.state != "open":
        return False
    listing.state = "closed"
    session.flush()
    return True


def reopen(session: Session, now: datetime, listing_id: int, closes_at: datetime | None = None) -> str:
    """Open a closed listing again: "open", "deadline" where a new one is needed, or "gone" where it cannot be."""
    listing = locked(session, listing_id)
    if listing is None or listing.state != "closed":
        return "gone"
    if closes_at is not None:
        listing.closes_at = closes_at
    if listing.closes_at is not None and listing.closes_at <= now:
        return "deadline"
    listing.state = "open"
    session.flush()
    return "open"
