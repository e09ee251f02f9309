"""A booking: somebody's place in a session, or their turn in its waiting list; and who has one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Several, When, partial_index, to
from models.who.people import Person

HOLDING = ("booked", "offered")
"""States that hold a place: their count is the session's `taken` and never exceeds its capacity."""
ACTIVE = ("booked", "offered", "waiting")
"""States of a booking that is alive: at most one per person and session."""


class Booking(Base):
    """A person's place in a session, or their turn in its waiting list.

    States: booked; waiting; offered (a freed place is held for them until `offer_until`); cancelled;
    lapsed (an offer was not taken). `number` is what people are told. `line` orders the waiting list.
    Of a series the booking is of its first unit and counts for all; who comes and who was there is noted
    for each meeting (models/attending/attendance.py). `reason` says why it was cancelled, where it was not the person
    who did: "stopped", "consent", "session cancelled", "merged". `shown_at` is when staff (`shown_to_id`)
    saw the paper that the listing asks for.
    Those who wait together have the same `together_id`: a place for all of them, or none. `care`: child care is needed.
    """

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("number"),
        partial_index(
            "uq_booking_active",
            "session_id",
            "person_id",
            unique=True,
            where="state IN ('booked', 'offered', 'waiting')",
        ),
        Index("ix_booking_person_id", "person_id"),
        Index("ix_booking_session_id_state_line", "session_id", "state", "line"),
        partial_index(
            "ix_booking_offer_until",
            "offer_until",
            where="state = 'offered'",
        ),
        partial_index(
            "ix_booking_together_id",
            "together_id",
            where="together_id IS NOT NULL",
        ),
        partial_index(
            "ix_booking_waiting",
            "session_id",
            where="state = 'waiting'",
        ),
        CheckConstraint("state IN ('booked', 'waiting', 'offered', 'cancelled', 'lapsed')", name="state"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    session_id: Mapped[int] = mapped_column(to("session"))
    person_id: Mapped[int] = mapped_column(to("person"))
    booked_by_id: Mapped[int] = mapped_column(to("person"))
    state: Mapped[str] = mapped_column(String(12))
    line: Mapped[int] = mapped_column(default=0)
    together_id: Mapped[int | None]
    quota_id: Mapped[int | None]
    """The quota in which it is counted (models/places/quota.py)."""
    offer_until: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(24), default="")
    care: Mapped[bool] = mapped_column(default=False)
    tools: Mapped[str] = mapped_column(String(8), default="")
    """"brings" own tools, "needs" some, or "" where that was not asked."""
    brings: Mapped[Several] = mapped_column(default=list)
    """Which tools they bring, by their words."""
    transport: Mapped[bool] = mapped_column(default=False)
    """True for whoever needs to be fetched."""
    created_at: Mapped[When]
    changed_at: Mapped[When]
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    shown_to_id: Mapped[int | None] = mapped_column(to("person"))


def active_booking(session: Session, session_id: int, person_id: int) -> Booking | None:
    """The person's living booking in a session, whatever its state."""
    wanted = select(Booking).where(
        Booking.session_id == session_id, Booking.person_id == person_id, Booking.state.in_(ACTIVE)
    )
    return session.scalars(wanted).first()


def people_of_session(session: Session, session_id: int) -> list[tuple[Booking, Person]]:
    """Everybody with a place, then everybody who waits, in order. For staff."""
    wanted = (
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == session_id, Booking.state.in_((*HOLDING, "waiting")))
        .order_by(Booking.state == "waiting", Booking.line, Booking.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]
