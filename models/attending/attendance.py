"""Attendance: who was at which meeting, who said that they come or cannot; and what share of a series it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, When, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import units_of
from models.places.booking import Booking
from models.places.locking import lock_session

STATES = ("coming", "excused", "present", "absent")
MARK_BEFORE = timedelta(minutes=30)
"""So long before a meeting begins its attendance can be marked."""


class Attendance(Base):
    """What is known of one booking at one meeting: of a series there is one row for each unit.

    States: coming (they said so beforehand); excused (they, or their guardian, said that they cannot come, or staff
    did); present; absent. No row: nothing is known. `marked_by_id` is who said so last. At an exam `result` is
    "passed", "failed" or "", and `told` the result that the person was told last (models/lessons/exam.py).
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("booking_id", "session_id"),
        Index("ix_attendance_session_id", "session_id"),
        CheckConstraint("state IN ('coming', 'excused', 'present', 'absent')", name="state"),
        CheckConstraint("result IN ('', 'passed', 'failed')", name="result"),
    )

    id: Mapped[Id]
    booking_id: Mapped[int] = mapped_column(to("booking", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(to("session"))
    state: Mapped[str] = mapped_column(String(8))
    marked_by_id: Mapped[int | None] = mapped_column(to("person"))
    at: Mapped[When]
    result: Mapped[str] = mapped_column(String(8), default="")
    told: Mapped[str] = mapped_column(String(8), default="")


def mark(session: Session, now: datetime, *, booking_id: int, session_id: int, state: str, by_id: int | None) -> bool:
    """Note "present", "absent" or "excused" for a booking at a meeting; "" takes it back. False where it cannot be.

    Only of somebody with a place, at a meeting that the place is for, and, but for "excused", not before the half
    hour in which it begins. Whoever calls has authorised it.
    """
    if state not in ("present", "absent", "excused", ""):
        return False
    found = _placed(session, booking_id, session_id)
    if found is None:
        return False
    if state in ("present", "absent") and found.starts_at - MARK_BEFORE > now:
        return False
    _write(session, now, booking_id, session_id, state, by_id)
    return True


def say(session: Session, now: datetime, *, booking_id: int, session_id: int, state: str, by_id: int) -> bool:
    """Note what somebody says beforehand: "coming", "excused", or "" to take that back. False from its beginning on.

    What staff have marked already stays. Whoever calls has authorised it.
    """
    if state not in ("coming", "excused", ""):
        return False
    found = _placed(session, booking_id, session_id)
    if found is None or found.starts_at <= now or state_of(session, booking_id, session_id) in ("present", "absent"):
        return False
    _write(session, now, booking_id, session_id, state, by_id)
    return True


def _placed(session: Session, booking_id: int, session_id: int) -> Meeting | None:
    """The meeting, if a booking has a place at it: read under the lock of the session at which the place lives."""
    booking = session.get(Booking, booking_id)
    if booking is None or lock_session(session, booking.session_id) is None:
        return None
    session.refresh(booking)
    meeting = session.get(Meeting, session_id)
    if meeting is None or booking.state != "booked" or meeting.state != "planned":
        return None
    return meeting if booking.session_id in (meeting.id, meeting.first_id) else None


def _write(session: Session, now: datetime, booking_id: int, session_id: int, state: str, by_id: int | None) -> None:
    known = Attendance.booking_id == booking_id, Attendance.session_id == session_id
    if not state:
        session.execute(delete(Attendance).where(*known))
        return
    row = session.scalars(select(Attendance).where(*known)).first()
    if row is None:
        row = Attendance(booking_id=booking_id, session_id=session_id)
        session.add(row)
    row.state, row.marked_by_id, row.at = state, by_id, now
    if state != "present":
        row.result = ""  # who was not there has no result
    session.flush()


# ---------------------------------------------------------------- looking


def state_of(session: Session, booking_id: int, session_id: int) -> str:
    """What is known of a booking at a meeting: one of STATES, or ""."""
    known = select(Attendance.state).where(Attendance.booking_id == booking_id, Attendance.session_id == session_id)
    return session.scalars(known).first() or ""


def states_at(session: Session, session_id: int) -> dict[int, str]:
    """By booking, what is known of a meeting."""
    rows = session.execute(
        select(Attendance.booking_id, Attendance.state)
        .join(Booking, Booking.id == Attendance.booking_id)
        .where(Attendance.session_id == session_id, Booking.state == "booked")
    )
    return {row.booking_id: row.state for row in rows}


def states_of(session: Session, booking_id: int) -> dict[int, str]:
    """By session, what is known of a booking."""
    rows = session.execute(select(Attendance.session_id, Attendance.state).where(Attendance.booking_id == booking_id))
    return {row.session_id: row.state for row in rows}


def meetings_of(session: Session, booking_ids: Collection[int]) -> dict[int, list[Meeting]]:
    """By booking, the meetings at which somebody was and that are planned, in their order."""
    rows = session.execute(
        select(Attendance.booking_id, Meeting)
        .join(Meeting, Meeting.id == Attendance.session_id)
        .where(Attendance.booking_id.in_(booking_ids), Attendance.state == "present", Meeting.state == "planned")
        .order_by(Meeting.starts_at, Meeting.id)
    )
    found: dict[int, list[Meeting]] = {}
    for booking_id, meeting in rows:
        found.setdefault(booking_id, []).append(meeting)
    return found


def excused_from(session: Session, booking_id: int) -> set[int]:
    """The meetings from which a booking is excused: nobody is reminded of them."""
    return {one for one, state in states_of(session, booking_id).items() if state == "excused"}


def head_count(session: Session, session_id: int) -> int:
    """How many people were there."""
    return sum(state == "present" for state in states_at(session, session_id).values())


def forget_said(session: Session, session_id: int) -> None:
    """A meeting has moved: who said that they come, or cannot, said so of the old time."""
    session.execute(
        delete(Attendance).where(Attendance.session_id == session_id, Attendance.state.in_(("coming", "excused")))
    )


def of_two(session: Session, kept_id: int, other_id: int) -> None:
    """Two bookings become one: of each meeting what is known best stays."""
    mine = {row.session_id: row for row in session.scalars(select(Attendance).where(Attendance.booking_id == kept_id))}
    for row in session.scalars(select(Attendance).where(Attendance.booking_id == other_id)).all():
        have = mine.get(row.session_id)
        if have is not None and row.result and not have.result:
            have.result, have.told = row.result, row.told
        if have is None:
            row.booking_id = kept_id
        elif STRENGTH[row.state] > STRENGTH[have.state]:
            have.state, have.marked_by_id, have.at = row.state, row.marked_by_id, row.at
    session.flush()


STRENGTH = {"coming": 0, "absent": 1, "excused": 2, "present": 3}


# ---------------------------------------------------------------- how much of it


def attended_share(session: Session, now: datetime, booking_id: int) -> tuple[int, int, int]:
    """Of a booking's meetings, at how many they were, how many have begun so far, and how many are planned in all."""
    booking = session.get_one(Booking, booking_id)
    units = units_of(session, session.get_one(Meeting, booking.session_id))
    known = states_of(session, booking_id)
    present = sum(known.get(unit.id) == "present" for unit in units)
    return present, sum(unit.starts_at <= now for unit in units), len(units)


def needed(percent: int, planned: int) -> int:
    """At how many of the planned meetings one has to be, for so many percent of them; at one, without a rule."""
    return max(1, -(-percent * planned // 100))


def completed(session: Session, now: datetime, booking: Booking) -> bool:
    """True if somebody was at the share of all planned meetings that the listing asks for.

    Who is excused was not there: the share leaves room for that. What was cancelled is not planned any more.
    """
    if booking.state != "booked":
        return False
    meeting = session.get_one(Meeting, booking.session_id)
    present, _held, planned = attended_share(session, now, booking.id)
    return present >= needed(session.get_one(Listing, meeting.listing_id).rule_percent, planned)


def is_enough(listing: Listing, units: Collection[Meeting], present: Collection[int]) -> bool:
    """The same of somebody who was `present` at some of the planned meetings of a listing, which were read already."""
    return sum(unit.id in present for unit in units) >= needed(listing.rule_percent, len(units))


def has_completed(session: Session, now: datetime, person_id: int, listing_id: int) -> bool:
    """True if a person has completed a listing: the gate before what requires it (a workshop before an internship)."""
    bookings = session.scalars(
        select(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Booking.person_id == person_id, Booking.state == "booked", Meeting.listing_id == listing_id)
        .order_by(Booking.id)
    ).all()
    return any(completed(session, now, booking) for booking in bookings)
