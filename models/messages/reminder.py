"""Reminders: one row for each time somebody is to be reminded of something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending.attendance import excused_from
from models.base import Base, Id, When, partial_index, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from models.offers.series import goes_on, is_series, units_of
from models.places.booking import Booking
from models.visits.appointment import Appointment
from models.who.acting import acts_for, hosts_of, speaks_for
from models.who.people import Address, Guardianship, Person


class Reminder(Base):
    """Due at an instant (UTC), to one recipient, about one booking or one listing's deadline.

    `before_minutes` is which of the planned reminders it is. `about` is "booking" or "deadline",
    `about_id` the booking's or listing's id. `session_id` is the meeting that it is of (of a series there are some
    for each unit), 0 where it is of none. States: planned; queued (put into words and in the outbox); then
    what became of that message: sent, unsure (in doubt, shown to staff), missed; cancelled. `reason` says why.
    `said_with_id` is the reminder in whose message this one is said too: it shares its fate.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "about", "about_id", "session_id", "recipient_id", "before_minutes", "sequence", name="uq_reminder_once"
        ),
        partial_index(
            "ix_reminder_due",
            "due_at",
            where="state = 'planned'",
        ),
        Index("ix_reminder_recipient_id", "recipient_id"),
        partial_index(
            "ix_reminder_said_with_id",
            "said_with_id",
            where="said_with_id IS NOT NULL",
        ),
    )

    id: Mapped[Id]
    about: Mapped[str] = mapped_column(String(12))
    about_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(BigInteger, default=0)
    recipient_id: Mapped[int] = mapped_column(to("person"))
    before_minutes: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[When]
    state: Mapped[str] = mapped_column(String(12), default="planned")
    reason: Mapped[str] = mapped_column(String(64), default="")
    said_with_id: Mapped[int | None] = mapped_column(BigInteger)


Earlier = Callable[[datetime, str], datetime]
"""The last instant up to the given one that is outside the quiet hours of a time zone. Models know none."""

DEFAULT_MINUTES = (1440, 120)
"""A day and two hours before a session, unless its listing says otherwise."""


def plan(session: Session, now: datetime, booking: Booking, earlier: Earlier) -> list[Reminder]:
    """Plan the reminders of a booking that holds a place: for the person, and for each guardian who wants them.

    Of a series those of every unit to come. What would fall into quiet hours moves to the last allowed time
    before. What is past already is not planned; of several that come to the same time the one nearest to the
    session stays.
    """
    meeting = session.get_one(Meeting, booking.session_id)
    if not is_series(session, meeting):
        return plan_unit(session, now, booking, meeting, earlier)
    away = excused_from(session, booking.id)
    units = [one for one in units_of(session, meeting) if one.starts_at > now and one.id not in away]
    return [row for unit in units for row in plan_unit(session, now, booking, unit, earlier)]


def plan_unit(session: Session, now: datetime, booking: Booking, meeting: Meeting, earlier: Earlier) -> list[Reminder]:
    """Plan the reminders of one meeting that a booking is for, as `plan` does."""
    listing = session.get_one(Listing, meeting.listing_id)
    minutes = sorted({int(before) for before in listing.remind_minutes or DEFAULT_MINUTES if int(before) > 0})
    wanted: dict[tuple[int, int], datetime] = {}
    for recipient in reminded(session, now, booking):
        zone = _zone(session, recipient) or meeting.zone
        dues: dict[datetime, int] = {}
        for before in minutes:
            dues.setdefault(earlier(meeting.starts_at - timedelta(minutes=before), zone), before)
        wanted |= {(recipient, before): due for due, before in dues.items() if due > now}
    return _write(session, booking, meeting, wanted)


def _write(
    session: Session, booking: Booking, meeting: Meeting, wanted: dict[tuple[int, int], datetime]
) -> list[Reminder]:
    """Rows for what is wanted and not there; a cancelled one is planned again, one that was sent is not."""
    sequence = meeting.sequence
    there = {
        (row.recipient_id, row.before_minutes): row
        for row in session.scalars(
            select(Reminder).where(
                Reminder.about == "booking",
                Reminder.about_id == booking.id,
                Reminder.session_id == meeting.id,
                Reminder.sequence == sequence,
            )
        )
    }
    planned: list[Reminder] = []
    for (recipient, before), due in wanted.items():
        row = there.get((recipient, before))
        if row is None:
            row = Reminder(about="booking", about_id=booking.id, recipient_id=recipient)
            row.session_id, row.before_minutes, row.sequence = meeting.id, before, sequence
            session.add(row)
        elif row.state != "cancelled":
            continue
        row.due_at, row.state, row.reason, row.said_with_id = due, "planned", "", None
        planned.append(row)
    session.flush()
    return planned


