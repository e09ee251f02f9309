"""Resources: seats that are taken by the slot. A slot is a session with so many places, made when it is first taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Object, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from models.places.booking import HOLDING, Booked, Booking, book, lock_people, lock_session
from models.visits import opening
from models.visits.appointment import Appointment
from models.visits.opening import Hours, Slot, Span
from models.who.merging import survivor

BLOCK = "RES"
STAFF_AHEAD = 366
"""How many days ahead staff may change a slot."""


class Resource(Base):
    """What a listing of block RES has beside its words: `capacity` of the listing is how many equal seats there are.

    `week` and `days` are hours (models/visits/opening.py) in the wall time of its site. `week_slots` is how many
    slots a person may have in one week (Monday to Sunday there), 0 for as many as they like; `week_pages` how many
    pages they may have printed, 0 where nothing is printed. `horizon_days` is how far ahead seats are given. `paper`
    counts the sheets at hand, where staff count them.
    """

    __tablename__ = "resource"
    __table_args__ = (CheckConstraint("slot_minutes > 0", name="slot_minutes"),)

    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    week: Mapped[Object]
    days: Mapped[Object]
    slot_minutes: Mapped[int]
    week_slots: Mapped[int] = mapped_column(default=0)
    horizon_days: Mapped[int] = mapped_column(default=14)
    week_pages: Mapped[int] = mapped_column(default=0)
    paper: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class SlotState:
    """A slot of a day: when (UTC), how many seats it has, how many are free, and its session once it has one."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    free: int
    session_id: int | None = None
    shut: bool = False
    """True where staff have closed it."""


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


def zone_of(session: Session, listing: Listing) -> str:
    """The time zone of a listing's site, else of its town."""
    site = session.get(Site, listing.site_id) if listing.site_id is not None else None
    town_id = site.town_id if site else listing.town_id
    town = session.get(Town, town_id) if town_id is not None else None
    return town.zone if town else "UTC"


def hours_of(session: Session, listing: Listing, resource: Resource) -> Hours:
    """When a resource is open."""
    return Hours.of(zone_of(session, listing), resource.week, resource.days)


def resource_of(session: Session, listing_id: int) -> tuple[Listing, Resource] | None:
    """A listing and what it has as a resource; None for what is none."""
    resource = session.get(Resource, listing_id)
    listing = session.get(Listing, listing_id) if resource is not None else None
    return (listing, resource) if listing is not None and resource is not None else None


# ---------------------------------------------------------------- looking


def slots_on(session: Session, listing: Listing, resource: Resource, day: date) -> list[SlotState]:
    """The slots of a day there, also those outside today's hours in which somebody sits, in order."""
    hours = hours_of(session, listing, resource)
    begins, ends = opening.day_of(day, hours.zone)
    made = {
        row.starts_at: row
        for row in session.scalars(
            select(Meeting).where(
                Meeting.listing_id == listing.id, Meeting.slot, Meeting.starts_at >= begins, Meeting.starts_at < ends
            )
        )
    }
    open_now: dict[datetime, Slot] = {slot[0]: slot for slot in opening.slots(hours, day, resource.slot_minutes)}
    found = []
    for starts, ends_at in sorted({**{at: (at, row.ends_at) for at, row in made.items()}, **open_now}.values()):
        row = made.get(starts)
        if row is None:
            found.append(SlotState(starts, ends_at, listing.capacity, listing.capacity))
        elif row.state == "planned" and (starts in open_now or row.taken):
            free = max(0, row.capacity - row.taken) if starts in open_now else 0
            found.append(SlotState(starts, row.ends_at, row.capacity, free, row.id))
        elif starts in open_now:
            found.append(SlotState(starts, row.ends_at, row.capacity, 0, row.id, shut=True))
    return found


def free_days(session: Session, now: datetime, listing: Listing, resource: Resource) -> list[tuple[date, int]]:
    """The days ahead on which a seat is free, each with how many slots have one."""
    hours = hours_of(session, listing, resource)
    today = hours.today(now)
    found = []
    for ahead in range(resource.horizon_days + 1):
        day = today + timedelta(days=ahead)
        free = sum(1 for one in slots_on(session, listing, resource, day) if one.free and one.starts_at > now)
        if free:
            found.append((day, free))
    return found


def used_in_week(session: Session, listing: Listing, person_id: int, at: datetime) -> int:
    """How many slots a person has in the week of an instant, by the clock of the site; missed ones count too."""
    begins, ends = opening.week_of(at, zone_of(session, listing))
    counted = (
        select(func.count())
        .select_from(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(
            Meeting.listing_id == listing.id,
            Meeting.starts_at >= begins,
            Meeting.starts_at < ends,
            Booking.person_id == person_id,
            Booking.state.in_(HOLDING),
        )
    )
    return session.scalar(counted) or 0


# ---------------------------------------------------------------- taking a seat


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


# ---------------------------------------------------------------- staff


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


def add(
    session: Session,
    listing: Listing,
    *,
    week: Mapping[int, Sequence[Span]],
    slot_minutes: int,
    week_slots: int = 0,
    week_pages: int = 0,
    horizon_days: int = 14,
) -> Resource:
    """Make a listing of block RES bookable by the slot. Raises ValueError for one of another block."""
    if listing.block != BLOCK:
        raise ValueError("only a listing of block RES has seats")
    resource = Resource(
        listing_id=listing.id,
        week=opening.week_json(week),
        days={},
        slot_minutes=slot_minutes,
        week_slots=week_slots,
        week_pages=week_pages,
        horizon_days=horizon_days,
    )
    session.add(resource)
    session.flush()
    return resource
