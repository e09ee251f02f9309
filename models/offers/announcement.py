"""Announcements: what is on at a known hour somewhere else (television, a seminar), and what shows that it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, When, fresh_token, to
from models.messages.message import StoredAttachment
from models.messages.reminder import Earlier, Reminder, drop

BEFORE = 60
"""Minutes before, in which who asked for it is reminded."""
KEEP_EVIDENCE = timedelta(days=3650)
"""Photos for the report stay until the project has been accounted for; staff can take them away at once."""
ABOUT = "event"


class Announcement(Base):
    """Something to be seen or heard at `starts_at` (UTC, told in `zone`); `place` is the channel, studio or hall.

    `topic` is the news topic it belongs to. States: open, cancelled. `sequence` grows when it is moved.
    """

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("code"), Index("ix_announcement_starts_at", "starts_at"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    author_id: Mapped[int | None] = mapped_column(to("person"))
    topic: Mapped[str] = mapped_column(String(12))
    title: Mapped[Object]
    place: Mapped[Object]
    starts_at: Mapped[When]
    zone: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(12), default="open")
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[When]


class Evidence(Base):
    """What shows that an announcement took place: a link or a photo, for the report."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_announcement_id", "announcement_id"),)

    id: Mapped[Id]
    announcement_id: Mapped[int] = mapped_column(to("announcement", ondelete="CASCADE"))
    link: Mapped[str] = mapped_column(String(300), default="")
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    added_by_id: Mapped[int] = mapped_column(to("person"))
    created_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def announce(
    session: Session,
    now: datetime,
    *,
    organisation_id: int,
    author_id: int,
    topic: str,
    title: Mapping[str, str],
    place: Mapping[str, str],
    starts_at: datetime,
    zone: str,
) -> Announcement:
    """Announce something. Its code is short enough to be read out."""
    row = Announcement(
        code=fresh_token(),
        organisation_id=organisation_id,
        author_id=author_id,
        topic=topic,
        title=dict(title),
        place=dict(place),
        starts_at=starts_at,
        zone=zone,
        created_at=now,
    )
    session.add(row)
    session.flush()
    row.code = f"e{row.id}"
    session.flush()
    return row


def to_come(session: Session, now: datetime) -> list[Announcement]:
    """What is announced and has not begun, the nearest first."""
    query = select(Announcement).where(Announcement.state == "open", Announcement.starts_at > now)
    return list(session.scalars(query.order_by(Announcement.starts_at, Announcement.id)))


def of(session: Session, organisations: set[int]) -> list[Announcement]:
    """What some organisations have announced, the latest first: evidence is added afterwards."""
    query = select(Announcement).where(Announcement.organisation_id.in_(organisations))
    return list(session.scalars(query.order_by(Announcement.starts_at.desc(), Announcement.id.desc())))


def locked(session: Session, announcement_id: int) -> Announcement | None:
    """An announcement, locked and read afresh."""
    return session.get(Announcement, announcement_id, with_for_update=True, populate_existing=True)


def remind(session: Session, now: datetime, row: Announcement, person_id: int, due_at: datetime) -> str:
    """Plan one person's reminder: "planned", "already", or "late" where it would come too late to help."""
    if row.state != "open" or row.starts_at <= now:
        return "late"
    there = session.scalars(
        select(Reminder).where(
            Reminder.about == ABOUT,
            Reminder.about_id == row.id,
            Reminder.recipient_id == person_id,
            Reminder.sequence == row.sequence,
        )
    ).first()
    if there is not None and there.state in ("planned", "queued", "sent"):
        return "already"
    if due_at <= now:
        return "late"
    if there is None:
        there = Reminder(about=ABOUT, about_id=row.id, recipient_id=person_id, before_minutes=BEFORE)
        there.sequence = row.sequence
        session.add(there)
    there.due_at, there.state, there.reason = due_at, "planned", ""
    session.flush()
    return "planned"


def asked(session: Session, announcement_id: int) -> list[int]:
    """Who is to be reminded, or was."""
    rows = select(Reminder.recipient_id).where(
        Reminder.about == ABOUT,
        Reminder.about_id == announcement_id,
        Reminder.state.in_(("planned", "queued", "sent")),
    )
    return sorted(set(session.scalars(rows)))


def move(session: Session, now: datetime, row: Announcement, starts_at: datetime, earlier: Earlier) -> list[int]:
    """Move it: who asked is reminded at the new time. Returns who that is. Raises ValueError for a past time."""
    if starts_at <= now:
        raise ValueError("that time is over")
    people = asked(session, row.id)
    drop(session, ABOUT, row.id, "moved")
    row.starts_at, row.sequence = starts_at, row.sequence + 1
    session.flush()
    for person_id in people:
        remind(session, now, row, person_id, earlier(starts_at - timedelta(minutes=BEFORE), row.zone))
    return people


def cancel(session: Session, row: Announcement) -> list[int]:
    """It does not take place. Returns who had asked to be reminded."""
    people = asked(session, row.id)
    row.state = "cancelled"
    drop(session, ABOUT, row.id)
    session.flush()
    return people


def add_evidence(
    session: Session,
    now: datetime,
    row: Announcement,
    staff_id: int,
    *,
    link: str = "",
    attachment_id: int | None = None,
) -> Evidence:
    """Add a link or a photo that shows that it took place."""
    if attachment_id is not None:
        session.execute(
            update(StoredAttachment).where(StoredAttachment.id == attachment_id).values(keep_until=now + KEEP_EVIDENCE)
        )
    proof = Evidence(
        announcement_id=row.id, link=link[:300], attachment_id=attachment_id, added_by_id=staff_id, created_at=now
    )
    session.add(proof)
    session.flush()
    return proof


def evidence_of(session: Session, announcement_id: int) -> list[Evidence]:
    """What was added, in its order."""
    query = select(Evidence).where(Evidence.announcement_id == announcement_id, Evidence.ended_at.is_(None))
    return list(session.scalars(query.order_by(Evidence.id)))
