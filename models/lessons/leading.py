"""Leaders: who leads a session, a tutor or trainer. The roster of an organisation, and what somebody leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.locking import lock_session

INVITE = "leader"
"""The purpose of the one-time code by which a leader comes to use the bot."""
INVITE_LASTS = timedelta(days=7)
LOOK_BACK = timedelta(days=14)
"""How long after a session its leader still sees its list."""


class Leader(Base):
    """Somebody on an organisation's roster. `person_id` is who they are here, once they use the bot."""

    __tablename__ = "leader"
    __table_args__ = (Index("ix_leader_organisation_id", "organisation_id"), Index("ix_leader_person_id", "person_id"))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    called: Mapped[str] = mapped_column(String(320))
    person_id: Mapped[int | None] = mapped_column(to("person"))
    created_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def roster(session: Session, organisation_ids: set[int]) -> Sequence[Leader]:
    """Who leads sessions of these organisations now, by name."""
    return session.scalars(
        select(Leader)
        .where(Leader.organisation_id.in_(organisation_ids), Leader.ended_at.is_(None))
        .order_by(Leader.called, Leader.id)
    ).all()


def add(session: Session, now: datetime, organisation_id: int, called: str) -> Leader:
    """Put somebody on the roster; the same name is not put there twice."""
    for known in roster(session, {organisation_id}):
        if known.called.casefold() == called.casefold():
            return known
    made = Leader(organisation_id=organisation_id, called=called, created_at=now)
    session.add(made)
    session.flush()
    return made


def end(session: Session, now: datetime, leader: Leader) -> list[int]:
    """Take somebody off the roster; returns the ids of the sessions to come that nobody leads now."""
    leader.ended_at, leader.person_id = now, None
    left = list(session.scalars(select(Meeting.id).where(Meeting.leader_id == leader.id, Meeting.starts_at > now)))
    session.execute(update(Meeting).where(Meeting.id.in_(left)).values(leader_id=None))
    session.flush()
    return left


def lead(session: Session, now: datetime, session_id: int, leader: Leader | None) -> tuple[bool, Leader | None]:
    """Say who leads a session that is not over. (whether that is a change, who led it before)."""
    meeting = lock_session(session, session_id)
    if meeting is None or meeting.state != "planned" or meeting.ends_at <= now:
        return False, None
    before = session.get(Leader, meeting.leader_id) if meeting.leader_id is not None else None
    if meeting.leader_id == (leader.id if leader else None):
        return False, before
    meeting.leader_id = leader.id if leader else None
    session.flush()
    return True, before


def leader_of(session: Session, meeting: Meeting) -> Leader | None:
    """Who leads a session, as long as they are on the roster."""
    found = session.get(Leader, meeting.leader_id) if meeting.leader_id is not None else None
    return found if found is not None and found.ended_at is None else None


def led_by(session: Session, now: datetime, person_id: int) -> list[tuple[Meeting, Listing]]:
    """The sessions that a person leads: those to come and those of the last two weeks, the nearest first."""
    found = session.execute(
        select(Meeting, Listing)
        .join(Listing, Listing.id == Meeting.listing_id)
        .join(Leader, Leader.id == Meeting.leader_id)
        .where(
            Leader.person_id == person_id,
            Leader.ended_at.is_(None),
            Meeting.state == "planned",
            Meeting.ends_at > now - LOOK_BACK,
        )
        .order_by(Meeting.ends_at <= now, Meeting.starts_at, Meeting.id)
    ).all()
    return [(row[0], row[1]) for row in found]


def leads_session(session: Session, now: datetime, person_id: int, meeting: Meeting) -> bool:
    """True for whoever leads a session, until two weeks after it."""
    leader = leader_of(session, meeting)
    return leader is not None and leader.person_id == person_id and meeting.ends_at > now - LOOK_BACK


def forget(session: Session, now: datetime, person_id: int) -> None:
    """Take the name of somebody who is erased off every roster."""
    for row in session.scalars(select(Leader).where(Leader.person_id == person_id)).all():
        end(session, now, row)
        row.called = ""
    session.flush()


def become(session: Session, leader_id: int, person_id: int) -> Leader | None:
    """Make somebody the leader that a code stands for; None where that is over, or somebody else already."""
    leader = session.get(Leader, leader_id, with_for_update=True, populate_existing=True)
    if leader is None or leader.ended_at is not None or leader.person_id not in (None, person_id):
        return None
    leader.person_id = person_id
    session.flush()
    return leader
