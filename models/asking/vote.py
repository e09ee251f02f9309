"""Votes: one voice for each person, to be changed until the end; then the counts stay and who chose what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.asking import club
from models.asking.survey import FEW
from models.base import Base, Id, Instant, Object, When, inserting, to

OPTIONS_MOST = 20
"""The most things that one vote has to choose from: people see them page by page."""


class Poll(Base):
    """One question with what can be chosen. `listing_id` is the club or event it belongs to.

    `who` is "members" of that club, or "all" who have its code. `shows` says when counts are shown: "voted" (to
    whoever has voted, from FEW votes on) or "end". States: open, closed, and hidden
    while the table that it stands in is being added or taken back.
    """

    __tablename__ = "poll"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_poll_organisation_id", "organisation_id"),
        Index("ix_poll_listing_id", "listing_id"),
        Index("ix_poll_state_closes_at", "state", "closes_at"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    listing_id: Mapped[int | None] = mapped_column(to("listing"))
    author_id: Mapped[int] = mapped_column(to("person"))
    question: Mapped[Object]
    who: Mapped[str] = mapped_column(String(8))
    shows: Mapped[str] = mapped_column(String(8))
    zone: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8), default="open")
    closes_at: Mapped[When]
    created_at: Mapped[When]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class PollOption(Base):
    """Something that can be chosen: words by language, or a moment (`at`, UTC). `votes` is counted at the end."""

    __tablename__ = "poll_option"
    __table_args__ = (Index("ix_poll_option_poll_id", "poll_id"),)

    id: Mapped[Id]
    poll_id: Mapped[int] = mapped_column(to("poll", ondelete="CASCADE"))
    words: Mapped[Object]
    at: Mapped[datetime | None] = mapped_column(Instant)
    votes: Mapped[int] = mapped_column(default=0)


class Ballot(Base):
    """What somebody has chosen, while the vote is open: the key holds one voice for each person."""

    __tablename__ = "ballot"
    __table_args__ = (Index("ix_ballot_person_id", "person_id"), Index("ix_ballot_option_id", "option_id"))

    poll_id: Mapped[int] = mapped_column(to("poll", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(to("person"), primary_key=True, autoincrement=False)
    option_id: Mapped[int] = mapped_column(to("poll_option", ondelete="CASCADE"))


@dataclass(frozen=True, slots=True)
class Tally:
    """How a vote stands: the votes of each option, and how many voted."""

    votes: Mapping[int, int]
    total: int

    @property
    def few(self) -> bool:
        """Too few to tell who chose what apart."""
        return self.total < FEW

    @property
    def first(self) -> tuple[int, ...]:
        """The options with the most votes; none where nobody voted."""
        most = max(self.votes.values(), default=0)
        return tuple(option for option, votes in self.votes.items() if votes == most) if most else ()


def add(session: Session, poll: Poll, options: Sequence[tuple[Mapping[str, str], datetime | None]]) -> Poll:
    """Open a vote with its options, in the order given."""
    session.add(poll)
    session.flush()
    for words, at in options:
        session.add(PollOption(poll_id=poll.id, words=dict(words), at=at))
        session.flush()
    return poll


def options_of(session: Session, poll_id: int) -> list[PollOption]:
    """What can be chosen, in order."""
    return list(session.scalars(select(PollOption).where(PollOption.poll_id == poll_id).order_by(PollOption.id)))


def may_vote(session: Session, poll: Poll, person_id: int) -> bool:
    """True for those whom it is for."""
    if poll.who != "members":
        return True
    return poll.listing_id is not None and club.membership(session, poll.listing_id, person_id) is not None


def is_open(poll: Poll, now: datetime) -> bool:
    """True while one can vote."""
    return poll.state == "open" and now < poll.closes_at


def cast(session: Session, now: datetime, poll_id: int, person_id: int, option_id: int) -> str:
    """Choose, or choose anew: "cast", "changed", or "closed", "members", "gone".

    One statement writes the voice under the key of vote and person; the vote is locked against its end.
    """
    poll = session.get(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
    option = session.get(PollOption, option_id)
    if poll is None or option is None or option.poll_id != poll_id:
        return "gone"
    if not is_open(poll, now):
        return "closed"
    if not may_vote(session, poll, person_id):
        return "members"
    before = mine(session, poll_id, person_id)
    made = inserting(session.get_bind().dialect.name)(Ballot).values(
        poll_id=poll_id, person_id=person_id, option_id=option_id
    )
    session.execute(
        made.on_conflict_do_update(index_elements=["poll_id", "person_id"], set_={"option_id": made.excluded.option_id})
    )
    return "changed" if before else "cast"


def mine(session: Session, poll_id: int, person_id: int) -> int:
    """What somebody has chosen; 0 for nothing, and for everything once the vote has ended."""
    chosen = select(Ballot.option_id).where(Ballot.poll_id == poll_id, Ballot.person_id == person_id)
    return session.scalars(chosen).first() or 0


def tally(session: Session, poll: Poll) -> Tally:
    """The votes as they stand, or as they stood at the end."""
    options = options_of(session, poll.id)
    if poll.state == "closed":
        return Tally({row.id: row.votes for row in options}, sum(row.votes for row in options))
    rows = session.execute(
        select(Ballot.option_id, func.count()).where(Ballot.poll_id == poll.id).group_by(Ballot.option_id)
    )
    counted: dict[int, int] = {row[0]: row[1] for row in rows}
    return Tally({row.id: counted.get(row.id, 0) for row in options}, sum(counted.values()))


def close(session: Session, now: datetime, poll_id: int) -> Poll | None:
    """End a vote: the counts stay, who chose what is deleted. None if it had ended."""
    poll = session.get(Poll, poll_id, with_for_update=True, populate_existing=True)
    if poll is None or poll.state != "open":
        return None
    counted = tally(session, poll)
    for row in options_of(session, poll_id):
        row.votes = counted.votes[row.id]
    session.execute(delete(Ballot).where(Ballot.poll_id == poll_id))
    poll.state, poll.closed_at = "closed", now
    session.flush()
    return poll


def close_passed(session: Session, now: datetime) -> list[Poll]:
    """End those whose time is over; which they are."""
    due = session.scalars(select(Poll.id).where(Poll.state == "open", Poll.closes_at <= now)).all()
    return [ended for poll_id in due if (ended := close(session, now, poll_id)) is not None]


def of_listing(session: Session, listing_id: int) -> list[Poll]:
    """The votes of a club or an event, the newest first."""
    wanted = select(Poll).where(Poll.listing_id == listing_id)
    return list(session.scalars(wanted.order_by(Poll.state != "open", Poll.id.desc()).limit(8)))


def forget(session: Session, person_id: int) -> None:
    """Somebody is erased: their voices in votes that are still open go."""
    session.execute(delete(Ballot).where(Ballot.person_id == person_id))
