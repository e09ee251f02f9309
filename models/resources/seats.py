"""Seats by the slot, under the lock of the resource: taken by people, set by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.locking import lock_people, lock_session
from models.places.taking import Booked, book
from models.resources.resource import Resource, SlotState, hours_of, used_in_week, zone_of
from models.visits import opening
from models.visits.appointment import Appointment
from models.visits.opening import Span
from models.who.merging import survivor

STAFF_AHEAD = 366
"""How many days ahead staff may change a slot."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How an attempt to take a seat ended: as `Booked`, or "full" (the last seat has just gone), "quota" (the week's
    slots are used up: `used` of `most`) or "shut" (no such slot: closed, or too far ahead).
    """

    outcome: str
    booking: Booking | None = None
    clash: Booking | Appointment | None = None
    used: int = 0
    most: int = 0


def take(
    session: Session, now: datetime, *, listing_id: int, starts_at: datetime, person_id: int, booked_by_id: int
) -> Taking:
    """Take a seat in a slot for somebody. Nobody waits: a full slot is full, and a freed seat is simply free.

    The person is locked first (two requests of theirs cannot both fit the quota), then the resource (a slot is made
    once), then the slot's session, whose places are counted in the statement itself (`take_place`).
    """
    person_id = survivor(session, person_id)
    if person_id not in lock_people(session, (person_id,)):
        return Taking("denied")
    found = locked(session, listing_id)
    if found is None:
        return Taking("closed")
    listing, resource = found
    if starts_at <= now:
        return Taking("past")
    if listing.state != "open":
        return Taking("closed")
    slot = _slot(session, now, listing, resource, starts_at, resource.horizon_days)
    if slot is None:
        return Taking("shut")
    meeting = lock_session(session, _meeting(session, listing, slot).id)
    if meeting is None or meeting.state != "planned":
        return Taking("shut")
    mine = select(Booking).where(
        Booking.session_id == meeting.id, Booking.person_id == person_id, Booking.state == "booked"
    )
    already = session.scalars(mine).first()
    used = used_in_week(session, listing, person_id, starts_at)
    if already is None and resource.week_slots and used >= resource.week_slots:
        return Taking("quota", used=used, most=resource.week_slots)
    if already is None and meeting.taken >= meeting.capacity:
        return Taking("full")
    ended = _book(session, now, meeting.id, person_id, booked_by_id)
    return Taking(ended.outcome, ended.booking, ended.clash, used + (ended.outcome == "booked"), resource.week_slots)


def _book(session: Session, now: datetime, session_id: int, person_id: int, booked_by_id: int) -> Booked:
    """Book, or "full": whoever would have to wait is left where they were."""
    part = session.begin_nested()
    ended = book(session, now, session_id=session_id, person_id=person_id, booked_by_id=booked_by_id)
    if ended.outcome == "waiting":
        part.rollback()
        return Booked("full")
    part.commit()
    return ended


def locked(session: Session, listing_id: int) -> tuple[Listing, Resource] | None:
    """A resource and its listing, locked: whoever makes or closes its slots holds this."""
    resource = session.get(Resource, listing_id, with_for_update=True, populate_existing=True)
    listing = session.get(Listing, listing_id, populate_existing=True)
    return (listing, resource) if resource is not None and listing is not None else None


def _slot(
    session: Session, now: datetime, listing: Listing, resource: Resource, starts_at: datetime, horizon_days: int
) -> SlotState | None:
    """The slot that begins then, if it lies within so many days."""
    hours = hours_of(session, listing, resource)
    day = hours.today(starts_at)
    if day > hours.today(now) + timedelta(days=horizon_days):
        return None
    opens = {begins: (begins, ends) for begins, ends in opening.slots(hours, day, resource.slot_minutes)}
    if starts_at not in opens:
        return None
    return SlotState(*opens[starts_at], seats=listing.capacity, free=listing.capacity)


def _meeting(session: Session, listing: Listing, slot: SlotState) -> Meeting:
    """The session of a slot; made where there is none yet. The resource is locked, and an index keeps it one."""
    wanted = select(Meeting).where(Meeting.listing_id == listing.id, Meeting.slot, Meeting.starts_at == slot.starts_at)
    found = session.scalars(wanted).first()
    if found is not None:
        return found
    made = Meeting(
        listing_id=listing.id,
        site_id=listing.site_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        zone=zone_of(session, listing),
        capacity=listing.capacity,
        slot=True,
    )
    session.add(made)
    session.flush()
    return made


def set_seats(session: Session, now: datetime, listing_id: int, starts_at: datetime, seats: int) -> tuple[str, int]:
    """How many seats one slot has: one is broken, or works again. Outcomes: "saved"; "too_few" (more are taken, and
    how many); "gone" (over, or no such slot). The rights of whoever asks are checked by the caller.
    """
    found = locked(session, listing_id)
    if found is None or starts_at <= now or seats < 0:
        return "gone", 0
    listing, resource = found
    slot = _slot(session, now, listing, resource, starts_at, STAFF_AHEAD)
    if slot is None:
        return "gone", 0
    meeting = lock_session(session, _meeting(session, listing, slot).id)
    if meeting is None or meeting.state != "planned" or seats > listing.capacity:
        return "gone", 0
    if meeting.taken > seats:
        return "too_few", meeting.taken
    meeting.capacity = seats
    session.flush()
    return "saved", meeting.taken


def set_day(session: Session, listing_id: int, day: date, spans: Sequence[Span] | None) -> list[int]:
    """Other hours on one day (none: closed); None takes them back to the week's. Ids of the sessions outside of them.

    What is booked already stays until whoever calls cancels it, and tells people.
    """
    found = locked(session, listing_id)
    if found is None:
        return []
    listing, resource = found
    days: dict[str, Any] = dict(resource.days)
    if spans is None:
        days.pop(day.isoformat(), None)
    else:
        days[day.isoformat()] = opening.day_json(spans)
    resource.days = days
    session.flush()
    hours = hours_of(session, listing, resource)
    begins, ends = opening.day_of(day, hours.zone)
    still = {begins for begins, _ends in opening.slots(hours, day, resource.slot_minutes)}
    rows = session.scalars(
        select(Meeting).where(
            Meeting.listing_id == listing_id,
            Meeting.slot,
            Meeting.state == "planned",
            Meeting.starts_at >= begins,
            Meeting.starts_at < ends,
        )
    )
    return [row.id for row in rows.all() if row.starts_at not in still and row.taken]
