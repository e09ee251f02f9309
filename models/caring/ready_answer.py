"""Ready answers: what an organisation says again and again, by name and language."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, When, to

LANGUAGES = ("sr", "bg", "en")
ANSWERS_MOST = 30
"""Ready answers of one organisation: more would not be found in a hurry."""


class ReadyAnswer(Base):
    """A ready answer of an organisation, by name and language ("sr", "bg", "en")."""

    __tablename__ = "ready_answer"
    __table_args__ = (UniqueConstraint("organisation_id", "name", "language"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    name: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int] = mapped_column(to("person"))
    changed_at: Mapped[When]


def answers(session: Session, organisation_id: int) -> list[ReadyAnswer]:
    """The ready answers of an organisation, by name."""
    return list(
        session.scalars(
            select(ReadyAnswer)
            .where(ReadyAnswer.organisation_id == organisation_id)
            .order_by(ReadyAnswer.name, ReadyAnswer.language)
        )
    )


def keep_answer(
    session: Session, now: datetime, organisation_id: int, staff_id: int, language: str, name: str, words: str
) -> bool:
    """Store, change or (without words) remove a ready answer. False where there are too many already.

    Raises ValueError for a language there is not, or without a name.
    """
    if language not in LANGUAGES or not name or len(name) > 40:
        raise ValueError("a ready answer has a language and a short name")
    row = session.scalars(
        select(ReadyAnswer)
        .where(
            ReadyAnswer.organisation_id == organisation_id, ReadyAnswer.name == name, ReadyAnswer.language == language
        )
        .with_for_update()
    ).first()
    if not words:
        if row is not None:
            session.delete(row)
    elif row is not None:
        row.words, row.changed_by_id, row.changed_at = words, staff_id, now
    elif len(answers(session, organisation_id)) >= ANSWERS_MOST:
        return False
    else:
        session.add(
            ReadyAnswer(
                organisation_id=organisation_id,
                name=name,
                language=language,
                words=words,
                changed_by_id=staff_id,
                changed_at=now,
            )
        )
    session.flush()
    return True
