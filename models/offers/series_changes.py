"""What staff do to series: one unit less or more, its topic, the whole of it called off. Rights: whoever calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.attending.attendance import forget_said
from models.messages.reminder import drop
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import SERIES, goes_on, units_of
from models.places.booking import ACTIVE, Booking
from models.places.locking import lock_places


def places_of_listing(session: Session, now: datetime, listing_id: int) -> list[int]:
    """Ids of the sessions at which the places of a listing live, as long as something of them is still to begin."""
    wanted = select(Meeting.id).where(
        Meeting.listing_id == listing_id, Meeting.state == "planned", Meeting.first_id.is_(None), goes_on(now)
    )
    return list(session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)))


def call_off_unit(session: Session, meeting: Meeting) -> list[Booking]:
    """One unit of a series does not take place; the series goes on. Call it under the lock of its places.

    Returns who is told: everybody with a place or in the line. Where the places lived at it, another unit takes them.
    """
    places = meeting.first_id or meeting.id
    meeting.state = "cancelled"
    meeting.sequence += 1
    forget_said(session, meeting.id)
    found = alive(session, places)
    for booking in found:
        drop(session, "booking", booking.id, "session cancelled", session_id=meeting.id)
    session.flush()
    if meeting.first_id is None:
        _hand_over(session, meeting)
    return found


def alive(session: Session, places_id: int) -> list[Booking]:
    """Everybody with a place in a series, or in its line."""
    wanted = select(Booking).where(Booking.session_id == places_id, Booking.state.in_(ACTIVE))
    return list(session.scalars(wanted.order_by(Booking.id)))


def _hand_over(session: Session, old: Meeting) -> None:
    """The places of a series, and everything booked, move from its first unit to the next that takes place."""
    new, *_others = units_of(session, old)
    new.taken, new.capacity, new.first_id = old.taken, old.capacity, None
    old.taken = 0
    session.flush()
    session.execute(update(Meeting).where(Meeting.first_id == old.id).values(first_id=new.id))
    session.execute(update(Booking).where(Booking.session_id == old.id).values(session_id=new.id))
    old.first_id = new.id
    session.flush()


def call_off_series(session: Session, now: datetime, session_id: int) -> tuple[list[Booking], list[Meeting]] | None:
    """All units still to come do not take place: (who is told, those units), or None where nothing is to come.

    Before it has begun all bookings end with it. Later on the places stay, with who was there; who waits does not.
    """
    places = lock_places(session, session_id)
    if places is None or places.state != "planned":
        return None
    units = units_of(session, places)
    coming = [unit for unit in units if unit.starts_at > now]
    if not coming:
        return None
    begun = len(coming) < len(units)
    found = alive(session, places.id)
    for booking in found:
        drop(session, "booking", booking.id, "session cancelled")
        if begun and booking.state == "booked":
            continue
        if booking.state == "offered":
            places.taken -= 1
        booking.state, booking.reason = "cancelled", "session cancelled"
        booking.offer_until, booking.changed_at = None, now
    if begun and places in coming:  # what is kept lives on at a unit that took place
        session.flush()
        places.state = "cancelled"
        _hand_over(session, places)
    elif not begun:
        places.taken = 0
    for unit in coming:
        unit.state = "cancelled"
        unit.sequence += 1
        forget_said(session, unit.id)
    session.flush()
    return found, coming


def add_unit(session: Session, now: datetime, listing_id: int, starts_at: datetime) -> Meeting | None:
    """One more unit at the end of a series (or wherever its time is, UTC), as long as the last one.

    None where there is no series any more, or the time is over. Whoever calls plans the reminders.
    """
    listing = session.get(Listing, listing_id)
    going = places_of_listing(session, now, listing_id)
    if listing is None or listing.enrols != SERIES or not going or starts_at <= now:
        return None
    places = lock_places(session, going[0])
    if places is None:
        return None
    last = units_of(session, places)[-1]
    added = Meeting(
        listing_id=listing_id,
        site_id=places.site_id,
        starts_at=starts_at,
        ends_at=starts_at + (last.ends_at - last.starts_at),
        zone=places.zone,
        capacity=places.capacity,
        first_id=places.id,
        topic={},
    )
    session.add(added)
    session.flush()
    return added


def set_topic(session: Session, session_id: int, language: str, words: str) -> bool:
    """Name a unit in one language; the other languages stay. Empty words take it away."""
    meeting = session.get(Meeting, session_id, with_for_update=True, populate_existing=True)
    if meeting is None:
        return False
    topic = {**meeting.topic, language: words}
    meeting.topic = {key: said for key, said in topic.items() if said}
    session.flush()
    return True
