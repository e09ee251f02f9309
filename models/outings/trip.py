"""Trips: a guardian's consent for each trip, and until when it is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, and_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.locking import lock_session
from models.who.people import Guardianship, Person

WAITS_UNTIL = timedelta(hours=24)
"""Without a guardian's yes a place is given on so long before the start; of what is left where it is nearer, half."""
REMIND_BEFORE = timedelta(hours=24)
"""Guardians are reminded once, so long before that; of what is left where it is nearer, half."""
LEAVES_BEFORE = timedelta(minutes=30)
"""A bus may leave so long before the time on the card: attendance is marked from then on."""


class TripConsent(Base):
    """A yes to one trip for one person under 18, and its withdrawal: in the chat by a guardian, or on paper.

    On paper `guardian_id` is not known and `seen_by_id` is the member of staff who has seen the form. It was given to
    the time of the trip as it was then (`sequence`): of a trip that was moved guardians are asked anew.
    """

    __tablename__ = "trip_consent"
    __table_args__ = (
        partial_index("uq_trip_consent_stands", "session_id", "child_id", unique=True, where="withdrawn_at IS NULL"),
        Index("ix_trip_consent_child_id", "child_id"),
        CheckConstraint("guardian_id IS NOT NULL OR seen_by_id IS NOT NULL", name="whose"),
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(to("session"))
    child_id: Mapped[int] = mapped_column(to("person"))
    guardian_id: Mapped[int | None] = mapped_column(to("person"))
    seen_by_id: Mapped[int | None] = mapped_column(to("person"))
    wording_id: Mapped[int | None] = mapped_column(to("wording"))
    channel: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(8))
    sequence: Mapped[int]
    given_at: Mapped[When]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class TripAsk(Base):
    """That guardians were asked about a place on a trip: once for each time that the trip was set to (`sequence`).

    `ended_at`: nothing is waited for any more.
    """

    __tablename__ = "trip_ask"
    __table_args__ = (partial_index("ix_trip_ask_until", "until", where="ended_at IS NULL"),)

    booking_id: Mapped[int] = mapped_column(to("booking", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    asked_at: Mapped[When]
    remind_at: Mapped[When]
    until: Mapped[When]
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


# ---------------------------------------------------------------- who has to agree


def is_minor(person: Person) -> bool:
    """True for everybody who is not known to be of age: for a trip each of them needs a guardian's yes."""
    return person.band != "18+"


def guardians_of(session: Session, child_id: int) -> list[int]:
    """The guardians of a young person, also of one who decides alone about everything else."""
    wanted = (
        select(Guardianship.guardian_id)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(Guardianship.child_id == child_id, Guardianship.ended_at.is_(None), Person.erased_at.is_(None))
    )
    return list(session.scalars(wanted.order_by(Guardianship.guardian_id)))


def is_trip(session: Session, meeting: Meeting) -> bool:
    """True for a meeting of a listing that is a trip."""
    return session.get_one(Listing, meeting.listing_id).trip


def standing(session: Session, meeting: Meeting, child_id: int) -> TripConsent | None:
    """The consent that stands for somebody and a trip as it is set now."""
    return session.scalars(
        select(TripConsent).where(
            TripConsent.session_id == meeting.id,
            TripConsent.child_id == child_id,
            TripConsent.sequence == meeting.sequence,
            TripConsent.withdrawn_at.is_(None),
        )
    ).first()


def lacks_consent(session: Session, booking: Booking) -> bool:
    """True if somebody under 18 has a place on a trip without a yes to it."""
    meeting = session.get_one(Meeting, booking.session_id)
    return (
        is_trip(session, meeting)
        and is_minor(session.get_one(Person, booking.person_id))
        and standing(session, meeting, booking.person_id) is None
    )


# ---------------------------------------------------------------- giving and taking back


def agree(
    session: Session,
    now: datetime,
    booking: Booking,
    *,
    guardian_id: int | None = None,
    seen_by_id: int | None = None,
    wording_id: int | None = None,
    channel: str = "",
    sequence: int | None = None,
) -> str:
    """Record a yes for a place on a trip: "given", "already", or "gone" where there is no such place any more.

    Of a guardian in the chat, or on paper that staff (`seen_by_id`) have seen. With `sequence` only for the trip as it
    was set then: it may be moved while one waits for the lock. Whoever calls has authorised it.
    """
    meeting = lock_session(session, booking.session_id)
    session.refresh(booking)
    if meeting is not None and sequence is not None and meeting.sequence != sequence:
        return "gone"
    if meeting is None or booking.state != "booked" or meeting.state != "planned" or meeting.ends_at <= now:
        return "gone"
    if guardian_id is not None and meeting.starts_at <= now:
        return "gone"
    if not is_trip(session, meeting):
        return "gone"
    if standing(session, meeting, booking.person_id) is not None:
        return "already"
    withdraw(session, now, meeting.id, booking.person_id)
    session.add(
        TripConsent(
            session_id=meeting.id,
            child_id=booking.person_id,
            guardian_id=guardian_id,
            seen_by_id=seen_by_id,
            wording_id=wording_id,
            channel=channel,
            method="chat" if guardian_id is not None else "paper",
            sequence=meeting.sequence,
            given_at=now,
        )
    )
    _end_ask(session, now, booking.id)
    session.flush()
    return "given"


def withdraw(session: Session, now: datetime, session_id: int, child_id: int) -> int:
    """Take back what stands for somebody and a trip, whoever gave it; returns how many consents ended."""
    return _withdrawn(session, now, TripConsent.session_id == session_id, TripConsent.child_id == child_id)


def withdraw_of(session: Session, now: datetime, guardian_id: int, child_id: int) -> int:
    """A guardian speaks for a child no more: what they said yes to stands no more."""
    return _withdrawn(session, now, TripConsent.guardian_id == guardian_id, TripConsent.child_id == child_id)


def forget(session: Session, now: datetime, person_id: int) -> None:
    """Somebody is erased: what they agreed to, or what was agreed to for them, stands no more."""
    _withdrawn(session, now, (TripConsent.guardian_id == person_id) | (TripConsent.child_id == person_id))


def _withdrawn(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    session.flush()
    ended = update(TripConsent).where(and_(*which), TripConsent.withdrawn_at.is_(None)).values(withdrawn_at=now)
    return len(session.scalars(ended.returning(TripConsent.id)).all())


# ---------------------------------------------------------------- waiting for it


def begin(session: Session, now: datetime, booking: Booking) -> TripAsk | None:
    """Note that guardians are asked about a place now; None where they need not be, or have been already."""
    if booking.state != "booked" or not lacks_consent(session, booking):
        return None
    meeting = session.get_one(Meeting, booking.session_id)
    if meeting.starts_at <= now:
        return None
    row = session.get(TripAsk, booking.id)
    if row is not None and row.sequence == meeting.sequence:
        return None
    if row is None:
        row = TripAsk(booking_id=booking.id)
        session.add(row)
    until = meeting.starts_at - WAITS_UNTIL
    if until - now < WAITS_UNTIL / 4:
        until = now + (meeting.starts_at - now) / 2
    row.sequence, row.asked_at, row.until, row.reminded_at, row.ended_at = meeting.sequence, now, until, None, None
    row.remind_at = until - min(REMIND_BEFORE, (until - now) / 2)
    session.flush()
    return row


def unasked(session: Session, now: datetime, most: int = 100) -> Sequence[Booking]:
    """Places of people under 18 on trips to come of which nobody has been asked yet, as the trip is set now."""
    asked = select(TripAsk.booking_id).where(TripAsk.booking_id == Booking.id, TripAsk.sequence == Meeting.sequence)
    given = select(TripConsent.id).where(
        TripConsent.session_id == Meeting.id,
        TripConsent.child_id == Booking.person_id,
        TripConsent.sequence == Meeting.sequence,
        TripConsent.withdrawn_at.is_(None),
    )
    wanted = (
        select(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .join(Listing, Listing.id == Meeting.listing_id)
        .join(Person, Person.id == Booking.person_id)
        .where(
            Listing.trip,
            Meeting.starts_at > now,
            Meeting.state == "planned",
            Booking.state == "booked",
            Person.band != "18+",
            ~asked.exists(),
            ~given.exists(),
        )
    )
    return session.scalars(wanted.order_by(Booking.id).limit(most)).all()


def to_remind(session: Session, now: datetime, most: int = 100) -> Sequence[TripAsk]:
    """What is still waited for and was not reminded of yet."""
    wanted = select(TripAsk).where(
        TripAsk.ended_at.is_(None), TripAsk.reminded_at.is_(None), TripAsk.remind_at <= now, TripAsk.until > now
    )
    return session.scalars(wanted.order_by(TripAsk.booking_id).limit(most)).all()


def over(session: Session, now: datetime, most: int = 100) -> Sequence[TripAsk]:
    """What was waited for long enough."""
    wanted = select(TripAsk).where(TripAsk.ended_at.is_(None), TripAsk.until <= now)
    return session.scalars(wanted.order_by(TripAsk.booking_id).limit(most)).all()


def still_missing(session: Session, now: datetime, row: TripAsk) -> Booking | None:
    """The booking, under its session's lock, if its time to be agreed to is over and nobody has; the row ends."""
    booking = session.get_one(Booking, row.booking_id)
    lock_session(session, booking.session_id)
    session.refresh(booking)
    session.refresh(row)
    if row.ended_at is not None or row.until > now:
        return None
    row.ended_at = now
    session.flush()
    return booking if booking.state == "booked" and lacks_consent(session, booking) else None


def _end_ask(session: Session, now: datetime, booking_id: int) -> None:
    session.execute(
        update(TripAsk).where(TripAsk.booking_id == booking_id, TripAsk.ended_at.is_(None)).values(ended_at=now)
    )
