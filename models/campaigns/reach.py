"""How far something reached: counts by day and nothing else. No row of these says who."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, inserting

KINDS = ("answer", "listing", "town", "broadcast", "event", "site")
"""What is counted: an answer, something published, a town's page, a message to many, an announcement, a place."""
WHAT = ("page", "chat", "tapped", "voice", "asked")
"""How it was reached: its page (a shared link), in the chat, by a button of a message, heard; or led to a question."""
SMALL = 5
"""Fewer than so many are not told apart (services.md part 2): a count of two may name somebody in a village."""


class ReachCount(Base):
    """How often something was reached in one way on one day."""

    __tablename__ = "reach_count"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    about_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


def count(session: Session, today: date, kind: str, about_id: int, what: str) -> None:
    """Add one, in one statement. Raises ValueError for a kind or a way that is not counted."""
    if kind not in KINDS or what not in WHAT:
        raise ValueError(f"{kind} {what} is not counted")
    made = inserting(session.get_bind().dialect.name)(ReachCount).values(
        kind=kind, about_id=about_id, what=what, day=today, n=1
    )
    session.execute(
        made.on_conflict_do_update(
            index_elements=["kind", "about_id", "what", "day"], set_={"n": ReachCount.__table__.c.n + 1}
        )
    )


def totals(session: Session, kind: str, about_id: int, since: date) -> dict[str, int]:
    """How often it was reached since a day, by each way."""
    rows = session.execute(
        select(ReachCount.what, func.sum(ReachCount.n))
        .where(ReachCount.kind == kind, ReachCount.about_id == about_id, ReachCount.day >= since)
        .group_by(ReachCount.what)
    )
    return {what: int(n) for what, n in rows}
