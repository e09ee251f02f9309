"""Bookings: places in sessions, taken and given back under the session's lock. The waiting list: waiting_list.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.acting import speaks_for
from models.base import Base, Id, Instant, When, partial_index, to
from models.house import next_number
from models.listing import Listing
from models.listing import Session as Meeting
from models.people import Person

HOLDING = ("booked", "offered", "attended", "absent")
"""States that hold a place: their count is the session's `taken` and never exceeds its capacity."""
ACTIVE = ("booked", "offered", "waiting")
"""States of a booking that is alive: at most one per person and session."""


class Booking(Base):
    """A person's place in a session, or their turn in its waiting list.

    States: booked; waiting; offered (a freed place is held for them until `offer_until`); cancelled;
    lapsed (an offer was not taken); attended; absent. `number` is what people are told. `line` orders
    the waiting list. `comes` is what they answered to "are you coming?". `reason` says why it was
    cancelled, where it was not the person who did: "stopped", "consent", "session cancelled", "merged".
    Those who wait together have the same `together_id`: a place for all of them, or none.
    """

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("number"),
        partial_index(
            "uq_booking_active",
            "session_id",
            "person_id",
            unique=True,
            where="state IN ('booked', 'offered', 'waiting')",
        ),
        Index("ix_booking_person_id", "person_id"),
        Index("ix_booking_session_id_state_line", "session_id", "state", "line"),
        partial_index(
            "ix_booking_offer_until",
            "offer_until",
            where="state = 'offered'",
        ),
        partial_index(
            "ix_booking_together_id",
            "together_id",
            where="together_id IS NOT NULL",
        ),
        partial_index(
            "ix_booking_waiting",
            "session_id",
            where="state = 'waiting'",
        ),
        CheckConstraint(
            "state IN ('booked', 'waiting', 'offered', 'cancelled', 'lapsed', 'attended', 'absent')", name="state"
        ),
    )

    id: Mapped[Id]
    number: Mapped[int]
    session_id: Mapped[int] = mapped_column(to("session"))
    person_id: Mapped[int] = mapped_column(to("person"))
    booked_by_id: Mapped[int] = mapped_column(to("person"))
    state: Mapped[str] = mapped_column(String(12))
    line: Mapped[int] = mapped_column(default=0)
    together_id: Mapped[int | None]
    offer_until: Mapped[datetime | None] = mapped_column(Instant)
    comes: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(String(24), default="")
    created_at: Mapped[When]
    changed_at: Mapped[When]


@dataclass(frozen=True, slots=True)
class Booked:
    """How an attempt to book ended.

    Outcomes: "booked"; "waiting" (`ahead` people stand before them); "already" (`booking` is the one
    they have); "full" (only of several together: not enough places, nobody was booked); "overlap"
    (`clash` is the booking it collides with); "closed" (no longer open to bookings); "past" (it has begun);
    "cancelled" (the session will not take place); "age" (it is for other ages); "denied" (who asks may
    not speak for them). `others` are the bookings that stand or fall with it.
    """

    outcome: str
    booking: Booking | None = None
    ahead: int = 0
    clash: Booking | None = None
    others: tuple[Booking, ...] = ()


# ---------------------------------------------------------------- locks and rights


def lock_session(session: Session, session_id: int) -> Meeting | None:
    """The session's row, locked until the end of the transaction and read afresh.

    Whoever also locks people locks them first (`lock_people`), so that nobody waits in a circle.
    """
    wanted = select(Meeting).where(Meeting.id == session_id)
    return session.scalars(
        wanted.with_for_update(key_share=True), execution_options={"populate_existing": True}
    ).first()


def lock_people(session: Session, person_ids: Sequence[int]) -> dict[int, Person]:
    """The people's rows, locked in the order of their ids: two bookings of one person cannot pass each other."""
    wanted = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    found = session.scalars(wanted.with_for_update(key_share=True), execution_options={"populate_existing": True})
    return {person.id: person for person in found}


