"""What a platform tells of a message afterwards: that it was delivered, was seen, or could not be shown after all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.campaigns.broadcast import Recipient
from models.messages.message import Outgoing
from models.messages.reminder import Reminder
from models.who.people import Address

Receipt = Literal["done", "unknown", "early"]
Noting = Callable[[str, int], None]
"""Tells staff what was refused: its class and the reason, and which message it was."""


def receive(
    session: Session,
    now: datetime,
    channel: str,
    external_id: str,
    shown_id: str,
    event: str,
    reason: str,
    tell: Noting,
) -> Receipt:
    """Write down a receipt: "delivered", "seen" or "failed" for the message with that id on the platform.

    A repeated one changes nothing. One of a message that nobody knows is "unknown"; "early" where something is
    on its way to that address just now, so that its id may be known in a moment.
    """
    if not shown_id:
        return "unknown"
    theirs = select(Address.id).where(Address.channel == channel, Address.external_id == external_id)
    found = session.scalars(
        select(Outgoing)
        .where(Outgoing.address_id.in_(theirs), Outgoing.shown_id == shown_id)
        .order_by(Outgoing.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if found is None:
        flying = select(Outgoing.id).where(
            Outgoing.address_id.in_(theirs), Outgoing.state.in_(("waiting", "sending")), Outgoing.due_at <= now
        )
        return "early" if session.scalars(flying.limit(1)).first() is not None else "unknown"
    if event == "failed":
        _failed(session, found, reason, tell)
        return "done"
    if event == "seen":
        found.seen_at = found.seen_at or now
    found.delivered_at = found.delivered_at or now
    return "done"


def _failed(session: Session, row: Outgoing, reason: str, tell: Noting) -> None:
    """Taken by the platform, and then not shown by the phone: what it belongs to was not said either."""
    if row.state != "sent" or row.seen_at is not None:
        return
    why = (reason or "not shown")[:64]
    row.state, row.reason = "failed", why
    if row.reminder_id is not None:
        session.execute(
            update(Reminder)
            .where((Reminder.id == row.reminder_id) | (Reminder.said_with_id == row.reminder_id))
            .where(Reminder.state == "sent")
            .values(state="missed", reason=why)
        )
    if row.broadcast_id is not None:
        session.execute(update(Recipient).where(Recipient.outgoing_id == row.id).values(state="failed", reason=why))
    tell(f"{row.kind}: {why}", row.id)
