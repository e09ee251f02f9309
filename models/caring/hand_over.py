"""How safety cases are handed over: who is asked to take one, when the next one is, and what has been done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, to


class SafetyCase(Base):
    """How a request of the kind "safety" is handed over; the request itself says who has taken it.

    `asked_id` is who was asked last to take it, in the round of that number; at `next_at` (UTC) the next one is, None
    once somebody has it. `write_here` is what the person said of being written to: "", "yes" or "no".
    """

    __tablename__ = "safety_case"
    __table_args__ = (Index("ix_safety_case_next_at", "next_at"),)

    request_id: Mapped[int] = mapped_column(to("request", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    asked_id: Mapped[int | None] = mapped_column(to("person"))
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    round: Mapped[int] = mapped_column(default=1)
    write_here: Mapped[str] = mapped_column(String(4), default="")


class CaseStep(Base):
    """What was done in a case, by whom and when: never a word of what it was about. Each step once a round."""

    __tablename__ = "case_step"
    __table_args__ = (UniqueConstraint("request_id", "step", "person_id", "round"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(to("request", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(to("person"))
    round: Mapped[int] = mapped_column(default=0)
    at: Mapped[When]


def asked(session: Session, request_id: int) -> set[int]:
    """Who has been asked in the present round to take a case."""
    return set(
        session.scalars(
            select(CaseStep.person_id)
            .join(SafetyCase, SafetyCase.request_id == CaseStep.request_id)
            .where(
                CaseStep.request_id == request_id,
                CaseStep.round == SafetyCase.round,
                CaseStep.step.in_(("asked", "handed")),
            )
        )
    )
