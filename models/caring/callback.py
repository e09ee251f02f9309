"""Call me: a number and an hour that somebody gave for one call, kept until it was made."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.who.staff import StaffRole

HOURS = ("morning", "midday", "afternoon", "any")
"""8 to 12, 12 to 15, 15 to 20, or whenever."""
KEEP = timedelta(days=30)
"""A number that nobody has called by then is deleted all the same."""


class Callback(Base):
    """A wish to be called, beside the request that it belongs to. States: waiting, called, ended.

    `phone` (E.164) is emptied when it is called or ended. `tries` counts calls that nobody answered.
    """

    __tablename__ = "callback"
    __table_args__ = (
        partial_index("uq_callback_waiting", "request_id", unique=True, where="state = 'waiting'"),
        Index("ix_callback_person_id", "person_id"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(to("request", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(to("person"))
    phone: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[When]
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    called_by_id: Mapped[int | None] = mapped_column(to("person"))


def ask(session: Session, now: datetime, request_id: int, person_id: int, phone: str, wanted: str) -> bool:
    """Ask to be called; a wish that waits already gets the new number and hour. True if it is new.

    Call it under the request's lock (models.caring.case.open_request holds the person's). Raises ValueError for an hour
    there is not.
    """
    if wanted not in HOURS:
        raise ValueError(f"there is no hour {wanted!r}")
    row = waiting(session, request_id)
    if row is not None:
        row.phone, row.wanted = phone, wanted
        session.flush()
        return False
    session.add(Callback(request_id=request_id, person_id=person_id, phone=phone, wanted=wanted, created_at=now))
    session.flush()
    return True


def waiting(session: Session, request_id: int) -> Callback | None:
    """The call that a request waits for."""
    return session.scalars(
        select(Callback).where(Callback.request_id == request_id, Callback.state == "waiting")
    ).first()


def of_person(session: Session, person_id: int) -> Callback | None:
    """The call that somebody waits for."""
    wanted = select(Callback).where(Callback.person_id == person_id, Callback.state == "waiting")
    return session.scalars(wanted.order_by(Callback.id.desc()).limit(1)).first()


def called(session: Session, now: datetime, request_id: int, staff_id: int, *, reached: bool) -> str:
    """Somebody has called: "called" (the number is deleted), "tried" where nobody answered, "gone" where none waits."""
    row = session.scalars(
        select(Callback).where(Callback.request_id == request_id, Callback.state == "waiting").with_for_update()
    ).first()
    if row is None:
        return "gone"
    if not reached:
        row.tries += 1
        session.flush()
        return "tried"
    row.state, row.phone, row.called_at, row.called_by_id = "called", "", now, staff_id
    session.flush()
    return "called"


def end(session: Session, request_id: int) -> None:
    """Its request was closed: the number is deleted."""
    session.execute(
        update(Callback)
        .where(Callback.request_id == request_id, Callback.state == "waiting")
        .values(state="ended", phone="")
    )


def join(session: Session, kept: int, other: int) -> None:
    """Two requests become one: its call is the one that was asked for first."""
    if waiting(session, kept) is not None:
        end(session, other)
    session.execute(update(Callback).where(Callback.request_id == other).values(request_id=kept))


def waits(session: Session, organisations: set[int], since: datetime) -> list[timedelta]:
    """How long people waited for their calls since then, where staff of these organisations made them."""
    team = select(StaffRole.person_id).where(StaffRole.organisation_id.in_(organisations))
    rows = session.execute(
        select(Callback.created_at, Callback.called_at).where(
            Callback.state == "called", Callback.called_at >= since, Callback.called_by_id.in_(team)
        )
    )
    return sorted(at - asked for asked, at in rows if at is not None)
