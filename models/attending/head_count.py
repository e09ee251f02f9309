"""How many people were at a session where nobody is asked for a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending.attendance import MARK_BEFORE
from models.base import Base, Object, When, to
from models.places.locking import lock_session
from models.who.people import BANDS

MOST = 5000


class HeadCount(Base):
    """People at a session, counted: in all, and as far as it was noted girls, boys, unsaid, and by age band.

    No names: nobody can be found in it. `bands` is an object of numbers by band.
    """

    __tablename__ = "head_count"
    __table_args__ = (
        CheckConstraint("total >= 0 AND girls >= 0 AND boys >= 0 AND unsaid >= 0", name="counted"),
        CheckConstraint("girls + boys + unsaid <= total", name="parts"),
    )

    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    total: Mapped[int]
    girls: Mapped[int] = mapped_column(default=0)
    boys: Mapped[int] = mapped_column(default=0)
    unsaid: Mapped[int] = mapped_column(default=0)
    bands: Mapped[Object]
    entered_by_id: Mapped[int] = mapped_column(to("person"))
    entered_at: Mapped[When]


@dataclass(frozen=True, slots=True)
class Counted:
    """What staff counted. Parts that were not noted are 0; `bands` may leave bands out."""

    total: int
    girls: int = 0
    boys: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)

    def fits(self) -> bool:
        """Whether the parts are no more than the whole."""
        parts = (self.total, self.girls, self.boys, *self.bands.values())
        return (
            all(0 <= part <= MOST for part in parts)
            and set(self.bands) <= set(BANDS)
            and self.girls + self.boys <= self.total
            and sum(self.bands.values()) <= self.total
        )


def enter(session: Session, now: datetime, session_id: int, counted: Counted, by_id: int) -> tuple[str, int]:
    """Write down a head count, or correct it: ("counted" or "corrected", what the total was before).

    ("early", 0) before people come, ("wrong", 0) where the parts are more than the whole.
    """
    meeting = lock_session(session, session_id)
    if meeting is None or meeting.state != "planned" or meeting.starts_at - MARK_BEFORE > now:
        return "early", 0
    if not counted.fits():
        return "wrong", 0
    row = session.get(HeadCount, session_id)
    before = row.total if row is not None else 0
    outcome = "counted" if row is None else "corrected"
    if row is None:
        row = HeadCount(session_id=session_id)
        session.add(row)
    noted = counted.girls + counted.boys
    row.total, row.girls, row.boys = counted.total, counted.girls, counted.boys
    row.unsaid = counted.total - noted if noted else 0
    row.bands = {band: count for band, count in counted.bands.items() if count}
    row.entered_by_id, row.entered_at = by_id, now
    session.flush()
    return outcome, before