def recipients(session: Session, person_id: int) -> list[int]:
    """Whom to remind for a person: themself where they have a phone of their own, and each guardian who wants it.

    Who has no address of their own shares somebody's phone, which gets one reminder, not two.
    """
    own = select(Address.id).where(Address.person_id == person_id).limit(1)
    guardians = session.scalars(
        select(Guardianship.guardian_id)
        .where(Guardianship.child_id == person_id, Guardianship.ended_at.is_(None), Guardianship.reminders)
        .order_by(Guardianship.guardian_id)
    ).all()
    if session.scalars(own).first() is not None:
        return [person_id, *guardians]
    return [*guardians, *(host for host in hosts_of(session, person_id) if host not in guardians)]


def reminded(session: Session, now: datetime, booking: Booking) -> list[int]:
    """Whom to remind of a booking: as `recipients`; where nobody of them has a chat, the helper who booked."""
    found = recipients(session, booking.person_id)
    return or_helper(session, now, found, booking.person_id, booking.booked_by_id)


def or_helper(session: Session, now: datetime, people: list[int], person_id: int, by_id: int) -> list[int]:
    """Those people; where none of them has a chat, the helper who booked for the person."""
    chats = select(Address.id).where(Address.person_id.in_(people)).limit(1)
    if session.scalars(chats).first() is None and acts_for(session, now, by_id, person_id) is not None:
        return [by_id]
    return people


def and_who_booked(session: Session, now: datetime, people: list[int], person_id: int, by_id: int) -> list[int]:
    """Those people, and the guardian or helper who booked for the person, while they may speak for them."""
    if by_id in people or by_id == person_id or not speaks_for(session, by_id, person_id, now):
        return people
    return [*people, by_id]


def _zone(session: Session, person_id: int) -> str | None:
    return session.scalars(
        select(Town.zone).join(Person, Person.town_id == Town.id).where(Person.id == person_id)
    ).first()


def drop(session: Session, about: str, about_id: int, reason: str = "cancelled", *, session_id: int = 0) -> None:
    """Cancel every reminder about something that has not gone out yet; with `session_id` only those of that meeting."""
    dropped = update(Reminder).where(
        Reminder.about == about, Reminder.about_id == about_id, Reminder.state.in_(("planned", "queued"))
    )
    if session_id:
        dropped = dropped.where(Reminder.session_id == session_id)
    session.execute(dropped.values(state="cancelled", reason=reason))


def replan_session(session: Session, now: datetime, session_id: int, earlier: Earlier) -> int:
    """Plan anew for everybody booked in a session that has moved: its `sequence` has grown already.

    Of a series only what is of that unit. Returns how many reminders are planned now. Call it under the lock of
    the session at which the places live.
    """
    meeting = session.get_one(Meeting, session_id)
    places = meeting.first_id or session_id
    booked = session.scalars(select(Booking).where(Booking.session_id == places, Booking.state == "booked")).all()
    planned = 0
    for booking in booked:
        drop(session, "booking", booking.id, "moved", session_id=session_id)
        planned += len(plan_unit(session, now, booking, meeting, earlier))
    return planned


def replan_person(session: Session, now: datetime, person_id: int, earlier: Earlier) -> int:
    """Plan what is missing for a person's bookings to come: a guardian was linked, or wants reminders again.

    Returns how many were added.
    """
    booked = session.scalars(
        select(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Booking.person_id == person_id, Booking.state == "booked", goes_on(now))
    ).all()
    visits = session.scalars(
        select(Appointment).where(
            Appointment.person_id == person_id, Appointment.state == "booked", Appointment.starts_at > now
        )
    ).all()
    from models.visits import visit_reminders  # only here: it plans with what stands in this file

    planned = sum(len(visit_reminders.plan(session, now, visit, earlier)) for visit in visits)
    return planned + sum(len(plan(session, now, booking, earlier)) for booking in booked)


def stop_reminding(session: Session, recipient_id: int, person_id: int | None = None, reason: str = "stopped") -> None:
    """Cancel what is planned for a recipient: all of it, or what is about one person's bookings only."""
    ended = update(Reminder).where(Reminder.recipient_id == recipient_id, Reminder.state.in_(("planned", "queued")))
    if person_id is not None:
        theirs = select(Booking.id).where(Booking.person_id == person_id)
        visits = select(Appointment.id).where(Appointment.person_id == person_id)
        ended = ended.where(
            or_(
                (Reminder.about == "booking") & Reminder.about_id.in_(theirs),
                (Reminder.about == "appointment") & Reminder.about_id.in_(visits),
            )
        )
    session.execute(ended.values(state="cancelled", reason=reason))


def plan_of(session: Session, person_id: int, *, about_id: int | None = None) -> list[Reminder]:
    """The reminders that a person will get, the nearest first; with `about_id` those of one booking."""
    wanted = select(Reminder).where(Reminder.recipient_id == person_id, Reminder.state == "planned")
    if about_id is not None:
        wanted = wanted.where(Reminder.about == "booking", Reminder.about_id == about_id)
    return list(session.scalars(wanted.order_by(Reminder.due_at, Reminder.id)))
