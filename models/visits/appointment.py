"""Appointments: a stretch of a professional's time for one person, and what must be forgotten when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, When, partial_index, to

OUTCOMES = {"done": "attended", "absent": "absent", "refused": "attended", "referred": "attended"}
"""How a visit ended, and the state that this is: a short fixed list, and no words beside it."""


class Appointment(Base):
    """A person's time with a professional. Times are UTC; `zone` is the site's and what people are told in.

    States: booked, attended, absent, cancelled. `outcome` is one of OUTCOMES once staff have said how it ended.
    `home`: the professional comes to the person. `comes` is what was answered to the reminder. `sequence` grows when
    it is moved. `reason` says why it was cancelled where it was not the person who did: "day off", "stopped",
    "consent", "erased"; "late" is the person's own, after the time for it. What it is about is written nowhere.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_appointment_person_id", "person_id"),
        Index("ix_appointment_professional_id_starts_at", "professional_id", "starts_at"),
        Index("ix_appointment_listing_id", "listing_id"),
        partial_index(
            "uq_appointment_start", "professional_id", "starts_at", unique=True, where="state <> 'cancelled'"
        ),
        CheckConstraint("state IN ('booked', 'attended', 'absent', 'cancelled')", name="state"),
        CheckConstraint("ends_at > starts_at", name="order"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    professional_id: Mapped[int] = mapped_column(to("professional"))
    site_id: Mapped[int] = mapped_column(to("site"))
    person_id: Mapped[int] = mapped_column(to("person"))
    booked_by_id: Mapped[int] = mapped_column(to("person"))
    zone: Mapped[str] = mapped_column(String(32))
    starts_at: Mapped[When]
    ends_at: Mapped[When]
    home: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="")
    state: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12), default="")
    comes: Mapped[bool | None]
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(24), default="")
    created_at: Mapped[When]
    changed_at: Mapped[When]


class BusyTime(Base):
    """Five minutes of a professional that are taken, with the pauses around: the database itself allows none twice."""

    __tablename__ = "busy_time"
    __table_args__ = (Index("ix_busy_time_appointment_id", "appointment_id"),)

    professional_id: Mapped[int] = mapped_column(
        to("professional", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[When] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(to("appointment", ondelete="CASCADE"))


class VisitDetail(Base):
    """What is known for one visit only, and forgotten with it: where people live, and what a child has to say.

    Read by the professional and the staff on duty alone. Gone when the visit is marked, moved to nobody, cancelled,
    or on the day after at the latest.
    """

    __tablename__ = "visit_detail"

    appointment_id: Mapped[int] = mapped_column(
        to("appointment", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(String(500), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    wish: Mapped[str] = mapped_column(String(300), default="")

    @property
    def has_address(self) -> bool:
        """True once people have told where they live."""
        return bool(self.address or self.attachment_id is not None or self.latitude is not None)


def locked(session: Session, appointment_id: int) -> Appointment | None:
    """The appointment's row, locked and read afresh."""
    return session.get(Appointment, appointment_id, with_for_update=True, populate_existing=True)


def to_come(session: Session, now: datetime, person_ids: Sequence[int]) -> Sequence[Appointment]:
    """What these people have booked and is not over yet, the nearest first."""
    wanted = select(Appointment).where(
        Appointment.person_id.in_(person_ids), Appointment.state == "booked", Appointment.ends_at > now
    )
    return session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()


def of_calendar(session: Session, professional_id: int, begins: datetime, ends: datetime) -> Sequence[Appointment]:
    """The appointments of a professional that begin from one instant (UTC) until before another, in their order."""
    wanted = select(Appointment).where(
        Appointment.professional_id == professional_id,
        Appointment.state != "cancelled",
        Appointment.starts_at >= begins,
        Appointment.starts_at < ends,
    )
    return session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()
