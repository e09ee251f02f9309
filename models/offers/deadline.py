"""Reminders of a call's deadline: planned for who asked, and for those who hear of it with them; moved with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.reminder import Earlier, Reminder
from models.offers.call import Refused, is_open, locked, zone_of
from models.offers.listing import Listing
from models.offers.programme import Town
from models.who.people import Person

DEADLINE_MINUTES = (10080, 1440)
"""A week and a day before a deadline, unless its listing says otherwise."""
ASKED = ("planned", "queued", "sent", "missed")
"""States of reminders whose recipient still wants to be reminded."""


def plan_deadline(
    session: Session, now: datetime, listing_id: int, person_id: int, earlier: Earlier | None = None
) -> list[Reminder]:
    """Plan the reminders of a deadline for somebody who asked, and return all that are planned now.

    What would fall into quiet hours moves to the last allowed time before (`earlier`); what is past is
    not planned. Raises Refused: "closed", "gone", or "late" if nothing that helps is left.
    """
    listing = locked(session, listing_id)
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


def plan_along(
    session: Session, now: datetime, listing_id: int, person_id: int, earlier: Earlier | None = None
) -> None:
    """Plan them too for somebody who hears of it with who asked, unless they have said themself what they want."""
    if not _rows(session, listing_id, person_id):
        with suppress(Refused):
            plan_deadline(session, now, listing_id, person_id, earlier)


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
    listing = locked(session, listing_id)
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
