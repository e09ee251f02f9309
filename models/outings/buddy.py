"""Buddies: who would like one, who can be one, and pairs that staff have proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Select, String, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import ACTIVE, Booking
from models.who.people import Person

WISHES = ("wants", "is")


class BuddyWish(Base):
    """Of one person and listing: "wants" a buddy, or "is" one for somebody else."""

    __tablename__ = "buddy_wish"
    __table_args__ = (
        Index("ix_buddy_wish_person_id", "person_id"),
        CheckConstraint("wish IN ('wants', 'is')", name="wish"),
    )

    listing_id: Mapped[int] = mapped_column(to("listing"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    wish: Mapped[str] = mapped_column(String(8))
    at: Mapped[When]


class BuddyPair(Base):
    """Two whom staff have proposed to each other. Neither hears of the other before both said yes (`told_at`)."""

    __tablename__ = "buddy_pair"
    __table_args__ = (
        UniqueConstraint("listing_id", "wants_id", "is_id", name="uq_buddy_pair_once"),
        Index("ix_buddy_pair_wants_id", "wants_id"),
        Index("ix_buddy_pair_is_id", "is_id"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    wants_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"))
    is_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"))
    wants_says: Mapped[str] = mapped_column(String(4), default="")
    is_says: Mapped[str] = mapped_column(String(4), default="")
    by_id: Mapped[int] = mapped_column(to("person"))
    at: Mapped[When]
    told_at: Mapped[datetime | None] = mapped_column(Instant)


def wish(session: Session, now: datetime, listing_id: int, person_id: int, what: str) -> None:
    """Note what somebody wishes; "" takes it back."""
    row = session.get(BuddyWish, (listing_id, person_id))
    if what not in WISHES:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(BuddyWish(listing_id=listing_id, person_id=person_id, wish=what, at=now))
    else:
        row.wish, row.at = what, now
    session.flush()


def wishing(session: Session, listing_id: int, what: str) -> Sequence[Person]:
    """Who wishes it, is still booked or waiting there, and is in no pair of that listing that still stands."""
    busy = select(BuddyPair.id).where(
        BuddyPair.listing_id == listing_id,
        or_(BuddyPair.wants_id == Person.id, BuddyPair.is_id == Person.id),
        BuddyPair.wants_says != "no",
        BuddyPair.is_says != "no",
    )
    wanted = (
        select(Person)
        .join(BuddyWish, BuddyWish.person_id == Person.id)
        .where(
            BuddyWish.listing_id == listing_id,
            BuddyWish.wish == what,
            ~busy.exists(),
            _living(listing_id).where(Booking.person_id == Person.id).exists(),
            Person.erased_at.is_(None),
        )
    )
    return session.scalars(wanted.order_by(BuddyWish.at, Person.id)).all()


def _living(listing_id: int) -> Select[int]:
    """Numbers of bookings of a listing that are alive."""
    return (
        select(Booking.number)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.listing_id == listing_id, Booking.state.in_(ACTIVE))
    )


def number_of(session: Session, listing_id: int, person_id: int) -> int:
    """The number by which staff know somebody there: that of the newest booking that is alive; 0 where none is."""
    mine = _living(listing_id).where(Booking.person_id == person_id).order_by(Booking.number.desc())
    return session.scalars(mine.limit(1)).first() or 0


def propose(
    session: Session, now: datetime, listing_id: int, wants_id: int, is_id: int, by_id: int
) -> BuddyPair | None:
    """A pair, if both of them still wish it and were not proposed to each other before.

    Under the lock of the listing: two of the staff at once do not promise somebody to two others.
    """
    session.get(Listing, listing_id, with_for_update={"key_share": True}, populate_existing=True)
    free = (
        {one.id for one in wishing(session, listing_id, "wants")},
        {one.id for one in wishing(session, listing_id, "is")},
    )
    before = select(BuddyPair.id).where(
        BuddyPair.listing_id == listing_id, BuddyPair.wants_id == wants_id, BuddyPair.is_id == is_id
    )
    if wants_id not in free[0] or is_id not in free[1] or session.scalars(before).first() is not None:
        return None
    row = BuddyPair(listing_id=listing_id, wants_id=wants_id, is_id=is_id, by_id=by_id, at=now)
    session.add(row)
    session.flush()
    return row


def answer(session: Session, now: datetime, pair_id: int, person_id: int, *, yes: bool) -> tuple[str, BuddyPair | None]:
    """What one of the two says, once: "waits" for the other, "both" said yes, "no", or "gone"."""
    row = session.get(BuddyPair, pair_id, with_for_update=True, populate_existing=True)
    if row is None or row.told_at is not None or "no" in (row.wants_says, row.is_says):
        return "gone", None
    said = "yes" if yes else "no"
    if person_id == row.wants_id:
        row.wants_says = said
    elif person_id == row.is_id:
        row.is_says = said
    else:
        return "gone", None
    if row.wants_says == row.is_says == "yes":
        row.told_at = now
        session.flush()
        return "both", row
    session.flush()
    return ("waits" if yes else "no"), row


def forget(session: Session, person_id: int) -> None:
    """Somebody is erased: their wishes and pairs go."""
    session.execute(delete(BuddyPair).where(or_(BuddyPair.wants_id == person_id, BuddyPair.is_id == person_id)))
    session.execute(delete(BuddyWish).where(BuddyWish.person_id == person_id))
