"""Feedback on a session: one tap, once; without a name to staff, and only counted from five answers on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending.attendance import Attendance
from models.base import Base, Id, Instant, When, inserting, to
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.people import Person

MOODS = ("good", "so-so", "bad")
FEWEST = 5
"""Below so many answers nothing is shown: who said what would be too easy to guess."""
A_WEEK = 2
"""The most questions of this kind that one person gets in a week; what comes in between is asked together."""
SOON, LATE = timedelta(minutes=30), timedelta(days=7)
"""How long after the end it is asked at the soonest, and at the latest."""
LONGEST = timedelta(days=2)
"""No session is longer: the index is of beginnings."""
TOGETHER = 3
"""The most sessions asked about in one message."""
NAMED = timedelta(days=30)
"""How long it is known whose answer it is: to take it once only. Then nobody knows."""


class Feedback(Base):
    """Somebody was asked about a session; `mood` once they answered. `person_id` is taken off after a month."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_feedback_person_id_asked_at", "person_id", "asked_at"),
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(to("person", ondelete="SET NULL"))
    asked_at: Mapped[When]
    mood: Mapped[str] = mapped_column(String(8), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


def to_ask(session: Session, now: datetime) -> list[tuple[int, list[Meeting]]]:
    """Who is to be asked about what now: those who were there, each session once, no more than twice a week."""
    asked = select(Feedback.id).where(
        Feedback.session_id == Attendance.session_id, Feedback.person_id == Booking.person_id
    )
    rows = session.execute(
        select(Booking.person_id, Meeting)
        .join(Attendance, Attendance.booking_id == Booking.id)
        .join(Meeting, Meeting.id == Attendance.session_id)
        .join(Person, Person.id == Booking.person_id)
        .where(
            Attendance.state == "present",
            Booking.state == "booked",
            Meeting.state == "planned",
            Meeting.ends_at <= now - SOON,
            Meeting.ends_at > now - LATE,
            Meeting.starts_at > now - LATE - LONGEST,
            Person.erased_at.is_(None),
            Person.stopped_at.is_(None),
            ~asked.exists(),
        )
        .order_by(Booking.person_id, Meeting.ends_at.desc())
    ).all()
    found: dict[int, list[Meeting]] = {}
    for person_id, meeting in rows:
        found.setdefault(person_id, []).append(meeting)
    return [(person_id, some[:TOGETHER]) for person_id, some in found.items() if _has_room(session, now, person_id)]


def _has_room(session: Session, now: datetime, person_id: int) -> bool:
    """Whether somebody may be asked again: messages are counted, not sessions."""
    wanted = select(func.count(Feedback.asked_at.distinct())).where(
        Feedback.person_id == person_id, Feedback.asked_at > now - timedelta(days=7)
    )
    return (session.scalar(wanted) or 0) < A_WEEK


def ask(session: Session, now: datetime, session_id: int, person_id: int) -> int | None:
    """Note that somebody is asked about a session; None where they were asked already. The row's id."""
    made = inserting(session.get_bind().dialect.name)(Feedback).values(
        session_id=session_id, person_id=person_id, asked_at=now, mood="", words=""
    )
    row = made.on_conflict_do_nothing(index_elements=["session_id", "person_id"]).returning(Feedback.id)
    found = session.execute(row).first()
    return int(found[0]) if found is not None else None


def answer(session: Session, now: datetime, feedback_id: int, person_id: int, mood: str) -> str:
    """Take the one answer: "thanks", "already" where there is one, "gone" for whoever was not asked."""
    row = session.get(Feedback, feedback_id, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != person_id or mood not in MOODS:
        return "gone"
    if row.mood:
        return "already"
    row.mood, row.answered_at = mood, now
    session.flush()
    return "thanks"


def add_words(session: Session, feedback_id: int, person_id: int, words: str) -> bool:
    """Keep a few words with an answer, once."""
    row = session.get(Feedback, feedback_id, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != person_id or not row.mood or row.words:
        return False
    row.words = words
    session.flush()
    return True


def counts(session: Session, listing_id: int) -> dict[str, int]:
    """How a listing was liked: counts by mood; nothing at all below five answers."""
    rows = session.execute(
        select(Feedback.mood, func.count())
        .join(Meeting, Meeting.id == Feedback.session_id)
        .where(Meeting.listing_id == listing_id, Feedback.mood != "")
        .group_by(Feedback.mood)
    ).all()
    found = {mood: int(n) for mood, n in rows}
    return found if sum(found.values()) >= FEWEST else {}


def words_of(session: Session, listing_id: int, most: int = 10) -> Sequence[str]:
    """What was written with the answers, in no order that tells who wrote it; nothing below five answers."""
    if not counts(session, listing_id):
        return ()
    written = session.scalars(
        select(Feedback.words)
        .join(Meeting, Meeting.id == Feedback.session_id)
        .where(Meeting.listing_id == listing_id, Feedback.words != "")
        .order_by(Feedback.id.desc())
        .limit(most)
    ).all()
    return sorted(written)


def forget_names(session: Session, now: datetime, most: int) -> int:
    """Answers older than a month belong to nobody. How many that were."""
    old = select(Feedback.id).where(Feedback.asked_at < now - NAMED, Feedback.person_id.is_not(None)).limit(most)
    done = session.execute(
        update(Feedback)
        .where(Feedback.id.in_(old))
        .values(person_id=None)
        .returning(Feedback.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(done)


def forget(session: Session, person_id: int) -> None:
    """Of somebody who is erased the taps stay, as nobody's; their words go, and what they did not answer."""
    session.execute(delete(Feedback).where(Feedback.person_id == person_id, Feedback.mood == ""))
    session.execute(update(Feedback).where(Feedback.person_id == person_id).values(person_id=None, words=""))
