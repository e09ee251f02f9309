"""Days on which a professional works otherwise: hours taken off or added, and either taken back. The newest holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.visits.appointing import end
from models.visits.appointment import Appointment, locked
from models.visits.opening import DAY, Span
from models.visits.professional import DayException, lock
from models.visits.slots import Closed, hours_of

WHOLE: Span = (0, DAY)


def to_come(session: Session, professional_id: int, today: date) -> Sequence[DayException]:
    """The exceptions of a professional from a day on, in their order."""
    wanted = select(DayException).where(DayException.professional_id == professional_id, DayException.day >= today)
    return session.scalars(wanted.order_by(DayException.day, DayException.from_minute, DayException.id)).all()


def within(session: Session, now: datetime, professional_id: int, day: date, span: Span, zone: str) -> list[int]:
    """Appointments to come that touch some hours of a day, by their ids: those that taking them off would cancel."""
    begins, ends = (_instant(day, minute, zone) for minute in span)
    wanted = select(Appointment.id).where(
        Appointment.professional_id == professional_id,
        Appointment.state == "booked",
        Appointment.starts_at >= now,
        Appointment.ends_at > begins,
        Appointment.starts_at < ends,
    )
    return list(session.scalars(wanted.order_by(Appointment.starts_at)))


def outside(session: Session, now: datetime, row: DayException, zone: str, closed: Closed) -> list[int]:
    """Appointments that taking an exception back would leave without hours; `closed` knows public holidays."""
    if row.kind == "off" or row.site_id is None:
        return []
    day = row.day
    known = hours_of(session, [row.professional_id], day, day, closed, row.site_id, without=row.id)
    hours = known.get((row.professional_id, row.site_id))
    left = [
        (_instant(day, begins, zone), _instant(day, ends, zone)) for begins, ends in (hours.on(day) if hours else ())
    ]
    found = []
    for appointment_id in within(session, now, row.professional_id, day, (row.from_minute, row.until_minute), zone):
        one = session.get_one(Appointment, appointment_id)
        if one.site_id == row.site_id and not any(
            begins <= one.starts_at and one.ends_at <= ends for begins, ends in left
        ):
            found.append(appointment_id)
    return found


def take_off(
    session: Session, now: datetime, professional_id: int, day: date, span: Span, zone: str
) -> list[Appointment]:
    """A professional does not come at some hours of a day (`zone` is its): who was booked then is returned, cancelled.

    Nobody can take a slot of these hours meanwhile: the professional's row is locked.
    """
    lock(session, professional_id)
    if not any(
        row.from_minute <= span[0] and span[1] <= row.until_minute for row in _off(session, professional_id, day)
    ):
        session.add(_exception(professional_id, day, "off", span))
        session.flush()
    return _ended(session, now, within(session, now, professional_id, day, span, zone))


def add_hours(session: Session, professional_id: int, site_id: int, day: date, span: Span, closed: Closed) -> bool:
    """A professional also comes at these hours of a day; what of them was taken off is on again. False if they did."""
    lock(session, professional_id)
    on_again = [row for row in _off(session, professional_id, day) if _touch((row.from_minute, row.until_minute), span)]
    for row in on_again:
        for begins, ends in ((row.from_minute, span[0]), (span[1], row.until_minute)):
            if begins < ends:
                session.add(_exception(professional_id, day, "off", (begins, ends)))
        session.delete(row)
    session.flush()
    hours = hours_of(session, [professional_id], day, day, closed, site_id).get((professional_id, site_id))
    if hours is not None and any(begins <= span[0] and span[1] <= ends for begins, ends in hours.on(day)):
        return bool(on_again)
    session.add(_exception(professional_id, day, "extra", span, site_id))
    session.flush()
    return True


def take_back(session: Session, now: datetime, row: DayException, zone: str, closed: Closed) -> list[Appointment]:
    """An exception holds no longer: who is booked at hours that are gone with it is returned, cancelled."""
    lock(session, row.professional_id)
    ids = outside(session, now, row, zone, closed)
    session.delete(row)
    return _ended(session, now, ids)


def _exception(professional_id: int, day: date, kind: str, span: Span, site_id: int | None = None) -> DayException:
    return DayException(
        professional_id=professional_id,
        day=day,
        kind=kind,
        site_id=site_id,
        from_minute=span[0],
        until_minute=span[1],
    )


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _off(session: Session, professional_id: int, day: date) -> Sequence[DayException]:
    wanted = select(DayException).where(
        DayException.professional_id == professional_id, DayException.day == day, DayException.kind == "off"
    )
    return session.scalars(wanted).all()


def _ended(session: Session, now: datetime, ids: Sequence[int]) -> list[Appointment]:
    ended = []
    for appointment_id in ids:
        row = locked(session, appointment_id)
        if row is not None and row.state == "booked":
            end(session, now, row, "day off")
            ended.append(row)
    session.flush()
    return ended


def _instant(day: date, minute: int, zone: str) -> datetime:
    at = day + timedelta(days=minute // DAY)
    return datetime.combine(at, time(minute % DAY // 60, minute % 60), ZoneInfo(zone)).astimezone(UTC)
