"""Staff: who may do what, for which organisation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Index, Select, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import code
from models.base import Base, Id, Instant, When, inserting, to
from models.who.people import OneTimeCode, Person

ROLES = ("admin", "staff", "safeguarding", "helper", "professional")
"""A professional keeps their own calendar (models/visits/professional.py) and sees nothing else of the organisation's.
A helper acts for families that let them (models/who/acting.py), and sees nothing of the organisation's."""
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


class StaffChoice(Base):
    """What a member of staff wants to hear of. Without a row: of every registration for what they run."""

    __tablename__ = "staff_choice"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    registrations: Mapped[bool] = mapped_column(default=True)


class RegistrationNotice(Base):
    """The last notice about new registrations for a listing that a member of staff got, so that many become one.

    It counts what came from `since` on; `outgoing_id` is the message, `at` when it was or is due.
    """

    __tablename__ = "registration_notice"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    outgoing_id: Mapped[int | None] = mapped_column(to("outgoing", ondelete="SET NULL"))
    since: Mapped[When]
    at: Mapped[datetime | None] = mapped_column(Instant)


_ONLY = "only organisation"
"""What `only_in` is remembered by while it lasts."""


@contextmanager
def only_in(session: Session, organisation_id: int) -> Iterator[None]:
    """Whoever acts meanwhile acts as staff of this organisation alone: others of it read along, and theirs only."""
    before = session.info.get(_ONLY)
    session.info[_ONLY] = organisation_id
    try:
        yield
    finally:
        session.info[_ONLY] = before


def organisations_of(session: Session, person_id: int, *, roles: tuple[str, ...] = ("staff", "admin")) -> set[int]:
    """The organisations in which a person holds one of the roles today, as far as `only_in` lets them act there."""
    held = set(
        session.scalars(
            select(StaffRole.organisation_id).where(
                StaffRole.person_id == person_id, StaffRole.ended_at.is_(None), StaffRole.role.in_(roles)
            )
        )
    )
    only = session.info.get(_ONLY)
    return held if only is None else held & {only}


def invite(
    session: Session,
    now: datetime,
    organisation_id: int,
    role: str,
    given_by_id: int | None = None,
    *,
    professional_id: int | None = None,
) -> str:
    """Make a one-time code by which somebody joins an organisation. Raises ValueError for a role there is not."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}")
    granted = {"organisation": organisation_id, "role": role, "by": given_by_id}
    details = json.dumps(granted if professional_id is None else {**granted, "professional": professional_id})
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


def staff_of(session: Session, organisation_id: int) -> list[int]:
    """Everybody who is staff or administrator of an organisation now: what has to be decided reaches all of them."""
    return list(session.scalars(_staff(organisation_id)))


def team_of(session: Session, organisation_id: int) -> list[int]:
    """The staff and administrators of an organisation who want to hear of registrations, by their ids."""
    choice = StaffChoice.person_id == StaffRole.person_id
    hears = or_(StaffChoice.registrations.is_(None), StaffChoice.registrations)
    return list(session.scalars(_staff(organisation_id).outerjoin(StaffChoice, choice).where(hears)))


def _staff(organisation_id: int) -> Select[int]:
    return (
        select(StaffRole.person_id)
        .join(Person, Person.id == StaffRole.person_id)
        .where(
            StaffRole.organisation_id == organisation_id,
            StaffRole.role.in_(("staff", "admin")),
            StaffRole.ended_at.is_(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(StaffRole.person_id)
    )


def hears_of_registrations(session: Session, person_id: int) -> bool:
    """True unless a member of staff has switched notices about registrations off."""
    choice = session.get(StaffChoice, person_id)
    return choice is None or choice.registrations


def choose_registrations(session: Session, person_id: int, *, wanted: bool) -> None:
    """Switch notices about registrations on or off for a member of staff."""
    choice = session.get(StaffChoice, person_id, with_for_update=True)
    if choice is None:
        session.add(StaffChoice(person_id=person_id, registrations=wanted))
    else:
        choice.registrations = wanted
    session.flush()


def notice_of(session: Session, now: datetime, person_id: int, listing_id: int) -> RegistrationNotice:
    """The notice of a member of staff about a listing, locked; made where there is none yet."""
    made = inserting(session.get_bind().dialect.name)(RegistrationNotice).values(
        person_id=person_id, listing_id=listing_id, since=now
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["person_id", "listing_id"]))
    return session.get_one(RegistrationNotice, (person_id, listing_id), with_for_update=True, populate_existing=True)
