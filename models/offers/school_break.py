"""School breaks that staff entered, beside those the house knows (bot/times/school_breaks.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, to

LONGEST = 100
"""The most days of a break: a summer."""


class SchoolBreak(Base):
    """Days without school in a country, from one to another, as an organisation entered them for its own series."""

    __tablename__ = "school_break"
    __table_args__ = (
        Index("ix_school_break_organisation_id", "organisation_id"),
        CheckConstraint("last_day >= first_day", name="order"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    country: Mapped[str] = mapped_column(String(2))
    first_day: Mapped[date]
    last_day: Mapped[date]


def breaks_of(session: Session, organisation_ids: Sequence[int]) -> Sequence[SchoolBreak]:
    """The breaks that organisations entered, by their days."""
    rows = select(SchoolBreak).where(SchoolBreak.organisation_id.in_(organisation_ids))
    return session.scalars(rows.order_by(SchoolBreak.first_day, SchoolBreak.id)).all()


def add(session: Session, organisation_id: int, country: str, first: date, last: date) -> SchoolBreak | None:
    """Enter a break; the same one twice stays one. None where its days are in the wrong order, or too many."""
    if last < first or (last - first).days > LONGEST:
        return None
    same = select(SchoolBreak).where(
        SchoolBreak.organisation_id == organisation_id,
        SchoolBreak.country == country,
        SchoolBreak.first_day == first,
        SchoolBreak.last_day == last,
    )
    row = session.scalars(same).first()
    if row is None:
        row = SchoolBreak(organisation_id=organisation_id, country=country, first_day=first, last_day=last)
        session.add(row)
        session.flush()
    return row


def remove(session: Session, organisation_id: int, break_id: int) -> bool:
    """Take a break away again. False where it is not that organisation's."""
    row = session.get(SchoolBreak, break_id)
    if row is None or row.organisation_id != organisation_id:
        return False
    session.delete(row)
    session.flush()
    return True
