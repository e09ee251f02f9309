"""The one message for a platform that shows a message in its answer to an arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.sending import envelope
from bot.telling import queue
from conversations.speech import Spoken
from handlers.channel import Arrival
from handlers.fitting import venue_lines
from models.messages.message import Inbox, Outgoing


def as_one(messages: Sequence[Spoken]) -> Spoken | None:
    """All that was said in one message: words below each other, the buttons of the last. None for nothing said.

    Only the last can come with a pin or a file; of the others these are written out.
    """
    if not messages:
        return None
    *before, last = messages
    texts = [text for message in before for text in _written_out(message)]
    return replace(last, text="\n\n".join(text for text in (*texts, last.text) if text), replaces=False)


def answer_with(session: Session, now: datetime, arrival: Arrival, address_id: int, message: Spoken) -> None:
    """Write down that a message is shown by the answer to an arrival: as sent, and kept for when it comes again."""
    written = queue(session, now, address_id, message, "reply")
    session.execute(update(Outgoing).where(Outgoing.id == written).values(state="sent", sent_at=now))
    session.execute(
        update(Inbox)
        .where(Inbox.channel == arrival.channel, Inbox.message_id == arrival.message_id)
        .values(answer_id=written)
    )


def answered_with(session: Session, arrival: Arrival) -> Spoken | None:
    """What was shown by the answer to an arrival that came before; None for nothing, or nothing any more."""
    body = session.scalars(
        select(Outgoing.body)
        .join(Inbox, Inbox.answer_id == Outgoing.id)
        .where(Inbox.channel == arrival.channel, Inbox.message_id == arrival.message_id)
    ).first()
    return envelope.from_json(body) if body else None


def _written_out(message: Spoken) -> tuple[str, ...]:
    cards = tuple(card.text for card in message.cards)
    venue = (venue_lines(message.venue),) if message.venue is not None else ()
    document = (f"📎 {message.document.name}",) if message.document is not None else ()
    return (message.text, *cards, *venue, *document)
