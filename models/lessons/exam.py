"""Exams: a meeting that is passed or not. Results stand beside attendance, and each is told once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attending import attendance
from models.attending.attendance import Attendance
from models.offers.listing import Session as Meeting
from models.offers.series import units_of
from models.places.booking import Booking
from models.places.locking import lock_session
from models.places.placed import placed_at

RESULTS = ("passed", "failed")


def set_exam(session: Session, session_id: int, *, wanted: bool) -> bool:
    """Say that a meeting is an exam, or is none. False where it does not take place, or has a result already."""
    meeting = lock_session(session, session_id)
    if meeting is None or meeting.state != "planned" or (not wanted and results(session, meeting)):
        return False
    meeting.exam = wanted
    session.flush()
    return True


def note(session: Session, now: datetime, *, booking_id: int, session_id: int, result: str, by_id: int) -> bool:
    """Note "passed" or "failed" of somebody at an exam; "" takes it back. Who has a result was there.

    False for what is no exam, before it can be marked, and without a place there. Whoever calls has authorised it.
    """
    meeting = session.get(Meeting, session_id)
    if meeting is None or not meeting.exam or result not in (*RESULTS, ""):
        return False
    if not attendance.mark(session, now, booking_id=booking_id, session_id=session_id, state="present", by_id=by_id):
        return False
    known = select(Attendance).where(Attendance.session_id == session_id, Attendance.booking_id == booking_id)
    session.scalars(known).one().result = result
    session.flush()
    return True


def has_result(session: Session, booking_id: int, session_id: int) -> bool:
    """True for whoever has a result at an exam."""
    known = Attendance.booking_id == booking_id, Attendance.session_id == session_id, Attendance.result != ""
    return session.scalars(select(Attendance.id).where(*known)).first() is not None


def results(session: Session, meeting: Meeting) -> dict[int, str]:
    """By booking, the results of an exam that are known."""
    rows = session.execute(
        select(Attendance.booking_id, Attendance.result)
        .join(Booking, Booking.id == Attendance.booking_id)
        .where(Attendance.session_id == meeting.id, Attendance.result != "", *placed_at(meeting))
    )
    return {row.booking_id: row.result for row in rows}


def to_tell(session: Session, meeting: Meeting) -> Sequence[tuple[Attendance, Booking]]:
    """Whose result they were not told yet, or otherwise; locked, so that two who tell at once tell nobody twice."""
    rows = session.execute(
        select(Attendance, Booking)
        .join(Booking, Booking.id == Attendance.booking_id)
        .where(
            Attendance.session_id == meeting.id,
            Attendance.result != "",
            Attendance.result != Attendance.told,
            *placed_at(meeting),
        )
        .order_by(Attendance.id)
        .with_for_update(of=Attendance)
        .execution_options(populate_existing=True)
    ).all()
    return [(row[0], row[1]) for row in rows]


def told_of(session: Session, booking_id: int) -> dict[int, str]:
    """By meeting, the results that somebody was told: nothing that staff may still be about to correct."""
    rows = session.execute(
        select(Attendance.session_id, Attendance.told).where(
            Attendance.booking_id == booking_id, Attendance.told != "", Attendance.result != ""
        )
    )
    return {row.session_id: row.told for row in rows}


def passed(session: Session, booking: Booking) -> bool:
    """True for whoever passed every exam of what they have a place in; False where none of it is an exam."""
    units = units_of(session, session.get_one(Meeting, booking.session_id))
    known = select(Attendance.session_id).where(Attendance.booking_id == booking.id, Attendance.result == "passed")
    return passed_all(units, set(session.scalars(known)))


def passed_all(units: Sequence[Meeting], passed_at: Collection[int]) -> bool:
    """True if every exam among these meetings was passed, and there is one."""
    exams = [unit.id for unit in units if unit.exam]
    return bool(exams) and set(exams) <= set(passed_at)
