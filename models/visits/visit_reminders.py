"""Reminders of appointments: for whom, and when. What they say is put into words when they are due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.reminder import DEFAULT_MINUTES, Earlier, Reminder, or_helper, recipients
from models.offers.listing import Listing
from models.offers.programme import Town
from models.visits.appointment import Appointment
from models.visits.professional import AppointmentRules
from models.who.people import Person
from models.who.person import below_consent

ABOUT = "appointment"


def reminded(session: Session, now: datetime, row: Appointment) -> list[int]:
    """Whom to remind of an appointment: the person and, by consent, their guardians; else the helper who booked.

    A discreet one that a young person of the age of consent booked alone is theirs alone.
    """
    found = recipients(session, row.person_id)
    if is_private(session, row):
        found = [one for one in found if one == row.person_id]
    return or_helper(session, now, found, row.person_id, row.booked_by_id)


def is_private(session: Session, row: Appointment) -> bool:
    """True for a discreet appointment that somebody who may decide alone booked themself: guardians see nothing."""
    rules = session.get(AppointmentRules, row.listing_id)
    person = session.get(Person, row.person_id)
    if rules is None or person is None or not rules.discreet or row.booked_by_id != row.person_id:
        return False
    return not below_consent(session, person)


def plan(session: Session, now: datetime, row: Appointment, earlier: Earlier) -> list[Reminder]:
    """Plan what is missing: a day and two hours before, moved out of quiet hours; what is past is not planned."""
    listing = session.get_one(Listing, row.listing_id)
    minutes = sorted({int(before) for before in listing.remind_minutes or DEFAULT_MINUTES if int(before) > 0})
    there = {
        (one.recipient_id, one.before_minutes): one
        for one in session.scalars(
            select(Reminder).where(
                Reminder.about == ABOUT, Reminder.about_id == row.id, Reminder.sequence == row.sequence
            )
        )
    }
    planned = []
    for recipient in reminded(session, now, row):
        zone = _zone(session, recipient) or row.zone
        dues: dict[datetime, int] = {}
        for before in minutes:
            dues.setdefault(earlier(row.starts_at - timedelta(minutes=before), zone), before)
        for due, before in dues.items():
            known = there.get((recipient, before))
            if due <= now or (known is not None and known.state != "cancelled"):
                continue
            reminder = known or Reminder(
                about=ABOUT, about_id=row.id, recipient_id=recipient, before_minutes=before, sequence=row.sequence
            )
            reminder.due_at, reminder.state, reminder.reason, reminder.said_with_id = due, "planned", "", None
            planned.append(reminder)
    session.add_all(planned)
    session.flush()
    return planned


def _zone(session: Session, person_id: int) -> str | None:
    return session.scalars(
        select(Town.zone).join(Person, Person.town_id == Town.id).where(Person.id == person_id)
    ).first()


def plan_of(session: Session, person_id: int, appointment_id: int) -> list[datetime]:
    """When a person will be reminded of an appointment (UTC), the nearest first."""
    wanted = select(Reminder.due_at).where(
        Reminder.recipient_id == person_id,
        Reminder.state == "planned",
        Reminder.about == ABOUT,
        Reminder.about_id == appointment_id,
    )
    return list(session.scalars(wanted.order_by(Reminder.due_at)))
