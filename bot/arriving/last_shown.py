"""What somebody saw last that they had not asked for: a reminder, an offer. A number that they write counts in it."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.sending import envelope
from conversations.engine.shown import numbered
from models.messages.conversation import Talk
from models.messages.message import Outgoing
from models.messages.sending import OPEN

LOOKED_THROUGH = 8
"""How many of the newest messages are looked through for buttons."""


def shown_since(session: Session, address_id: int) -> tuple[str, ...] | None:
    """The payloads that digits count under what was shown at an address after its last turn.

    None where nothing with buttons came since, or where the replies of that turn are what is seen last.
    """
    found = session.execute(
        select(Outgoing.kind, Outgoing.body, Outgoing.created_at, Outgoing.sent_at, Talk.changed_at)
        .join(Talk, Talk.address_id == Outgoing.address_id)
        .where(Outgoing.address_id == address_id)
        .where(or_(Outgoing.sent_at > Talk.changed_at, and_(OPEN, Outgoing.kind == "reply")))
        .order_by(Outgoing.sent_at.desc().nulls_first(), Outgoing.id.desc())
        .limit(LOOKED_THROUGH)
    ).all()
    for kind, body, created_at, sent_at, changed_at in found:
        if kind == "reply" and created_at <= changed_at:
            return None
        if sent_at is None or created_at == changed_at or not body:
            continue
        message = envelope.from_json(body)
        buttons = (*(button for card in message.cards for button in card.buttons), *message.buttons)
        if buttons:
            return numbered(buttons)
    return None
