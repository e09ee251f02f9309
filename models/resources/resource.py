"""Resources: what has seats, its hours and its slots. A slot is a session with so many places (seats.py takes them)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Object, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from models.places.booking import HOLDING, Booking
from models.visits import opening
from models.visits.opening import Hours, Slot, Span

BLOCK = "RES"


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
