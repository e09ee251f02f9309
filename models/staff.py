"""Staff: who may do what, for which organisation."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import code
from models.base import Base, Id, Instant, When, to
from models.people import OneTimeCode, Person

ROLES = ("admin", "staff", "safeguarding")
INVITE_LASTS = timedelta(days=7)


class StaffRole(Base):
    """A role of a person in an organisation, from when to when, and who gave it."""

    __tablename__ = "staff_role"
    __table_args__ = (Index("ix_staff_role_person_id", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    role: Mapped[str] = mapped_column(String(16))
    given_by_id: Mapped[int | None] = mapped_column(to("person"))
    given_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def organisations_of(session: Session, person_id: int, *, roles: tuple[str, ...] = ("staff", "admin")) -> set[int]:
    """The organisations in which a person holds one of the roles today."""
    return set(
        session.scalars(
            select(StaffRole.organisation_id).where(
                StaffRole.person_id == person_id, StaffRole.ended_at.is_(None), StaffRole.role.in_(roles)
            )
        )
    )


def invite(session: Session, now: datetime, organisation_id: int, role: str, given_by_id: int | None = None) -> str:
    """Make a one-time code by which somebody joins an organisation. Raises ValueError for a role there is not."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}")
    details = json.dumps({"organisation": organisation_id, "role": role, "by": given_by_id})
    return code.issue(session, now, "staff", given_by_id, INVITE_LASTS, details)


def granted(row: OneTimeCode) -> tuple[int, str]:
    """The organisation's id and the role that a staff code grants."""
    details = json.loads(row.details)
    return int(details["organisation"]), str(details["role"])


def join(session: Session, now: datetime, row: OneTimeCode, person: Person) -> None:
    """Use a locked, usable staff code: the person has the role from now on, and has been welcomed."""
    organisation_id, role = granted(row)
    row.used_at = now
    held = select(StaffRole.id).where(
        StaffRole.person_id == person.id,
        StaffRole.organisation_id == organisation_id,
        StaffRole.role == role,
        StaffRole.ended_at.is_(None),
    )
    if session.scalars(held.limit(1)).first() is None:
        session.add(
            StaffRole(
                person_id=person.id,
                organisation_id=organisation_id,
                role=role,
                given_by_id=json.loads(row.details).get("by"),
                given_at=now,
            )
        )
    session.flush()


def leads(session: Session, person_id: int) -> tuple[int, ...]:
    """The ids of the organisations of which a person is an administrator now."""
    return tuple(
        session.scalars(
            select(StaffRole.organisation_id)
            .where(StaffRole.person_id == person_id, StaffRole.role == "admin", StaffRole.ended_at.is_(None))
            .order_by(StaffRole.id)
        )
    )