def take_place(session: Session, meeting: Meeting) -> bool:
    """Take one place if there is one. The condition stands in the statement itself: it holds even without the lock."""
    taken = session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.taken < Meeting.capacity)
        .values(taken=Meeting.taken + 1)
        .returning(Meeting.taken)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(meeting)
    return taken is not None


def give_place_back(session: Session, meeting: Meeting) -> None:
    """One place less is taken."""
    session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id)
        .values(taken=Meeting.taken - 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(meeting)


# ---------------------------------------------------------------- looking


def active_booking(session: Session, session_id: int, person_id: int) -> Booking | None:
    """The person's living booking in a session, whatever its state."""
    wanted = select(Booking).where(
        Booking.session_id == session_id, Booking.person_id == person_id, Booking.state.in_(ACTIVE)
    )
    return session.scalars(wanted).first()


def waiting_count(session: Session, session_id: int, before_line: int | None = None) -> int:
    """How many wait in a session, or stand before a place in the line."""
    counted = select(func.count()).where(Booking.session_id == session_id, Booking.state == "waiting")
    if before_line is not None:
        counted = counted.where(Booking.line < before_line)
    return session.scalar(counted) or 0


def overlapping(session: Session, person_id: int, meeting: Meeting) -> Booking | None:
    """A booking of the person in another session at the same time, if there is one."""
    wanted = (
        select(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(
            Booking.person_id == person_id,
            Booking.state == "booked",
            Meeting.id != meeting.id,
            Meeting.state == "planned",
            Meeting.starts_at < meeting.ends_at,
            Meeting.ends_at > meeting.starts_at,
        )
        .order_by(Meeting.starts_at)
    )
    return session.scalars(wanted.limit(1)).first()


def people_of_session(session: Session, session_id: int) -> list[tuple[Booking, Person]]:
    """Everybody with a place, then everybody who waits, in order. For staff."""
    wanted = (
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == session_id, Booking.state.in_((*HOLDING, "waiting")))
        .order_by(Booking.state == "waiting", Booking.line, Booking.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


# ---------------------------------------------------------------- booking


def why_not(session: Session, now: datetime, meeting: Meeting) -> str:
    """Why a session cannot be booked by anybody: "cancelled", "past", "closed", or "" when it can."""
    listing = session.get_one(Listing, meeting.listing_id)
    if meeting.state == "cancelled" or listing.state == "cancelled":
        return "cancelled"
    if meeting.starts_at <= now:
        return "past"
    if listing.state != "open" or (listing.closes_at is not None and listing.closes_at <= now):
        return "closed"
    return ""


def book(session: Session, now: datetime, *, session_id: int, person_id: int, booked_by_id: int) -> Booked:
    """Book a place for a person, or the last place of the waiting list. See `Booked` for how it ends.

    Whoever is waiting and next in line gets a place that has become free by asking again.
    """
    return _book_all(session, now, session_id, (person_id,), booked_by_id)[person_id]


def book_together(
    session: Session,
    now: datetime,
    *,
    session_id: int,
    person_ids: Sequence[int],
    booked_by_id: int,
    wait: bool = False,
) -> dict[int, Booked]:
    """Book places for several people, for all or for nobody (brothers and sisters).

    Where one of them stands in the way, nobody is booked: that one's outcome says why and the others'
    is "full". Whoever is booked already counts as booked. With `wait` those for whom there are not enough
    places wait together: they are offered places once there is one for each.
    """
    return _book_all(session, now, session_id, tuple(dict.fromkeys(person_ids)), booked_by_id, wait=wait)


def _book_all(
    session: Session,
    now: datetime,
    session_id: int,
    person_ids: tuple[int, ...],
    booked_by_id: int,
    *,
    wait: bool = False,
) -> dict[int, Booked]:
    people = lock_people(session, person_ids)
    if len(people) == len(person_ids) and any(person.merged_into_id for person in people.values()):
        became = {one: people[one].merged_into_id or one for one in person_ids}
        known = _book_all(session, now, session_id, tuple(dict.fromkeys(became.values())), booked_by_id, wait=wait)
        return {one: known[became[one]] for one in person_ids}
    meeting = lock_session(session, session_id)
    if meeting is None or set(people) != set(person_ids):
        return dict.fromkeys(person_ids, Booked("closed"))
    refused = why_not(session, now, meeting)
    if refused:
        return dict.fromkeys(person_ids, Booked(refused))
    hindered = {
        one: found for one in person_ids if (found := _hindrance(session, now, meeting, people[one], booked_by_id))
    }
    if any(found.outcome != "already" for found in hindered.values()):
        return {one: hindered.get(one, Booked("full")) for one in person_ids}
    wanting = [one for one in person_ids if one not in hindered]
    free = meeting.capacity - meeting.taken - waiting_count(session, meeting.id)
    needed = sum(1 for one in wanting if active_booking(session, meeting.id, one) is None)
    short = len(person_ids) > 1 and needed > free
    if short and not wait:
        return {one: hindered.get(one, Booked("full")) for one in person_ids}
    made = {one: _enter(session, now, meeting, one, booked_by_id, free=free > 0 and not short) for one in wanting}
    if short:
        _wait_together(session, [ended.booking for ended in made.values() if ended.booking is not None])
    return {one: hindered.get(one) or made[one] for one in person_ids}


def _wait_together(session: Session, rows: list[Booking]) -> None:
    """Those who wait now stand or fall together; whoever waited before keeps their own turn."""
    waiting = [row for row in rows if row.state == "waiting" and row.together_id is None]
    if len(waiting) > 1:
        for row in waiting:
            row.together_id = waiting[0].id
        session.flush()


def _hindrance(session: Session, now: datetime, meeting: Meeting, person: Person, actor_id: int) -> Booked | None:
    """What stands in one person's way; a place that is free and theirs by turn does not."""
    if person.erased_at is not None or not speaks_for(session, actor_id, person.id, now):
        return Booked("denied")
    bands = session.get_one(Listing, meeting.listing_id).bands
    if bands and person.band and person.band not in bands:
        return Booked("age")
    mine = active_booking(session, meeting.id, person.id)
    if mine is not None and mine.state == "booked":
        return Booked("already", mine)
    clash = overlapping(session, person.id, meeting)
    if clash is not None:
        return Booked("overlap", mine, clash=clash)
    if mine is not None and mine.state == "waiting":
        ahead = waiting_count(session, meeting.id, mine.line)
        theirs = meeting.capacity - meeting.taken > ahead and mine.together_id is None
        return None if theirs else Booked("already", mine, ahead=ahead)
    return None


def _enter(
    session: Session, now: datetime, meeting: Meeting, person_id: int, booked_by_id: int, *, free: bool
) -> Booked:
    """Take the place that is theirs, or stand at the end of the line."""
    mine = active_booking(session, meeting.id, person_id)
    if mine is not None:  # an offer that is held for them, or their turn has come
        if mine.state == "waiting" and not take_place(session, meeting):
            return Booked("already", mine, ahead=waiting_count(session, meeting.id, mine.line))
        mine.state, mine.offer_until, mine.changed_at = "booked", None, now
        session.flush()
        return Booked("booked", mine)
    booked = free and take_place(session, meeting)
    last = session.scalar(select(func.max(Booking.line)).where(Booking.session_id == meeting.id)) or 0
    mine = Booking(
        number=next_number(session, "booking"),
        session_id=meeting.id,
        person_id=person_id,
        booked_by_id=booked_by_id,
        state="booked" if booked else "waiting",
        line=last + 1,
        created_at=now,
        changed_at=now,
    )
    session.add(mine)
    session.flush()
    if booked:
        return Booked("booked", mine)
    return Booked("waiting", mine, ahead=waiting_count(session, meeting.id, mine.line))
