"""How the learning goes: a few lines on a pupil, written after a lesson by who led it or by staff.

About learning only. The pupil reads it, and whoever speaks for a young child; nobody else outside the organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending.attendance import MARK_BEFORE
from models.base import Base, Id, When, to
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.locking import lock_session
from models.places.placed import has_place
from models.who.people import Guardianship

KEEP = timedelta(days=180)
"""How long after the lesson it is kept: a school term and the holidays after it."""
MOST = 500
"""The most letters of one."""


class LearningNote(Base):
    """A few lines on how somebody's learning went at a lesson: one for each lesson and person, the last words count."""

    __tablename__ = "learning_note"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_learning_note_person_id", "person_id"),
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(to("person"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[When]


def write(session: Session, now: datetime, booking: Booking, meeting: Meeting, text: str, by_id: int) -> str:
    """Keep the lines of a lesson that has begun: "first" or "changed"; "gone" without a place there; "early".

    Whoever calls has authorised it. Of two who write at once the later one changes what the first wrote.
    """
    lock_session(session, meeting.id)
    if not has_place(booking, meeting) or meeting.state != "planned":
        return "gone"
    if meeting.starts_at - MARK_BEFORE > now:
        return "early"
    known = at_lesson(session, meeting.id, booking.person_id)
    row = known or LearningNote(session_id=meeting.id, person_id=booking.person_id)
    row.text, row.author_id, row.at = text[:MOST], by_id, now
    session.add(row)
    session.flush()
    return "changed" if known is not None else "first"


def at_lesson(session: Session, session_id: int, person_id: int) -> LearningNote | None:
    """What was written on somebody at a lesson."""
    return session.scalars(
        select(LearningNote).where(LearningNote.session_id == session_id, LearningNote.person_id == person_id)
    ).first()


def of_listing(session: Session, listing_id: int, person_id: int) -> Sequence[LearningNote]:
    """Everything written on somebody at the lessons of a listing, the newest lesson first."""
    return session.scalars(
        select(LearningNote)
        .join(Meeting, Meeting.id == LearningNote.session_id)
        .where(Meeting.listing_id == listing_id, LearningNote.person_id == person_id)
        .order_by(Meeting.starts_at.desc(), LearningNote.id.desc())
    ).all()


def may_read(session: Session, reader_id: int, person_id: int) -> bool:
    """True for the pupil, and for a guardian who speaks for them: until the young person decides alone.

    Neither for helpers nor for the holder of a phone that somebody shares: it is not theirs.
    """
    if reader_id == person_id:
        return True
    link = select(Guardianship.id).where(
        Guardianship.guardian_id == reader_id,
        Guardianship.child_id == person_id,
        Guardianship.ended_at.is_(None),
        Guardianship.grown_at.is_(None),
    )
    return session.scalars(link.limit(1)).first() is not None


def remove(session: Session, session_id: int, person_id: int) -> bool:
    """Take the lines of a lesson away. False if there were none."""
    gone = delete(LearningNote).where(LearningNote.session_id == session_id, LearningNote.person_id == person_id)
    return bool(session.execute(gone.returning(LearningNote.id)).all())


def forget(session: Session, person_id: int) -> None:
    """Of somebody who is erased: what was written on them goes; what they wrote stays without them."""
    session.execute(delete(LearningNote).where(LearningNote.person_id == person_id))
    session.execute(update(LearningNote).where(LearningNote.author_id == person_id).values(author_id=None))


def over(session: Session, now: datetime, most: int) -> int:
    """Delete what is of lessons longer ago than it is kept. How many rows."""
    old = select(LearningNote.id).join(Meeting, Meeting.id == LearningNote.session_id)
    these = list(session.scalars(old.where(Meeting.ends_at < now - KEEP).limit(most)))
    session.execute(delete(LearningNote).where(LearningNote.id.in_(these)))
    return len(these)
