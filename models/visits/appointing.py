"""Taking, moving, cancelling and marking appointments, under the professional's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.house import next_number
from models.messages.reminder import drop
from models.offers.listing import Listing
from models.places.agenda import taken_at
from models.places.locking import lock_people
from models.visits.appointment import OUTCOMES, Appointment, BusyTime, locked
from models.visits.professional import AppointmentRules, Professional, ProfessionalService, lock
from models.visits.slots import Closed, Slot, busy_cells, free_slots
from models.visits.visit_memory import forget
from models.who.acting import may_change, speaks_for
from models.who.people import Person

MARK_BEFORE = timedelta(minutes=30)
"""An appointment can be marked from so long before its start: people come early."""
TWICE = 2
"""After so many appointments in a row to which somebody did not come they are asked, kindly, what would suit."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be booked: a slot, for whom, by whom. `moves` is the appointment that goes there instead."""

    listing_id: int
    professional_id: int
    site_id: int
    starts_at: datetime
    person_id: int
    actor_id: int
    home: bool = False
    language: str = ""
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """How it ended: "booked", "moved", "taken" (somebody was quicker), "limit" (they have as many as may be to come),
    "overlap" (they have something else then), "closed", "age", "late" (too near to be moved) or "denied".
    """

    outcome: str
    appointment: Appointment | None = None
    before: datetime | None = None
    """When it was before it moved (UTC)."""


def take(session: Session, now: datetime, wanted: Wanted, closed: Closed, *, by_staff: bool = False) -> Taken:
    """Take a slot, or move an appointment to it. Whoever calls has authorised staff (`by_staff`); others are here.

    The person's row is locked first, then the professional's. The rows of `busy_time` guard it once more in the
    database: they allow no five minutes of a professional twice.
    """
    people = lock_people(session, (wanted.person_id,))
    person = people.get(wanted.person_id)
    moved = locked(session, wanted.moves) if wanted.moves else None
    for professional_id in sorted({wanted.professional_id, moved.professional_id if moved else wanted.professional_id}):
        lock(session, professional_id)
    professional = session.get(Professional, wanted.professional_id)
    rules = session.get(AppointmentRules, wanted.listing_id)
    if person is None or professional is None or rules is None:
        return Taken("closed")
    refused = _refused(session, now, wanted, person, moved, rules, by_staff=by_staff)
    if refused:
        return Taken(refused, moved)
    slot = Slot(wanted.starts_at, professional.id, wanted.site_id, _zone(session, now, wanted, rules, closed))
    if not slot.zone:
        return Taken("taken")
    ends_at = wanted.starts_at + timedelta(minutes=rules.minutes)
    if taken_at(session, person.id, [(wanted.starts_at, ends_at)], but=moved) is not None:
        return Taken("overlap")
    before = moved.starts_at if moved else None
    try:
        with session.begin_nested():
            made = _written(session, now, wanted, slot, rules, moved)
    except IntegrityError:  # the guard in the database: another transaction has these minutes
        return Taken("taken")
    return Taken("moved" if moved else "booked", made, before)


def _refused(
    session: Session,
    now: datetime,
    wanted: Wanted,
    person: Person,
    moved: Appointment | None,
    rules: AppointmentRules,
    *,
    by_staff: bool,
) -> str:
    """Why this may not be booked by anybody or by who asks; "" where nothing is in the way but time itself."""
    listing = session.get(Listing, wanted.listing_id)
    serves = session.get(ProfessionalService, (wanted.professional_id, wanted.listing_id))
    professional = session.get_one(Professional, wanted.professional_id)
    if listing is None or serves is None or professional.ended_at is not None or listing.block != "APT":
        return "closed"
    if listing.state != "open" and not by_staff:
        return "closed"
    if person.erased_at is not None or not (by_staff or speaks_for(session, wanted.actor_id, person.id, now)):
        return "denied"
    if wanted.moves:
        if moved is None or moved.state != "booked" or moved.person_id != person.id:
            return "closed"
        if not by_staff and moved.starts_at - timedelta(minutes=rules.notice_minutes) < now:
            return "late"
        return ""
    if wanted.home and not rules.home:
        return "closed"
    if not listing.is_for(person.band):
        return "age"
    return "limit" if not by_staff and has_enough(session, now, rules, person.id) else ""


def has_enough(session: Session, now: datetime, rules: AppointmentRules, person_id: int) -> bool:
    """True for somebody who has as many appointments of a listing to come as one may have at once."""
    count = select(func.count()).where(
        Appointment.listing_id == rules.listing_id,
        Appointment.person_id == person_id,
        Appointment.state == "booked",
        Appointment.ends_at > now,
    )
    return (session.scalar(count) or 0) >= rules.most_at_once


