"""Questions for a lesson: what somebody with a place wants to ask there. Gone two weeks after the session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, When, to
from models.messages.message import StoredAttachment
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.placed import has_place, placed_at

KEEP = timedelta(days=14)
"""How long after the end of the session questions are kept."""
MOST = 5
"""The most questions of one person for one session."""


class LessonQuestion(Base):
    """What somebody wants to ask in a session: words, or a photo or voice note (`attachment_id`)."""

    __tablename__ = "lesson_question"
    __table_args__ = (
        Index("ix_lesson_question_session_id", "session_id"),
        Index("ix_lesson_question_person_id", "person_id"),
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    created_at: Mapped[When]


def ask(
    session: Session,
    now: datetime,
    booking: Booking,
    meeting: Meeting,
    text: str,
    attachment: StoredAttachment | None,
) -> str:
    """Keep a question: "kept", "many" where there are enough, "late" once it is over or there is no place."""
    if not has_place(booking, meeting) or meeting.state != "planned" or meeting.ends_at <= now:
        return "late"
    mine = select(func.count()).where(
        LessonQuestion.session_id == meeting.id, LessonQuestion.person_id == booking.person_id
    )
    if (session.scalar(mine) or 0) >= MOST:
        return "many"
    if attachment is not None:
        attachment.keep_until = meeting.ends_at + KEEP
    session.add(
        LessonQuestion(
            session_id=meeting.id,
            person_id=booking.person_id,
            text=text,
            attachment_id=attachment.id if attachment else None,
            created_at=now,
        )
    )
    session.flush()
    return "kept"


def of_session(session: Session, meeting: Meeting) -> Sequence[LessonQuestion]:
    """The questions of everybody who still has a place, in the order they came."""
    have = select(Booking.person_id).where(*placed_at(meeting))
    return session.scalars(
        select(LessonQuestion)
        .where(LessonQuestion.session_id == meeting.id, LessonQuestion.person_id.in_(have))
        .order_by(LessonQuestion.id)
    ).all()


def over(session: Session, now: datetime, most: int) -> int:
    """Delete questions whose session ended more than two weeks ago, with what was sent with them. How many."""
    rows = session.execute(
        select(LessonQuestion.id, LessonQuestion.attachment_id)
        .join(Meeting, Meeting.id == LessonQuestion.session_id)
        .where(Meeting.ends_at < now - KEEP)
        .limit(most)
    ).all()
    session.execute(delete(LessonQuestion).where(LessonQuestion.id.in_([row[0] for row in rows])))
    sent = [row[1] for row in rows if row[1] is not None]
    session.execute(delete(StoredAttachment).where(StoredAttachment.id.in_(sent)))
    return len(rows)
