"""Clubs with members: who belongs to one, and what members propose. Members are counted, never listed to each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Date, Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.offers.listing import Listing
from models.who.people import Person

PROPOSALS_EACH = 3
"""So many proposals of one member may wait at a time."""
PROPOSAL_KEPT = timedelta(days=366)


class Club(Base):
    """Makes a listing a club that one belongs to, not only a row of meetings."""

    __tablename__ = "club"

    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"), primary_key=True, autoincrement=False)


class Membership(Base):
    """Somebody belongs to a club, from when to when."""

    __tablename__ = "membership"
    __table_args__ = (
        partial_index("uq_membership_now", "listing_id", "person_id", unique=True, where="left_at IS NULL"),
        Index("ix_membership_person_id", "person_id"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    person_id: Mapped[int] = mapped_column(to("person"))
    joined_at: Mapped[When]
    left_at: Mapped[datetime | None] = mapped_column(Instant)


class Proposal(Base):
    """What a member would like the club to do. States: new, accepted, hidden. `person_id` goes once staff decided."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_listing_id_state", "listing_id", "state"),
        Index("ix_proposal_person_id", "person_id"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    person_id: Mapped[int | None] = mapped_column(to("person"))
    words: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8), default="new")
    day: Mapped[date] = mapped_column(Date)


def is_club(session: Session, listing_id: int) -> bool:
    """True for a listing that one belongs to."""
    return session.get(Club, listing_id) is not None


def membership(session: Session, listing_id: int, person_id: int) -> Membership | None:
    """The membership that somebody has now."""
    return session.scalars(
        select(Membership).where(
            Membership.listing_id == listing_id, Membership.person_id == person_id, Membership.left_at.is_(None)
        )
    ).first()


def members(session: Session, listing_id: int) -> list[int]:
    """Who belongs to a club now: for those who write to them, never to be shown to members."""
    return list(
        session.scalars(
            select(Membership.person_id)
            .where(Membership.listing_id == listing_id, Membership.left_at.is_(None))
            .order_by(Membership.person_id)
        )
    )


def member_count(session: Session, listing_id: int) -> int:
    """How many belong to it now."""
    counted = select(func.count()).select_from(Membership)
    return session.scalar(counted.where(Membership.listing_id == listing_id, Membership.left_at.is_(None))) or 0


def join(session: Session, now: datetime, listing_id: int, person_id: int) -> str:
    """Join: "joined", or "already", "closed", "age". The listing is locked, and a unique index stands behind it."""
    listing = session.get(Listing, listing_id, with_for_update=True, populate_existing=True)
    person = session.get(Person, person_id)
    if listing is None or person is None or not is_club(session, listing_id) or listing.state != "open":
        return "closed"
    if listing.bands and person.band not in listing.bands:
        return "age"
    if membership(session, listing_id, person_id) is not None:
        return "already"
    session.add(Membership(listing_id=listing_id, person_id=person_id, joined_at=now))
    session.flush()
    return "joined"


def leave(session: Session, now: datetime, listing_id: int, person_id: int) -> bool:
    """Leave. False for somebody who is no member."""
    mine = membership(session, listing_id, person_id)
    if mine is None:
        return False
    mine.left_at = now
    session.flush()
    return True


def propose(session: Session, day: date, listing_id: int, person_id: int, words: str) -> str:
    """A member proposes something: "kept" (the same again is there already), or "members", "many"."""
    if membership(session, listing_id, person_id) is None:
        return "members"
    words, waiting = words[:300], select(Proposal.words).where(Proposal.state == "new")
    mine = session.scalars(waiting.where(Proposal.listing_id == listing_id, Proposal.person_id == person_id)).all()
    if words.casefold() in map(str.casefold, mine):
        return "kept"
    if len(mine) >= PROPOSALS_EACH:
        return "many"
    session.add(Proposal(listing_id=listing_id, person_id=person_id, words=words, day=day))
    session.flush()
    return "kept"


def proposals(session: Session, listing_id: int, state: str) -> list[Proposal]:
    """What was proposed to a club and is in that state, oldest first."""
    wanted = select(Proposal).where(Proposal.listing_id == listing_id, Proposal.state == state)
    return list(session.scalars(wanted.order_by(Proposal.id)))


def decide(session: Session, proposal_id: int, state: str) -> Proposal | None:
    """Staff accept a proposal or hide it; None if that was done. Whose it was is forgotten by `let_go`."""
    row = session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != "new":
        return None
    row.state = state
    session.flush()
    return row


def let_go(session: Session, row: Proposal) -> None:
    """Whose proposal it was need not be known any more."""
    row.person_id = None
    session.flush()


def forget(session: Session, person_id: int) -> None:
    """Somebody is erased: their memberships go, and what they proposed and nobody has accepted yet."""
    session.execute(delete(Membership).where(Membership.person_id == person_id))
    session.execute(delete(Proposal).where(Proposal.person_id == person_id, Proposal.state == "new"))
    session.execute(update(Proposal).where(Proposal.person_id == person_id).values(person_id=None))


def keep_no_longer(session: Session, now: datetime, most: int) -> int:
    """Forget old proposals and memberships that ended long ago. Returns how many rows that were."""
    before = now - PROPOSAL_KEPT
    old = session.scalars(select(Proposal.id).where(Proposal.day < before.date()).limit(most)).all()
    session.execute(delete(Proposal).where(Proposal.id.in_(old)))
    gone = session.scalars(select(Membership.id).where(Membership.left_at < before).limit(most)).all()
    session.execute(delete(Membership).where(Membership.id.in_(gone)))
    return len(old) + len(gone)