def _zone(session: Session, now: datetime, wanted: Wanted, rules: AppointmentRules, closed: Closed) -> str:
    """The time zone of the slot, if it is one and free; "" if it is not."""
    professional = session.get_one(Professional, wanted.professional_id)
    free = free_slots(session, now, rules, [professional], closed, site_id=wanted.site_id, without=wanted.moves)
    return next((slot.zone for slot in free if slot.starts_at == wanted.starts_at), "")


def _written(
    session: Session, now: datetime, wanted: Wanted, slot: Slot, rules: AppointmentRules, moved: Appointment | None
) -> Appointment:
    row = moved
    if row is None:
        row = Appointment(
            number=next_number(session, "booking"),
            listing_id=wanted.listing_id,
            person_id=wanted.person_id,
            booked_by_id=wanted.actor_id,
            home=wanted.home,
            language=wanted.language,
            state="booked",
            created_at=now,
        )
        session.add(row)
    else:
        session.execute(delete(BusyTime).where(BusyTime.appointment_id == row.id))
        drop(session, "appointment", row.id, "moved")
        row.sequence += 1
        row.comes = None
        row.language = wanted.language or row.language
    row.professional_id, row.site_id, row.zone = slot.professional_id, slot.site_id, slot.zone
    row.starts_at, row.ends_at = slot.starts_at, slot.starts_at + timedelta(minutes=rules.minutes)
    row.changed_at = now
    session.flush()
    session.add_all(
        BusyTime(professional_id=slot.professional_id, at=cell, appointment_id=row.id)
        for cell in busy_cells(slot.starts_at, rules)
    )
    session.flush()
    return row


# ---------------------------------------------------------------- cancelling


def cancel(session: Session, now: datetime, appointment_id: int, actor_id: int) -> Appointment | None:
    """Cancel an appointment for who may: the person, who speaks for them, the helper who booked it. None otherwise.

    It can be done until it begins: after the time for it ("late") the professional at least does not wait.
    """
    row = locked(session, appointment_id)
    if row is None or row.state != "booked" or row.starts_at <= now:
        return None
    if not may_change(session, now, actor_id, row.person_id, row.booked_by_id):
        return None
    rules = session.get_one(AppointmentRules, row.listing_id)
    late = row.starts_at - timedelta(minutes=rules.notice_minutes) < now
    end(session, now, row, "late" if late else "")
    return row


def end(session: Session, now: datetime, row: Appointment, reason: str) -> None:
    """The appointment does not take place: its time is free again, its reminders and what was told for it are gone."""
    row.state, row.reason, row.changed_at = "cancelled", reason, now
    row.sequence += 1
    session.execute(delete(BusyTime).where(BusyTime.appointment_id == row.id))
    drop(session, "appointment", row.id)
    forget(session, row.id)
    session.flush()


def cancel_all(session: Session, now: datetime, person_id: int, reason: str) -> list[Appointment]:
    """Cancel whatever of a person is still to come: they left, or a consent was withdrawn."""
    ids = select(Appointment.id).where(
        Appointment.person_id == person_id, Appointment.state == "booked", Appointment.starts_at > now
    )
    ended = []
    for appointment_id in session.scalars(ids.order_by(Appointment.id)).all():
        row = locked(session, appointment_id)
        if row is not None and row.state == "booked":
            end(session, now, row, reason)
            ended.append(row)
    return ended


# ---------------------------------------------------------------- marking


def mark(session: Session, now: datetime, row: Appointment, outcome: str) -> bool:
    """Say how a visit ended, or correct it. False before it begins, for a cancelled one, or for another word."""
    if outcome not in OUTCOMES or row.state == "cancelled" or now < row.starts_at - MARK_BEFORE:
        return False
    row.state, row.outcome, row.changed_at = OUTCOMES[outcome], outcome, now
    drop(session, "appointment", row.id, "marked")
    session.flush()
    return True


def missed_in_a_row(session: Session, row: Appointment) -> int:
    """To how many of their latest appointments of a service somebody did not come, this one included."""
    states: Sequence[str] = session.scalars(
        select(Appointment.state)
        .where(
            Appointment.person_id == row.person_id,
            Appointment.listing_id == row.listing_id,
            Appointment.state.in_(("attended", "absent")),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(10)
    ).all()
    return next((number for number, state in enumerate(states) if state != "absent"), len(states))
