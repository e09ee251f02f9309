"""What interests somebody, from a few questions about occupations: theirs alone, and gone by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Several, When, to

KEEP = timedelta(days=30)


class Leaning(Base):
    """Fields of work in the order somebody leans to them. Nobody but the person reads this. Deleted at `until`."""

    __tablename__ = "leaning"
    __table_args__ = (Index("ix_leaning_until", "until"),)

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    areas: Mapped[Several]
    made_at: Mapped[When]
    until: Mapped[When]


def keep(session: Session, now: datetime, person_id: int, areas: tuple[str, ...]) -> datetime:
    """Keep a result in place of the one before; returns when it deletes itself (UTC)."""
    forget(session, person_id)
    session.add(Leaning(person_id=person_id, areas=list(areas), made_at=now, until=now + KEEP))
    session.flush()
    return now + KEEP


def mine(session: Session, now: datetime, person_id: int) -> Leaning | None:
    """A person's own result, as long as it lasts."""
    found = session.get(Leaning, person_id)
    return found if found is not None and found.until > now else None


def forget(session: Session, person_id: int) -> None:
    """Delete a person's result at once."""
    session.execute(delete(Leaning).where(Leaning.person_id == person_id))
    session.expire_all()
