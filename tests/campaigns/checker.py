"""The one checker of fault campaigns: the invariants over the database and what the platform was asked to show."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import ColumnElement, create_engine, func, select, text
from sqlalchemy.orm import Session

from bot.sending import envelope
from bot.telling import ANSWERS, Rules, after_quiet
from handlers.cleaning import file_name
from handlers.fitting import fit
from handlers.telegram.abilities import CAPABILITIES, with_pages_written_out
from handlers.telegram.reading import CHANNEL
from models.campaigns.broadcast import Recipient
from models.messages.message import AT_LEAST_ONCE, Inbox, Note, Outgoing
from models.messages.reminder import Reminder
from models.offers.listing import Session as Meeting
from models.places.booking import ACTIVE, HOLDING, Booking
from models.who.people import Address, Person
from tests.campaigns.mechanisms import made_of, mechanisms
from tests.campaigns.platform import Platform

SENDS = frozenset({"sendMessage", "editMessageText", "sendVenue", "sendDocument"})
PARTS = 3
"""A message is shown in so many parts at most: its words, a pin and a file."""
Key = tuple[str, str]
"""An address, and the words (or the pin, or the file) that it was shown."""


def violations(database: Path, platform: Platform, *, unmarked: Counter[Key], now: datetime) -> list[str]:
    """Every invariant that does not hold, by its number (I1-I7, M1-M9) and words. Empty when all is well.

    `unmarked` are the answers that nobody could know about when the program was killed (see `unmarked_in`).
    """
    shown = shown_by(platform)
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        found = [*_places(session), *_arrivals(session, platform.updates.sent)]
        rows = _rows(session)
        found += _messages(rows, shown, unmarked, _emptied(session), now)
        found += _doubts(session)
        found += _reminders(session, now)
        found += _unasked(session, rows, shown)
        found += mechanisms(session, now)
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
        made = made_of(session)
        told = Counter((row[0], row[1]) for row in session.execute(select(Outgoing.address_id, Outgoing.kind)))
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


# ---------------------------------------------------------------- what was shown, and what was to be


def shown_by(platform: Platform) -> Counter[Key]:
    """How often the platform was asked to show what to whom; what it refused was not shown."""
    return Counter(
        (str(call.params["chat_id"]), _words(call.result))
        for call in platform.history
        if call.method in SENDS and call.status == 200
    )


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


def _words(message: dict[str, Any]) -> str:
    if "venue" in message:
        return f"pin: {message['venue']['title']}"
    if "document" in message:
        return f"file: {message['document']['file_name']}"
    return str(message.get("text", "")).strip()


def _keys(row: Outgoing, external_id: str) -> list[Key]:
    """What a message looks like on the platform, part by part."""
    keys = []
    for half in fit(envelope.from_json(row.body), CAPABILITIES):
        for part in fit(with_pages_written_out(half), CAPABILITIES):
            words = part.text.strip() or "…"
            if part.venue is not None:
                words = f"pin: {part.venue.name}"
            elif part.document is not None:
                words = f"file: {file_name(part.document.name)}"
            keys.append((external_id, words))
    return keys


def _rows(session: Session, *which: ColumnElement[bool]) -> dict[Key, list[Outgoing]]:
    rows: dict[Key, list[Outgoing]] = {}
    written = select(Outgoing, Address.external_id).join(Address, Address.id == Outgoing.address_id)
    for row, external_id in session.execute(written.where(Address.channel == CHANNEL, *which).order_by(Outgoing.id)):
        for key in _keys(row, external_id) if row.body else []:
            rows.setdefault(key, []).append(row)
    return rows


def _emptied(session: Session) -> Counter[str]:
    """Parts of replies to each address whose words are gone already, as those of a survey are once they were sent."""
    whose = select(Address.external_id, Outgoing.body).join(Address, Address.id == Outgoing.address_id)
    replies = session.execute(whose.where(Outgoing.kind.in_(AT_LEAST_ONCE)))
    return Counter({name: PARTS * count for name, count in Counter(n for n, body in replies if not body).items()})


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


def _arrivals(session: Session, sent: Iterable[int]) -> list[str]:
    """Every update was confirmed to the platform by now: it must be in the inbox, and have been handled."""
    ours = select(Inbox.message_id, Inbox.state).where(Inbox.channel == CHANNEL)
    states = {row[0]: row[1] for row in session.execute(ours)}
    lost = [f"I3: update {number} was acknowledged and is not there" for number in sent if f"u{number}" not in states]
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
        row[0]
        for row in session.execute(
            select(Address.external_id)
            .join(Person, Person.id == Address.person_id)
            .where(Address.channel == CHANNEL, Person.stopped_at.is_not(None))
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
