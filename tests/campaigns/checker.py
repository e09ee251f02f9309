"""The one checker of fault campaigns: the invariants over the database and what the platform was asked to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from bot.telling import ANSWERS, Rules, after_quiet
from models.booking import ACTIVE, HOLDING, Booking
from models.broadcast import Recipient
from models.listing import Session as Meeting
from models.message import AT_LEAST_ONCE, Inbox, Note, Outgoing
from models.people import Address, Person
from models.reminder import Reminder
from tests.campaigns.child import CHANNEL, Files


def violations(files: Files, *, kills: int, acknowledged: Sequence[int] = ()) -> list[str]:
    """Every invariant that does not hold, by its number (I1-I7) and words. Empty when all is well."""
    found: list[str] = []
    shown = files.read("shown")
    now = datetime.fromisoformat(files.read("ended")[-1]["clock"])
    engine = create_engine(files.database)
    with Session(engine) as session:
        found += _places(session)
        found += _arrivals(session, acknowledged)
        found += _messages(session, shown, kills, now)
        found += _reminders(session, now)
        found += _unasked(session, shown)
    engine.dispose()
    return found


def outcome(files: Files) -> dict[str, Any]:
    """What the story led to, in a form that two runs can be compared by. In doubt counts as sent."""
    engine = create_engine(files.database)
    with Session(engine) as session:
        bookings = session.execute(
            select(Booking.number, Booking.person_id, Booking.session_id, Booking.state).order_by(Booking.number)
        ).all()
        reminders = session.execute(
            select(Reminder.about_id, Reminder.recipient_id, Reminder.before_minutes, Reminder.state).order_by(
                Reminder.about_id, Reminder.recipient_id, Reminder.before_minutes
            )
        ).all()
        recipients = session.execute(select(Recipient.person_id, Recipient.state).order_by(Recipient.person_id)).all()
        told = Counter((row[0], row[1]) for row in session.execute(select(Outgoing.address_id, Outgoing.kind)).all())
    engine.dispose()

    def settled(state: str) -> str:
        return "sent" if state == "unsure" else state

    return {
        "bookings": [tuple(row) for row in bookings],
        "reminders": [(*row[:3], settled(row[3])) for row in reminders],
        "recipients": [(row[0], settled(row[1])) for row in recipients],
        "messages": sorted(told.items()),
    }


def _places(session: Session) -> list[str]:
    found = []
    for meeting in session.scalars(select(Meeting)):
        held = session.scalar(
            select(func.count())
            .select_from(Booking)
            .where(Booking.session_id == meeting.id, Booking.state.in_(HOLDING))
        )
        if held != meeting.taken or meeting.taken > meeting.capacity:
            found.append(f"I1: session {meeting.id} holds {held}, says {meeting.taken}, has {meeting.capacity}")
    doubles = session.execute(
        select(Booking.person_id, Booking.session_id)
        .where(Booking.state.in_(ACTIVE))
        .group_by(Booking.person_id, Booking.session_id)
        .having(func.count() > 1)
    ).all()
    return [*found, *(f"I2: person {row[0]} twice in session {row[1]}" for row in doubles)]


def _arrivals(session: Session, acknowledged: Sequence[int]) -> list[str]:
    states = dict(session.execute(select(Inbox.message_id, Inbox.state).where(Inbox.channel == CHANNEL)).tuples().all())
    lost = [
        f"I3: arrival s{number} was acknowledged and is not there"
        for number in acknowledged
        if f"s{number}" not in states
    ]
    aside = [f"I4: arrival {one} was not handled but {state}" for one, state in states.items() if state != "handled"]
    return lost + aside


def _messages(session: Session, shown: Sequence[dict[str, Any]], kills: int, now: datetime) -> list[str]:
    found = []
    rows: dict[tuple[str, str], list[Outgoing]] = {}
    for row, external_id in session.execute(
        select(Outgoing, Address.external_id).join(Address, Address.id == Outgoing.address_id)
    ):
        rows.setdefault((external_id, row.body["text"]), []).append(row)
        if row.state == "sending" or (row.state == "waiting" and row.due_at <= now):
            found.append(f"I4: message {row.id} ({row.kind}) was left {row.state}")
    times = Counter((entry["to"], entry["text"]) for entry in shown if entry["text"])  # a pin or a file has none
    for key, count in times.items():
        written = rows.pop(key, [])
        if not written:
            found.append("a message was shown that was never committed")
            continue
        sent = [row for row in written if row.state == "sent"]
        doubt = [row for row in written if row.state == "unsure"]
        again = any(row.kind in AT_LEAST_ONCE for row in written)
        if count > len(sent) + (kills if again else len(doubt)):
            found.append(f"I5: {written[0].kind} of {len(written)} rows was shown {count} times")
        if count < len(sent):
            found.append(f"I4: {written[0].kind} marked sent {len(sent)} times was shown {count} times")
    for written in rows.values():
        found.extend(f"I4: message {row.id} ({row.kind}) was never shown" for row in written if row.state == "sent")
    doubts = session.scalar(
        select(func.count()).select_from(Outgoing).where(Outgoing.state == "unsure", Outgoing.broadcast_id.is_(None))
    )
    noted = session.scalar(select(func.count(func.distinct(Note.outgoing_id))).where(Note.kind == "unsure"))
    if (doubts or 0) > (noted or 0):
        found.append("I5: a message in doubt is not shown to staff")
    return found


def _reminders(session: Session, now: datetime) -> list[str]:
    left = session.scalars(
        select(Reminder).where(Reminder.state.in_(("planned", "queued")), Reminder.due_at <= now)
    ).all()
    twice = session.execute(
        select(Outgoing.reminder_id)
        .where(Outgoing.reminder_id.is_not(None))
        .group_by(Outgoing.reminder_id)
        .having(func.count() > 1)
    ).all()
    silent = session.scalars(select(Reminder).where(Reminder.state == "missed", Reminder.reason == "")).all()
    return [
        *(f"I5: reminder {row.id} was left {row.state}" for row in left),
        *(f"I5: reminder {row[0]} was written twice" for row in twice),
        *(f"I5: reminder {row.id} was dropped without a reason" for row in silent),
    ]


def _unasked(session: Session, shown: Sequence[dict[str, Any]]) -> list[str]:
    found = []
    unasked: dict[tuple[str, str], Person] = {}
    for row, address in session.execute(select(Outgoing, Address).join(Address, Address.id == Outgoing.address_id)):
        if row.kind not in ANSWERS:
            unasked[address.external_id, row.body["text"]] = session.get_one(Person, address.person_id)
    for entry in shown:
        person = unasked.get((entry["to"], entry["text"]))
        if person is None:
            continue
        at = datetime.fromisoformat(entry["at"])
        if person.stopped_at is not None and person.stopped_at < at:
            found.append(f"I6: person {person.id} was written to after they stopped")
        if after_quiet(at, Rules().zone, Rules()) != at:
            found.append(f"I7: person {person.id} was written to at night")
    return found
