"""Bookings: places in sessions, taken and given back under the session's lock. The waiting list: waiting_list.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.house import next_number
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import is_series, joins_until, units_of
from models.places import eligibility
from models.places.quota import PROFESSIONALS, Room, institution_of, quota_for, quotas_of, town_is_missing
from models.visits.appointment import Appointment
from models.who.acting import speaks_for
from models.who.people import Person

HOLDING = ("booked", "offered")
"""States that hold a place: their count is the session's `taken` and never exceeds its capacity."""
ACTIVE = ("booked", "offered", "waiting")
"""States of a booking that is alive: at most one per person and session."""


class Booking(Base):
    """A person's place in a session, or their turn in its waiting list.

    States: booked; waiting; offered (a freed place is held for them until `offer_until`); cancelled;
    lapsed (an offer was not taken). `number` is what people are told. `line` orders the waiting list.
    Of a series the booking is of its first unit and counts for all; who comes and who was there is noted
    for each meeting (models/places/attendance.py). `reason` says why it was cancelled, where it was not the person
    who did: "stopped", "consent", "session cancelled", "merged". `shown_at` is when staff (`shown_to_id`)
    saw the paper that the listing asks for.
    Those who wait together have the same `together_id`: a place for all of them, or none. `care`: child care is needed.
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
        CheckConstraint("state IN ('booked', 'waiting', 'offered', 'cancelled', 'lapsed')", name="state"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    session_id: Mapped[int] = mapped_column(to("session"))
    person_id: Mapped[int] = mapped_column(to("person"))
    booked_by_id: Mapped[int] = mapped_column(to("person"))
    state: Mapped[str] = mapped_column(String(12))
    line: Mapped[int] = mapped_column(default=0)
    together_id: Mapped[int | None]
    quota_id: Mapped[int | None]
    """The quota in which it is counted (models/places/quota.py)."""
    offer_until: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(24), default="")
    care: Mapped[bool] = mapped_column(default=False)
    tools: Mapped[str] = mapped_column(String(8), default="")
    """"brings" own tools, "needs" some, or "" where that was not asked."""
    created_at: Mapped[When]
    changed_at: Mapped[When]
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    shown_to_id: Mapped[int | None] = mapped_column(to("person"))


@dataclass(frozen=True, slots=True)
class Booked:
    """How an attempt to book ended.

    Outcomes: "booked"; "waiting" (`ahead` people stand before them); "already" (`booking` is the one
    they have); "full" (only of several together: not enough places, nobody was booked); "overlap"
    (`clash` is what it collides with); "closed" (no longer open to bookings); "past" (it has begun);
    "cancelled" (the session will not take place); "age" (it is for other ages); "denied" (who asks may
    not speak for them). `others` are the bookings that stand or fall with it.

    By the conditions of the listing: "early" (it does not take bookings yet); "drop_in" (nothing is booked, people
    just come); "institution" (it is for professionals, and where they work is not known); "town" (places are kept by
    town, and theirs is not known); "after" (something else has to be completed first); "checking" (they wait in the
    line until it is decided whether they may take part); "ineligible" (it was decided that they may not).
    """

    outcome: str
    booking: Booking | None = None
    ahead: int = 0
    clash: Booking | Appointment | None = None
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


def lock_places(session: Session, session_id: int) -> Meeting | None:
    """The session at which the places of a meeting live, locked: of a series that of its first unit."""
    for _step in range(3):  # the places may move to another unit while one waits for the lock
        meeting = lock_session(session, session_id)
        if meeting is None or meeting.first_id is None:
            return meeting
        session_id = meeting.first_id
    return None


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


def agenda(
    session: Session, person_id: int, begins: datetime, ends: datetime | None = None
) -> list[tuple[datetime, datetime, Booking | Appointment]]:
    """What a person has at a time (UTC), without end where none is given: from, until and what it is, in their order.

    Meetings, every unit of a series, seats by the slot and appointments: whatever has been booked and takes place.
    """
    meetings = (
        select(Meeting.starts_at, Meeting.ends_at, Booking)
        .join(Booking, or_(Meeting.id == Booking.session_id, Meeting.first_id == Booking.session_id))
        .where(Booking.person_id == person_id, Booking.state == "booked")
        .where(Meeting.state == "planned", Meeting.ends_at > begins)
    )
    visits = select(Appointment.starts_at, Appointment.ends_at, Appointment).where(
        Appointment.person_id == person_id, Appointment.state == "booked", Appointment.ends_at > begins
    )
    if ends is not None:
        meetings, visits = meetings.where(Meeting.starts_at < ends), visits.where(Appointment.starts_at < ends)
    found = [(row[0], row[1], row[2]) for wanted in (meetings, visits) for row in session.execute(wanted)]
    return sorted(found, key=lambda entry: entry[:2])


def taken_at(
    session: Session, person_id: int, spans: Sequence[tuple[datetime, datetime]], *, but: object = None
) -> Booking | Appointment | None:
    """What a person has at one of these times (UTC), if there is something, `but` for what is being moved or booked."""
    if not spans:
        return None
    known = agenda(session, person_id, min(begins for begins, _ends in spans), max(ends for _begins, ends in spans))
    return next(
        (
            what
            for starts_at, ends_at, what in known
            if what is not but and any(starts_at < ends and ends_at > begins for begins, ends in spans)
        ),
        None,
    )


def overlapping(session: Session, now: datetime, person_id: int, meeting: Meeting) -> Booking | Appointment | None:
    """What else the person has at the time of a meeting, if there is something: of series every unit counts."""
    units = units_of(session, meeting) if is_series(session, meeting) else [meeting]
    spans = [(unit.starts_at, unit.ends_at) for unit in units if unit.ends_at > now]
    return taken_at(session, person_id, spans, but=active_booking(session, meeting.first_id or meeting.id, person_id))


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
    if joins_until(session, meeting) <= now:
        return "past"
    if listing.state != "open" or (listing.closes_at is not None and listing.closes_at <= now):
        return "closed"
    if listing.drop_in:
        return "drop_in"
    return "early" if listing.opens_at is not None and listing.opens_at > now else ""


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
    meeting = lock_places(session, session_id)
    if meeting is None or set(people) != set(person_ids):
        return dict.fromkeys(person_ids, Booked("closed"))
    refused = why_not(session, now, meeting)
    if refused:
        return dict.fromkeys(person_ids, Booked(refused))
    hindered = {
        one: found for one in person_ids if (found := _hindrance(session, now, meeting, people[one], booked_by_id))
    }
    if any(found.outcome not in ("already", "checking") for found in hindered.values()):
        return {one: hindered.get(one, Booked("full")) for one in person_ids}
    listing = session.get_one(Listing, meeting.listing_id)
    quotas = quotas_of(session, listing.id)
    wanting = {one: quota_for(session, listing, people[one], quotas) for one in person_ids if one not in hindered}
    unsure = any(eligibility.decision(session, now, listing, one) is None for one in wanting)
    room = room_of(session, meeting)
    room.use(line_of(session, meeting.id))
    new = {one: quota for one, quota in wanting.items() if active_booking(session, meeting.id, one) is None}
    short = len(person_ids) > 1 and (unsure or not room.fits(Counter(new.values())))
    if short and not wait and not unsure:
        return {one: hindered.get(one, Booked("full")) for one in person_ids}
    made: dict[int, Booked] = {}
    for one, quota in wanting.items():
        free = not short and room.fits({quota: 1})
        made[one] = _enter(session, now, meeting, one, booked_by_id, quota=quota, free=free)
        if one in new:
            room.use({quota: 1})
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
    listing = session.get_one(Listing, meeting.listing_id)
    if listing.bands and person.band and person.band not in listing.bands:
        return Booked("age")
    mine = active_booking(session, meeting.id, person.id)
    if mine is not None and mine.state == "booked":
        return Booked("already", mine)
    refused = unmet(session, now, listing, person)
    if refused:
        return Booked(refused)
    clash = overlapping(session, now, person.id, meeting)
    if clash is not None:
        return Booked("overlap", mine, clash=clash)
    if mine is not None and mine.state == "waiting":
        if eligibility.decision(session, now, listing, person.id) is None:
            return Booked("checking", mine, ahead=ahead_of(session, mine))
        theirs = is_their_turn(session, meeting, mine) and mine.together_id is None
        return None if theirs else Booked("already", mine, ahead=ahead_of(session, mine))
    return None


def is_their_turn(session: Session, meeting: Meeting, mine: Booking) -> bool:
    """True if there is a place for somebody who waits, also after those who stand before them."""
    room = room_of(session, meeting)
    room.use(line_of(session, meeting.id, mine.line))
    return room.fits({mine.quota_id: 1})


def unmet(session: Session, now: datetime, listing: Listing, person: Person) -> str:
    """Which condition of a listing a person does not meet: an outcome of `Booked`, or "" where nothing is in the way.

    Whether they may take part at all comes first and is said without its ground; not decided yet is no hindrance.
    """
    if listing.checked and eligibility.decision(session, now, listing, person.id) is False:
        return "ineligible"
    works = listing.audience == PROFESSIONALS and institution_of(session, person.id) is not None
    if listing.audience == PROFESSIONALS and not works:
        return "institution"
    if town_is_missing(listing, person, works, quotas_of(session, listing.id)):
        return "town"
    if listing.after_id is not None:
        from models.places.attendance import has_completed  # which reads bookings itself

        if not has_completed(session, now, person.id, listing.after_id):
            return "after"
    return ""


def _enter(
    session: Session,
    now: datetime,
    meeting: Meeting,
    person_id: int,
    booked_by_id: int,
    *,
    quota: int | None,
    free: bool,
) -> Booked:
    """Take the place that is theirs, or stand at the end of the line; there one waits also for a decision."""
    mine = active_booking(session, meeting.id, person_id)
    if mine is not None:  # an offer that is held for them, or their turn has come
        if mine.state == "waiting" and not take_place(session, meeting):
            return Booked("already", mine, ahead=ahead_of(session, mine))
        mine.state, mine.offer_until, mine.changed_at = "booked", None, now
        session.flush()
        return Booked("booked", mine)
    listing = session.get_one(Listing, meeting.listing_id)
    unsure = eligibility.decision(session, now, listing, person_id) is None
    booked = free and not unsure and take_place(session, meeting)
    last = session.scalar(select(func.max(Booking.line)).where(Booking.session_id == meeting.id)) or 0
    mine = Booking(
        number=next_number(session, "booking"),
        session_id=meeting.id,
        person_id=person_id,
        booked_by_id=booked_by_id,
        state="booked" if booked else "waiting",
        line=last + 1,
        quota_id=quota,
        created_at=now,
        changed_at=now,
    )
    session.add(mine)
    session.flush()
    if booked:
        return Booked("booked", mine)
    if unsure:
        eligibility.ask(session, now, listing, person_id)
    return Booked("checking" if unsure else "waiting", mine, ahead=ahead_of(session, mine))
