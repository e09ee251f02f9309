"""How long things are kept: the times of the privacy page, enforced every day in small transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import CursorResult, String, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.store import Store
from models import erasure, person, webchat
from models.acting import Mandate
from models.audit import Audit
from models.case import RequestMessage
from models.conversation import Standing, Talk
from models.message import Inbox, Note, Outgoing, StoredAttachment
from models.money import PaidMessage
from models.people import CodeTry, OneTimeCode

INBOX = timedelta(days=7)
"""Telegram keeps an update for 24 hours and other platforms less: nothing comes again after that."""
CHAT = timedelta(days=90)
BODIES = timedelta(days=2)
"""What was sent is not needed any more (web chats keep their own lines); staff see why something failed, not what."""
DOUBTS = timedelta(days=30)
"""A message in doubt can be sent again by staff for so long."""
CODES = timedelta(days=1)
AUDIT = timedelta(days=731)
"""24 months."""
CHUNK = 500
"""Rows of one transaction: nobody's turn waits longer than for these."""

Step = Callable[[Session, datetime], int]


async def keep_no_longer(store: Store, now: datetime) -> int:
    """Delete or empty everything whose time is over at `now` (UTC). Returns how many rows that were."""
    total = 0
    for step in STEPS:
        while True:
            done = await store.write(partial(_run, step=step, now=now))
            total += done
            if done < CHUNK:
                break
    await store.write(lambda session: webchat.keep_no_longer(session, now))
    return total


def _run(session: Session, step: Step, now: datetime) -> int:
    return step(session, now)


def _delete(table: Any, key: Any, *over: Any) -> Callable[[Session], int]:
    """Delete a chunk of a table's rows."""

    def run(session: Session) -> int:
        these = select(key).where(*over).limit(CHUNK)
        return _count(session.execute(delete(table).where(key.in_(these)).execution_options(synchronize_session=False)))

    return run


def _inbox(session: Session, now: datetime) -> int:
    return _delete(Inbox, Inbox.id, Inbox.arrived_at < now - INBOX)(session)


def _codes(session: Session, now: datetime) -> int:
    over = or_(OneTimeCode.expires_at < now - CODES, OneTimeCode.used_at < now - CODES)
    return _delete(OneTimeCode, OneTimeCode.id, over)(session)


def _tries(session: Session, now: datetime) -> int:
    return _delete(CodeTry, CodeTry.id, CodeTry.at < now - CODES)(session)


def _standing(session: Session, now: datetime) -> int:
    return _delete(Standing, Standing.token, Standing.expires_at < now)(session)


def _attachments(session: Session, now: datetime) -> int:
    return _delete(StoredAttachment, StoredAttachment.id, StoredAttachment.keep_until < now)(session)


def _audit(session: Session, now: datetime) -> int:
    return _delete(Audit, Audit.id, Audit.at < now - AUDIT)(session)


def _mandates(session: Session, now: datetime) -> int:
    """Who acted for whom: as long as what they did is on record."""
    over = or_(Mandate.ended_at < now - AUDIT, Mandate.until < now - AUDIT)
    return _delete(Mandate, Mandate.id, over)(session)


def _notes(session: Session, now: datetime) -> int:
    return _delete(Note, Note.id, Note.created_at < now - CHAT)(session)


def _talks(session: Session, now: datetime) -> int:
    """Where a conversation stood, with what was typed in it."""
    return _delete(Talk, Talk.address_id, Talk.changed_at < now - CHAT)(session)


def _requests(session: Session, now: datetime) -> int:
    """What was written to staff and back."""
    these = select(RequestMessage.id).where(RequestMessage.created_at < now - CHAT, RequestMessage.text != "")
    emptied = update(RequestMessage).where(RequestMessage.id.in_(these.limit(CHUNK))).values(text="")
    return _count(session.execute(emptied.execution_options(synchronize_session=False)))


def _bodies(session: Session, now: datetime) -> int:
    """The words of messages that are done with."""
    over = or_(
        Outgoing.state.in_(("sent", "cancelled", "failed")) & (Outgoing.created_at < now - BODIES),
        (Outgoing.state == "unsure") & (Outgoing.created_at < now - DOUBTS),
    )
    full = func.length(cast(Outgoing.body, String)) > 2
    these = select(Outgoing.id).where(over, full, Outgoing.due_at < now - BODIES).limit(CHUNK)
    emptied = update(Outgoing).where(Outgoing.id.in_(these)).values(body={})
    return _count(session.execute(emptied.execution_options(synchronize_session=False)))


def _children(session: Session, now: datetime) -> int:
    """Children whose guardian did not confirm in time. Not while a code still works or staff are asked to help them."""
    children = person.unconfirmed(session, now, CHUNK)
    for child_id in children:
        erasure.erase(session, now, child_id)
    return len(children)


def _ledger(session: Session, now: datetime) -> int:
    """Whom a paid message went to; the sums of the months stay."""
    return _delete(PaidMessage, PaidMessage.id, PaidMessage.at < now - AUDIT)(session)


STEPS: tuple[Step, ...] = (
    _inbox,
    _codes,
    _tries,
    _standing,
    _attachments,
    _audit,
    _mandates,
    _notes,
    _talks,
    _requests,
    _bodies,
    _ledger,
    _children,
)


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
