"""The one checker of fault campaigns: the invariants over the database and what the platform was asked to show."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import ColumnElement, create_engine, func, select, text
from sqlalchemy.orm import Session

from bot.sending import envelope
from bot.telling import ANSWERS, Rules, after_quiet
from handlers.desk.arriving import CHANNEL as DESK
from models.campaigns.broadcast import Recipient
from models.messages.message import AT_LEAST_ONCE, Inbox, Note, Outgoing
from models.messages.reminder import Reminder
from models.offers.listing import Session as Meeting
from models.places.booking import ACTIVE, HOLDING, Booking
from models.who.people import Address, Person
from tests.campaigns.beside import Everywhere
from tests.campaigns.channels import beside, made_beside, told_by
from tests.campaigns.mechanisms import made_of, mechanisms
from tests.campaigns.platform import Platform
from tests.campaigns.seen import Key, looks_of, place_of, shown_by

PARTS = 3
"""A message is shown in so many parts at most: its words, a pin and a file."""
_TOLD = (
    select(Address.external_id, Outgoing.kind)
    .join(Address, Address.id == Outgoing.address_id)
    .where(Address.channel != DESK)
)
"""What is posted at the desk goes by what was in doubt, and by how often somebody looks."""


def violations(database: Path, platform: Platform, *, unmarked: Counter[Key], now: datetime) -> list[str]:
    """Every invariant that does not hold, by its number (I1-I7, M1-M9) and words. Empty when all is well.

    `unmarked` are the answers that nobody could know about when the program was killed (see `unmarked_in`).
    """
    shown = shown_by(platform)
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        found = [*_places(session), *_arrivals(session, platform)]
        rows = _rows(session)
        found += _messages(rows, shown, unmarked, _emptied(session), now)
        found += _doubts(session)
        found += _reminders(session, now)
        found += _unasked(session, rows, shown)
        found += mechanisms(session, now)
        if isinstance(platform, Everywhere):
            found += beside(session, platform, rows)
        whole = session.scalar(text("PRAGMA integrity_check"))
        found += [] if whole == "ok" else [f"the file is damaged: {whole}"]
    engine.dispose()
    return found


def outcome(database: Path, *, answers: bool = True) -> dict[str, Any]:
    """What the story led to, in a form that two runs can be compared by. In doubt counts as sent.

    Without `answers` the replies are not counted: somebody asked more often than in the other run.
    """
    engine = create_engine(f"sqlite:///{database}")
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
        made = {**made_of(session), **made_beside(session)}
        told = Counter((row[0], row[1]) for row in session.execute(_TOLD))
    engine.dispose()

    def settled(state: str) -> str:
        return "sent" if state == "unsure" else state

    return {
        "bookings": [tuple(row) for row in bookings],
        "reminders": [(*row[:3], settled(row[3])) for row in reminders],
        "recipients": [(row[0], settled(row[1])) for row in recipients],
        **made,
        "messages": sorted(item for item in told.items() if answers or item[0][1] != "reply"),
    }


# ---------------------------------------------------------------- what was to be shown


def unmarked_in(database: Path) -> Counter[Key]:
    """Answers that were waiting when the program was killed, some of them shown already: each may come once more.

    Looks at a copy: what the crash left is for the program itself to find.
    """
    with TemporaryDirectory() as folder:
        for file in database.parent.glob(f"{database.name}*"):
            if not file.name.endswith(("-shm", ".lock")):
                shutil.copy(file, folder)
        engine = create_engine(f"sqlite:///{folder}/{database.name}")
        with Session(engine) as session:
            rows = _rows(session, Outgoing.state == "waiting", Outgoing.kind.in_(AT_LEAST_ONCE))
            waiting = Counter({key: len(written) for key, written in rows.items()})
        engine.dispose()
    return waiting


def _rows(session: Session, *which: ColumnElement[bool]) -> dict[Key, list[Outgoing]]:
    """The messages of the outbox by what they look like on their platforms, part by part."""
    rows: dict[Key, list[Outgoing]] = {}
    looks = looks_of(session)
    written = select(Outgoing, Address.channel, Address.external_id).join(Address, Address.id == Outgoing.address_id)
    whole = written.where(Address.channel.in_(looks), *which).order_by(Outgoing.id)
    for row, channel, external_id in session.execute(whole):
        message = envelope.from_json(row.body) if row.body else None
        for words in looks[channel](external_id, message) if message is not None else ():
            rows.setdefault((place_of(channel, external_id), words), []).append(row)
    return rows


def _emptied(session: Session) -> Counter[str]:
    """Parts of replies to each address whose words are gone already, as those of a survey are once they were sent."""
    whose = select(Address.channel, Address.external_id, Outgoing.body)
    replies = session.execute(
        whose.join(Address, Address.id == Outgoing.address_id).where(Outgoing.kind.in_(AT_LEAST_ONCE))
    )
    emptied = Counter(place_of(channel, name) for channel, name, body in replies if not body)
    return Counter({place: PARTS * count for place, count in emptied.items()})


# ---------------------------------------------------------------- the invariants


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


def _arrivals(session: Session, platform: Platform) -> list[str]:
    """Everything was confirmed to its platform by now: it must be in the inbox, and have been handled."""
    kept = session.execute(select(Inbox.channel, Inbox.message_id, Inbox.state))
    states = {(row[0], row[1]): row[2] for row in kept}
    lost = [f"I3: {name} was acknowledged and is not there" for name in told_by(platform) if name not in states]
    aside = [f"I4: arrival {one} was not handled but {state}" for one, state in states.items() if state != "handled"]
    return lost + aside


def _messages(
    rows: dict[Key, list[Outgoing]],
    shown: Counter[Key],
    unmarked: Counter[Key],
    emptied: Counter[str],
    now: datetime,
) -> list[str]:
    found = [
        f"I4: message {row.id} ({row.kind}) was left {row.state}"
        for row in {row.id: row for written in rows.values() for row in written}.values()
        if row.state == "sending" or (row.state == "waiting" and row.due_at <= now)
    ]
    for key, count in shown.items():
        written = rows.get(key, [])
        spare = count - unmarked[key] - len(written)
        if all(row.kind in AT_LEAST_ONCE for row in written) and 0 < spare <= emptied[key[0]]:
            emptied[key[0]] -= spare
            continue
        if not written and spare <= 0:  # it was there when the program was killed, and is empty by now
            continue
        if not written:
            found.append(f"a message was shown to {key[0]} that was never committed: {key[1]:.60}")
            continue
        sent = [row for row in written if row.state == "sent"]
        doubt = [row for row in written if row.state == "unsure"]
        if count > len(sent) + len(doubt) + unmarked[key]:
            found.append(f"I5: {written[0].kind} of {len(written)} rows was shown {count} times")
        if count < len(sent):
            found.append(f"I4: {written[0].kind} marked sent {len(sent)} times was shown {count} times")
    for key in rows.keys() - shown.keys():
        found.extend(f"I4: message {row.id} ({row.kind}) was never shown" for row in rows[key] if row.state == "sent")
    return found


def _doubts(session: Session) -> list[str]:
    doubts = session.scalar(
        select(func.count()).select_from(Outgoing).where(Outgoing.state == "unsure", Outgoing.broadcast_id.is_(None))
    )
    noted = session.scalar(select(func.count(func.distinct(Note.outgoing_id))).where(Note.kind == "unsure"))
    return ["I5: a message in doubt is not shown to staff"] if (doubts or 0) > (noted or 0) else []


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


def _unasked(session: Session, rows: dict[Key, list[Outgoing]], shown: Counter[Key]) -> list[str]:
    found, rules = list[str](), Rules()
    stopped = {
        place_of(row[0], row[1])
        for row in session.execute(
            select(Address.channel, Address.external_id)
            .join(Person, Person.id == Address.person_id)
            .where(Person.stopped_at.is_not(None))
        )
    }
    for key, written in rows.items():
        unasked = [row for row in written if row.kind not in ANSWERS]
        if unasked and shown[key] and key[0] in stopped:
            found.append(f"I6: {key[0]} was written to after they stopped")
        for row in unasked:
            if row.sent_at is not None and after_quiet(row.sent_at, rules.zone, rules) != row.sent_at:
                found += [f"I7: message {row.id} ({row.kind}) was sent at night"]
    return found
