"""Keeping the answer book: staff write, correct, confirm and retire its cards, and are told when one runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import fresh_token
from models.caring.answer import AnswerCard, AnswerVoice
from models.messages.message import StoredAttachment

REVIEW = timedelta(days=180)
"""How long an answer counts as right, unless its author says otherwise."""
WARN = timedelta(days=14)
"""How long before that its owner is told."""
KEEP_VOICE = timedelta(days=3650)
"""A voice version stays as long as the answer: until it is replaced or the answer retired."""
WORDS = ("question", "answer")


def add(
    session: Session,
    *,
    organisation_id: int,
    owner_id: int,
    topic: str,
    country: str,
    town_id: int | None,
    question: Mapping[str, str],
    answer: Mapping[str, str],
    source: str,
    source_date: date,
    review_on: date,
) -> AnswerCard:
    """Add a card, which people see from now on."""
    card = AnswerCard(
        code=fresh_token(),
        organisation_id=organisation_id,
        owner_id=owner_id,
        topic=topic,
        country=country,
        town_id=town_id,
        question=dict(question),
        answer=dict(answer),
        source=source,
        source_date=source_date,
        review_on=review_on,
    )
    session.add(card)
    session.flush()
    card.code = f"a{card.id}"  # short enough to be read out; answers are no secret
    session.flush()
    return card


def locked(session: Session, card_id: int) -> AnswerCard | None:
    """A card of the book, locked and read afresh; None for one that is not there or was retired."""
    card = session.get(AnswerCard, card_id, with_for_update=True, populate_existing=True)
    return card if card is not None and card.retired_at is None else None


def confirm(session: Session, card: AnswerCard, today: date, owner_id: int, *, days: int = REVIEW.days) -> None:
    """It is still true: the review date moves, and whoever said so looks after it from now on."""
    card.review_on = today + timedelta(days=days)
    card.warned_on = card.hidden_on = None
    card.owner_id = owner_id
    session.flush()


def correct(session: Session, card: AnswerCard, field: str, language: str, words: str) -> None:
    """Change the question or the answer in one language. Raises ValueError for another field."""
    if field not in WORDS:
        raise ValueError(f"a card has no {field!r}")
    setattr(card, field, {**getattr(card, field), language: words})
    session.flush()


def retire(session: Session, now: datetime, card: AnswerCard) -> None:
    """Take a card out of the book. Its voices go at once, its counts stay."""
    card.retired_at = now
    for voice in session.scalars(select(AnswerVoice).where(AnswerVoice.card_id == card.id)).all():
        _drop(session, now, voice)
    session.flush()


def set_voice(session: Session, now: datetime, card_id: int, language: str, attachment_id: int) -> None:
    """Attach a voice note in one language, in place of an earlier one."""
    earlier = session.get(AnswerVoice, (card_id, language))
    if earlier is not None:
        _drop(session, now, earlier)
        session.flush()
    session.get_one(StoredAttachment, attachment_id).keep_until = now + KEEP_VOICE
    session.add(AnswerVoice(card_id=card_id, language=language, attachment_id=attachment_id))
    session.flush()


def _drop(session: Session, now: datetime, voice: AnswerVoice) -> None:
    session.get_one(StoredAttachment, voice.attachment_id).keep_until = now
    session.delete(voice)


def voice_of(session: Session, card_id: int, language: str) -> int | None:
    """The attachment of a card's voice in that language; None where nobody has read it aloud."""
    voice = session.get(AnswerVoice, (card_id, language))
    return voice.attachment_id if voice else None


def in_the_book(session: Session, organisations: set[int]) -> list[AnswerCard]:
    """Every card that staff of these organisations look after, with the house's own; those that run out come first."""
    if not organisations:
        return []
    mine = or_(AnswerCard.organisation_id.is_(None), AnswerCard.organisation_id.in_(organisations))
    query = select(AnswerCard).where(mine, AnswerCard.retired_at.is_(None))
    return list(session.scalars(query.order_by(AnswerCard.review_on, AnswerCard.id)))


def running_out(session: Session, today: date) -> list[AnswerCard]:
    """Cards that are hidden within 14 days, or are by now, and whose owner has not been told so yet; locked."""
    due = select(AnswerCard).where(AnswerCard.retired_at.is_(None), AnswerCard.review_on <= today + WARN)
    hidden = (AnswerCard.review_on <= today) & or_(
        AnswerCard.hidden_on.is_(None), AnswerCard.hidden_on != AnswerCard.review_on
    )
    warned = (AnswerCard.review_on > today) & or_(
        AnswerCard.warned_on.is_(None), AnswerCard.warned_on != AnswerCard.review_on
    )
    rows = session.scalars(due.where(or_(hidden, warned)).order_by(AnswerCard.id).with_for_update(skip_locked=True))
    return list(rows)


def told(card: AnswerCard, today: date) -> None:
    """Its owner has been told of this review date."""
    card.warned_on = card.review_on
    if card.review_on <= today:
        card.hidden_on = card.review_on
