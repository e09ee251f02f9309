"""What happened on a trip, each step once: the bus left, it is late, the count did not fit, it is back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, When, to

LEFT, BACK, LATE, MISCOUNT = "left", "back", "late", "miscount"
"""What happens on a trip: it left with so many, it is back, it is so many minutes late, the count did not fit."""


class TripStep(Base):
    """Something that happened on a trip: each of them once, so that families are told once.

    `number` is the minutes of "late" and the count of "miscount", else 0; `heads` how many people were counted.
    """

    __tablename__ = "trip_step"
    __table_args__ = (CheckConstraint("step IN ('left', 'back', 'late', 'miscount')", name="step"),)

    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    heads: Mapped[int]
    by_id: Mapped[int] = mapped_column(to("person"))
    at: Mapped[When]


def step_of(session: Session, session_id: int, step: str) -> TripStep | None:
    """The newest step of a kind, if it has been."""
    wanted = select(TripStep).where(TripStep.session_id == session_id, TripStep.step == step)
    return session.scalars(wanted.order_by(TripStep.at.desc(), TripStep.number.desc())).first()


def note(session: Session, now: datetime, session_id: int, step: str, heads: int, by_id: int, number: int = 0) -> bool:
    """Note a step, under the session's lock that the caller holds. False where it is noted already."""
    if session.get(TripStep, (session_id, step, number)) is not None:
        return False
    session.add(TripStep(session_id=session_id, step=step, number=number, heads=heads, by_id=by_id, at=now))
    session.flush()
    return True
