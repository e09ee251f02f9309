"""One person who was two: everything of the one becomes the other's, in one transaction (decision 0040).

Tables that point at a person follow by themselves, also those that are added later; the ones below need a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.asking import together
from models.attending import attendance
from models.lessons import certificate
from models.messages.reminder import Earlier, Reminder, replan_person
from models.offers.call import Application
from models.places.booking import Booking
from models.places.locking import lock_people, lock_session
from models.places.waiting_list import Hold, free_double
from models.who import apart, consents_of_two, requests_of_two
from models.who.acting import Mandate, Sharing
from models.who.people import Address, Guardianship, OneTimeCode, Person
from models.who.person import below_consent
from models.who.ties import LINKS, pointing_at_people

BEST_FIRST = ("booked", "offered", "waiting")
"""Of two bookings in one session the better one stays."""
FURTHEST_FIRST = ("accepted", "refused", "registered")
"""Of two applications to one call the one that was decided stays."""
OWN_RULE = frozenset({"booking.person_id", "reminder.recipient_id", "application.person_id", "request.person_id"})
"""Columns in which two rows of the same person must become one by a rule of their own."""


@dataclass(slots=True)
class Merged:
    """How it ended: "merged", or why not (see `why_not`). `offered` are bookings that got a place by it."""

    outcome: str
    offered: list[Booking] = field(default_factory=list)
    given_up: int = 0
    """How many bookings were there twice."""


def survivor(session: Session, person_id: int) -> int:
    """Who a person turned out to be: themself, unless they were joined with somebody."""
    for _step in range(20):
        into = session.scalars(select(Person.merged_into_id).where(Person.id == person_id)).first()
        if into is None:
            break
        person_id = into
    return person_id


def why_not(session: Session, kept: Person, other: Person) -> str:
    """Why two people cannot be joined by themselves, or "".

    "gone": one is erased or joined already; "same"; "ages": age groups or the need for a guardian differ;
    "kin": one speaks or spoke for the other, so they are two; "taken_back": one agreed to take part, the
    other took it back; "asking": two different organisations are answering them.
    """
    if kept.id == other.id:
        return "same"
    if any(one.erased_at is not None or one.merged_into_id is not None for one in (kept, other)):
        return "gone"
    if kept.band and other.band:
        alone = {below_consent(session, one) for one in (kept, other)}
        if kept.band != other.band or len(alone) > 1:
            return "ages"
    if _kin(session, kept.id, other.id):
        return "kin"
    if consents_of_two.contradict(session, kept.id, other.id):
        return "taken_back"
    return "asking" if requests_of_two.apart(session, kept.id, other.id) else ""


def _kin(session: Session, one: int, two: int) -> bool:
    for left, right in (
        (Guardianship.guardian_id, Guardianship.child_id),
        (Sharing.host_id, Sharing.person_id),
        (Mandate.helper_id, Mandate.person_id),
    ):
        linked = or_(and_(left == one, right == two), and_(left == two, right == one))
        if session.scalars(select(left).where(linked).limit(1)).first() is not None:
            return True
    return False


def merge(session: Session, now: datetime, kept_id: int, other_id: int, hold: Hold, earlier: Earlier) -> Merged:
    """Make `other` the same person as `kept`. Whoever calls has had it confirmed by both.

    Addresses are locked first, then both people in the order of their ids, then sessions: a turn of either
    chat waits, and finds one person.
    """
    both = (kept_id, other_id)
    session.flush()
    session.execute(select(Address.id).where(Address.person_id.in_(both)).order_by(Address.id).with_for_update())
    lock_people(session, both)
    people = {
        one.id: one
        for one in session.scalars(
            select(Person).where(Person.id.in_(both)), execution_options={"populate_existing": True}
        )
    }
    if len(people) < len(set(both)):
        return Merged("gone")
    kept, other = people[kept_id], people[other_id]
    refused = why_not(session, kept, other)
    if refused:
        return Merged(refused)
    merged = Merged("merged")
    record = apart.begin(session, now, kept, other)
    _bookings(session, now, kept.id, other.id, hold, merged)
    _applications(session, now, kept.id, other.id)
    requests_of_two.join(session, now, kept.id, other.id)
    consents_of_two.join(session, now, kept.id, other.id)
    _reminders(session, kept.id, other.id)
    certificate.of_two(session, now, kept.id, other.id)
    _chosen_address(session, kept.id, other.id)
    _end_doubles(session, now, kept.id, other.id)
    session.flush()
    together.become_one(session, kept.id, other.id)
    for column in pointing():
        _follow(session, column, kept.id, other.id)
    session.execute(update(OneTimeCode).where(OneTimeCode.subject_id == other.id).values(subject_id=kept.id))
    session.execute(update(Person).where(Person.merged_into_id == other.id).values(merged_into_id=kept.id))
    _become_one(now, kept, other)
    apart.end(record, kept)
    session.flush()
    session.expire_all()
    for person_id in {kept_id, *apart.spoken_for(session, kept_id)}:
        replan_person(session, now, person_id, earlier)
    return merged


# ---------------------------------------------------------------- what has a rule of its own


def _bookings(session: Session, now: datetime, kept: int, other: int, hold: Hold, merged: Merged) -> None:
    """Of two places in one session the better stays, the other is free for somebody else."""
    wanted = select(Booking).where(Booking.person_id.in_((kept, other)), Booking.state.in_(BEST_FIRST))
    sessions = sorted({row.session_id for row in session.scalars(wanted)})
    for session_id in sessions:
        lock_session(session, session_id)
        rows = session.scalars(
            wanted.where(Booking.session_id == session_id), execution_options={"populate_existing": True}
        ).all()
        best, *rest = sorted(rows, key=lambda row: (BEST_FIRST.index(row.state), row.line, row.id))
        for double in rest:
            if double.person_id != best.person_id:
                attendance.of_two(session, best.id, double.id)
                merged.offered.extend(free_double(session, now, double.id, hold))
                merged.given_up += 1
    session.execute(update(Booking).where(Booking.person_id == other).values(person_id=kept))


def _applications(session: Session, now: datetime, kept: int, other: int) -> None:
    live = select(Application).where(Application.person_id.in_((kept, other)), Application.state != "withdrawn")
    by_call: dict[int, list[Application]] = {}
    for row in session.scalars(live.order_by(Application.id).with_for_update()):
        by_call.setdefault(row.listing_id, []).append(row)
    for rows in by_call.values():
        _best, *rest = sorted(rows, key=lambda row: FURTHEST_FIRST.index(row.state))
        for double in rest:
            double.state, double.answers, double.changed_at = "withdrawn", {}, now
    session.flush()
    session.execute(update(Application).where(Application.person_id == other).values(person_id=kept))


def _reminders(session: Session, kept: int, other: int) -> None:
    """Everything that is planned for the one goes to the other, but nothing twice."""
    mine = {
        (row.about, row.about_id, row.session_id, row.before_minutes, row.sequence)
        for row in session.scalars(select(Reminder).where(Reminder.recipient_id == kept))
    }
    for row in session.scalars(select(Reminder).where(Reminder.recipient_id == other)).all():
        if (row.about, row.about_id, row.session_id, row.before_minutes, row.sequence) not in mine:
            row.recipient_id = kept
        elif row.state in ("planned", "queued"):
            row.state, row.reason = "cancelled", "merged"
    session.flush()


def _chosen_address(session: Session, kept: int, other: int) -> None:
    chosen = select(Address.id).where(Address.person_id == kept, Address.preferred_at.is_not(None))
    if session.scalars(chosen.limit(1)).first() is not None:
        session.execute(update(Address).where(Address.person_id == other).values(preferred_at=None))


def _end_doubles(session: Session, now: datetime, kept: int, other: int) -> None:
    """Links and roles that both hold to the same end once: the older one stays."""
    for table, mine, theirs in LINKS:
        rows: Any = session.execute(
            select(table.id, mine, *theirs)
            .where(mine.in_((kept, other)), table.ended_at.is_(None))
            .order_by(mine != kept, table.id)
        ).all()
        seen: set[tuple[Any, ...]] = set()
        for row_id, _mine, *to in rows:
            if tuple(to) in seen:
                session.execute(update(table).where(table.id == row_id).values(ended_at=now))
            seen.add(tuple(to))


def _become_one(now: datetime, kept: Person, other: Person) -> None:
    """What is known of the one only, the other takes over; a stop of either counts. The emptied row says where to."""
    kept.called = kept.called or other.called
    if not kept.band and other.band:
        kept.band, kept.band_at = other.band, other.band_at
    kept.town_id = kept.town_id if kept.town_id is not None else other.town_id
    if not kept.language_chosen and other.language_chosen:
        kept.tag, kept.language_chosen = other.tag, True
    kept.welcomed_at = _first(kept.welcomed_at, other.welcomed_at)
    kept.stopped_at = _first(kept.stopped_at, other.stopped_at)
    kept.created_at = min(kept.created_at, other.created_at)
    other.called, other.band, other.town_id, other.language_chosen = "", "", None, False
    other.band_at = other.welcomed_at = None
    other.stopped_at = other.stopped_at or now
    other.merged_into_id = kept.id


def _first(one: datetime | None, two: datetime | None) -> datetime | None:
    return min((at for at in (one, two) if at is not None), default=None)


# ---------------------------------------------------------------- what follows by itself


def pointing() -> Iterator[Column[Any]]:
    """Every column of every table that points at a person and has no rule of its own."""
    for column in pointing_at_people():
        if f"{column.table.name}.{column.name}" not in OWN_RULE:
            yield column


def _follow(session: Session, column: Column[Any], kept: int, other: int) -> None:
    """Point everything at the one who stays. What would then be there twice is dropped: it says the same."""
    table: Table = column.table
    if not _unique(column):
        session.execute(table.update().where(column == other).values({column: kept}))
        return
    keys = list(table.primary_key.columns)
    for row in session.execute(select(*keys).where(column == other)).all():
        this = and_(*(key == value for key, value in zip(keys, row, strict=True)))
        try:
            with session.begin_nested():
                session.execute(table.update().where(this).values({column: kept}))
        except IntegrityError:
            session.execute(delete(table).where(this))


def _unique(column: Column[Any]) -> bool:
    """True if two rows that differ in this column alone may become equal where they must not."""
    table: Table = column.table
    groups: Iterable[Any] = [table.primary_key, *table.constraints, *table.indexes]
    return any(
        column.name in group.columns
        for group in groups
        if group is table.primary_key or type(group).__name__ == "UniqueConstraint" or getattr(group, "unique", False)
    )
