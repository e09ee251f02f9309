"""Calls: who registered interest in an internship, a job or a grant, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Select, String, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Object, When, partial_index, to
from models.house import next_number
from models.listing import Listing
from models.people import Person
from models.programme import Town
from models.reminder import Earlier, Reminder
from models.staff import StaffRole

CALL_BLOCKS = ("CALL", "GRANT")
DEADLINE_MINUTES = (10080, 1440)
"""A week and a day before a deadline, unless its listing says otherwise."""
ASKED = ("planned", "queued", "sent", "missed")
"""States of reminders whose recipient still wants to be reminded."""


class Application(Base):
    """Somebody's interest in a call: a number, the answers of its form, and its state.

    States: registered, withdrawn, accepted, refused. `answers` are the form's, by question key.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("number"),
        partial_index(
            "uq_application_active",
            "listing_id",
            "person_id",
            unique=True,
            where="state <> 'withdrawn'",
        ),
        Index("ix_application_person_id", "person_id"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    person_id: Mapped[int] = mapped_column(to("person"))
    state: Mapped[str] = mapped_column(String(12), default="registered")
    answers: Mapped[Object]
    created_at: Mapped[When]
    changed_at: Mapped[When]


class Refused(Exception):
    """An act on a call that is not possible (any more): `reason` is "closed", "gone" or "late"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_open(listing: Listing, now: datetime) -> bool:
    """True while one can register: from the instant of its deadline on it is closed."""
    return (
        listing.block in CALL_BLOCKS
        and listing.state == "open"
        and (listing.closes_at is None or listing.closes_at > now)
    )


def open_calls(session: Session, now: datetime, kind: str = "", town_id: int | None = None) -> list[Listing]:
    """Calls that are open now, those of one town first, then by deadline."""
    query = select(Listing).where(
        Listing.block.in_(CALL_BLOCKS),
        Listing.state == "open",
        or_(Listing.closes_at.is_(None), Listing.closes_at > now),
    )
    if kind:
        query = query.where(Listing.kind == kind)
    found = list(session.scalars(query.order_by(Listing.closes_at.is_(None), Listing.closes_at, Listing.id)))
    return sorted(found, key=lambda listing: town_id is None or listing.town_id != town_id)


def close_passed(session: Session, now: datetime) -> list[int]:
    """Close the calls whose deadline has come and return their ids. Nothing depends on when this runs:
    every read looks at the deadline itself.
    """
    passed = (
        update(Listing)
        .where(Listing.block.in_(CALL_BLOCKS), Listing.state == "open", Listing.closes_at <= now)
        .values(state="closed")
        .returning(Listing.id)
        .execution_options(synchronize_session=False)
    )
    ids = list(session.scalars(passed))
    if ids:
        session.expire_all()
    return ids


def _locked(session: Session, listing_id: int) -> Listing:
    listing = session.scalars(
        select(Listing).where(Listing.id == listing_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if listing is None or listing.block not in CALL_BLOCKS:
        raise Refused("gone")
    return listing


def register(
    session: Session, now: datetime, listing_id: int, person_id: int, answers: Mapping[str, Any]
) -> tuple[Application, bool]:
    """Register somebody's interest under the call's lock; one that is there already is returned with False.

    Raises Refused("closed") from the instant of the deadline on, Refused("gone") for what is no call.
    """
    listing = _locked(session, listing_id)
    there = application_of(session, listing_id, person_id)
    if there is not None:
        return there, False
    if not is_open(listing, now):
        raise Refused("closed")
    application = Application(
        number=next_number(session, "application"),
        listing_id=listing_id,
        person_id=person_id,
        state="registered",
        answers=dict(answers),
        created_at=now,
        changed_at=now,
    )
    session.add(application)
    session.flush()
    return application, True


def application_of(session: Session, listing_id: int, person_id: int) -> Application | None:
    """The application of somebody to a call, unless it was withdrawn."""
    return session.scalars(
        select(Application).where(
            Application.listing_id == listing_id,
            Application.person_id == person_id,
            Application.state != "withdrawn",
        )
    ).first()


def applications_by(session: Session, person_id: int) -> list[Application]:
    """What somebody has applied for, the newest first, without what was withdrawn."""
    return list(
        session.scalars(
            select(Application)
            .where(Application.person_id == person_id, Application.state != "withdrawn")
            .order_by(Application.id.desc())
        )
    )


def applications_for(session: Session, listing_id: int) -> list[Application]:
    """Who has applied for a call, in the order they came, without what was withdrawn."""
    return list(
        session.scalars(
            select(Application)
            .where(Application.listing_id == listing_id, Application.state != "withdrawn")
            .order_by(Application.id)
        )
    )


def withdraw(session: Session, now: datetime, listing_id: int, person_id: int) -> Application:
    """Withdraw somebody's own application; what they wrote in it is erased. Raises Refused("gone")."""
    _locked(session, listing_id)
    application = application_of(session, listing_id, person_id)
    if application is None:
        raise Refused("gone")
    application.state, application.answers, application.changed_at = "withdrawn", {}, now
    session.flush()
    return application


# ---------------------------------------------------------------- the call's own staff


def calls_of(session: Session, staff_id: int) -> list[Listing]:
    """Calls of the organisations somebody is staff (or admin) of, the newest first; drafts are left out."""
    return list(
        session.scalars(
            select(Listing)
            .where(
                Listing.block.in_(CALL_BLOCKS),
                Listing.state != "draft",
                Listing.organisation_id.in_(_organisations_of(staff_id)),
            )
            .order_by(Listing.id.desc())
        )
    )


def _organisations_of(staff_id: int) -> Select[int]:
    return select(StaffRole.organisation_id).where(
        StaffRole.person_id == staff_id, StaffRole.role.in_(("staff", "admin")), StaffRole.ended_at.is_(None)
    )


def application_for_staff(session: Session, number: int, staff_id: int) -> Application | None:
    """An application by its number, if it is to a call of that member of staff and was not withdrawn."""
    return session.scalars(
        select(Application)
        .join(Listing, Listing.id == Application.listing_id)
        .where(
            Application.number == number,
            Application.state != "withdrawn",
            Application.person_id != staff_id,
            Listing.organisation_id.in_(_organisations_of(staff_id)),
        )
    ).first()


def decide(session: Session, now: datetime, number: int, staff_id: int, *, accepted: bool) -> Application:
    """Accept or refuse an application, once. Raises Refused("gone") where there is nothing (more) to decide."""
    found = application_for_staff(session, number, staff_id)
    if found is None:
        raise Refused("gone")
    _locked(session, found.listing_id)
    session.refresh(found)
    if found.state != "registered":
        raise Refused("gone")
    found.state, found.changed_at = "accepted" if accepted else "refused", now
    session.flush()
    return found


# ---------------------------------------------------------------- reminders of the deadline


def plan_deadline(
    session: Session, now: datetime, listing_id: int, person_id: int, earlier: Earlier | None = None
) -> list[Reminder]:
    """Plan the reminders of a deadline for somebody who asked, and return all that are planned now.

    What would fall into quiet hours moves to the last allowed time before (`earlier`); what is past is
    not planned. Raises Refused: "closed", "gone", or "late" if nothing that helps is left.
    """
    listing = _locked(session, listing_id)
    if not is_open(listing, now) or listing.closes_at is None:
        raise Refused("closed")
    sequence = _sequence(session, listing_id)
    there = {row.before_minutes: row for row in _rows(session, listing_id, person_id) if row.sequence == sequence}
    for due, before in _dues(session, listing, person_id, earlier).items():
        if due <= now:
            continue
        row = there.get(before)
        if row is None:
            row = Reminder(about="deadline", about_id=listing_id, recipient_id=person_id)
            row.before_minutes, row.sequence, row.due_at, row.state, row.reason = before, sequence, due, "planned", ""
            session.add(row)
        elif row.state == "cancelled":
            row.due_at, row.state, row.reason = due, "planned", ""
    session.flush()
    planned = deadline_reminders(session, listing_id, person_id)
    if not planned:
        raise Refused("late")
    return planned


def _dues(session: Session, listing: Listing, person_id: int, earlier: Earlier | None) -> dict[datetime, int]:
    """When to remind: of several that come to the same time, the one nearest to the deadline."""
    if listing.closes_at is None:
        return {}
    zone = session.scalars(
        select(Town.zone).join(Person, Person.town_id == Town.id).where(Person.id == person_id)
    ).first() or zone_of(session, listing)
    dues: dict[datetime, int] = {}
    for before in sorted({int(minutes) for minutes in listing.remind_minutes or DEADLINE_MINUTES if int(minutes) > 0}):
        due = listing.closes_at - timedelta(minutes=before)
        dues.setdefault(earlier(due, zone) if earlier else due, before)
    return dues


def zone_of(session: Session, listing: Listing) -> str:
    """The time zone in which a call's deadline is told."""
    town = session.get(Town, listing.town_id) if listing.town_id is not None else None
    return town.zone if town else "Europe/Belgrade"


def _rows(session: Session, listing_id: int, person_id: int | None = None) -> list[Reminder]:
    query = select(Reminder).where(Reminder.about == "deadline", Reminder.about_id == listing_id)
    if person_id is not None:
        query = query.where(Reminder.recipient_id == person_id)
    return list(session.scalars(query.order_by(Reminder.due_at, Reminder.id)))


def _sequence(session: Session, listing_id: int) -> int:
    """How often the deadline has moved since somebody asked to be reminded of it."""
    return max((row.sequence for row in _rows(session, listing_id)), default=0)


def deadline_reminders(session: Session, listing_id: int, person_id: int) -> list[Reminder]:
    """What is planned for somebody about a deadline, the nearest first."""
    return [row for row in _rows(session, listing_id, person_id) if row.state in ("planned", "queued")]


def drop_deadline(session: Session, listing_id: int, person_id: int) -> None:
    """Somebody does not want to be reminded of a deadline any more."""
    for row in deadline_reminders(session, listing_id, person_id):
        row.state, row.reason = "cancelled", "not wanted"
    session.flush()


def replan_deadline(session: Session, now: datetime, listing_id: int, earlier: Earlier | None = None) -> list[Reminder]:
    """Plan anew, after a deadline was moved, for everybody who had asked; what went out stays on record.

    For a call that is closed or cancelled the planned ones are cancelled. Returns what is planned now.
    """
    listing = _locked(session, listing_id)
    rows = _rows(session, listing_id)
    asked = sorted({row.recipient_id for row in rows if row.state in ASKED})
    for row in rows:
        if row.state in ("planned", "queued"):
            row.state, row.reason = "cancelled", "moved"
    if not is_open(listing, now) or listing.closes_at is None:
        session.flush()
        return []
    sequence = _sequence(session, listing_id) + 1
    planned: list[Reminder] = []
    for person_id in asked:
        for due, before in _dues(session, listing, person_id, earlier).items():
            if due > now:
                row = Reminder(about="deadline", about_id=listing_id, recipient_id=person_id)
                row.before_minutes, row.sequence, row.due_at, row.state = before, sequence, due, "planned"
                session.add(row)
                planned.append(row)
    session.flush()
    return planned
