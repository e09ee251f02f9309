"""Calls: who registered interest in an internship, a job or a grant, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, String, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Object, When, partial_index, to
from models.house import next_number
from models.offers.listing import Listing
from models.offers.programme import Town
from models.who.people import Guardianship, Person
from models.who.staff import StaffRole

CALL_BLOCKS = ("CALL", "GRANT")


class Application(Base):
    """Somebody's interest in a call: a number, the answers of its form, and its state.

    States: registered, withdrawn, accepted, refused. `answers` are the form's, by question key. `registered_by_id` is
    the guardian who registered it; None where it was the person.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("number"),
        partial_index(
            "uq_application_active",
            "listing_id",
            "person_id",
            unique=True,
            where="state <> 'withdrawn'",
        ),
        Index("ix_application_person_id", "person_id"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    person_id: Mapped[int] = mapped_column(to("person"))
    registered_by_id: Mapped[int | None] = mapped_column(to("person"))
    state: Mapped[str] = mapped_column(String(12), default="registered")
    answers: Mapped[Object]
    created_at: Mapped[When]
    changed_at: Mapped[When]


class Refused(Exception):
    """An act on a call that is not possible (any more): `reason` is "closed", "gone" or "late"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_open(listing: Listing, now: datetime) -> bool:
    """True while one can register: from the instant of its deadline on it is closed."""
    return (
        listing.block in CALL_BLOCKS
        and listing.state == "open"
        and (listing.closes_at is None or listing.closes_at > now)
    )


def open_calls(session: Session, now: datetime, kind: str = "", town_id: int | None = None) -> list[Listing]:
    """Calls that are open now, those of one town first, then by deadline."""
    query = select(Listing).where(
        Listing.block.in_(CALL_BLOCKS),
        Listing.state == "open",
        or_(Listing.closes_at.is_(None), Listing.closes_at > now),
    )
    if kind:
        query = query.where(Listing.kind == kind)
    found = list(session.scalars(query.order_by(Listing.closes_at.is_(None), Listing.closes_at, Listing.id)))
    return sorted(found, key=lambda listing: town_id is None or listing.town_id != town_id)


def close_passed(session: Session, now: datetime) -> list[int]:
    """Close the calls whose deadline has come and return their ids. Nothing depends on when this runs:
    every read looks at the deadline itself.
    """
    passed = (
        update(Listing)
        .where(Listing.block.in_(CALL_BLOCKS), Listing.state == "open", Listing.closes_at <= now)
        .values(state="closed")
        .returning(Listing.id)
        .execution_options(synchronize_session=False)
    )
    ids = list(session.scalars(passed))
    if ids:
        session.expire_all()
    return ids


def locked(session: Session, listing_id: int) -> Listing:
    """A call, locked and read afresh. Raises Refused("gone") for what is none."""
    listing = session.scalars(
        select(Listing).where(Listing.id == listing_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if listing is None or listing.block not in CALL_BLOCKS:
        raise Refused("gone")
    return listing


def register(
    session: Session,
    now: datetime,
    listing_id: int,
    person_id: int,
    answers: Mapping[str, Any],
    by_id: int | None = None,
) -> tuple[Application, bool]:
    """Register somebody's interest under the call's lock; one that is there already is returned with False.

    `by_id` is who does it: the person, or a guardian of theirs, whom the caller has authorised.

    Raises Refused("closed") from the instant of the deadline on, Refused("age") for who is of another age,
    Refused("gone") for what is no call.
    """
    listing = locked(session, listing_id)
    there = application_of(session, listing_id, person_id)
    if there is not None:
        return there, False
    if not is_open(listing, now):
        raise Refused("closed")
    if not listing.is_for(session.get_one(Person, person_id).band):
        raise Refused("age")
    application = Application(
        number=next_number(session, "application"),
        listing_id=listing_id,
        person_id=person_id,
        registered_by_id=by_id if by_id != person_id else None,
        state="registered",
        answers=dict(answers),
        created_at=now,
        changed_at=now,
    )
    session.add(application)
    session.flush()
    return application, True


def application_of(session: Session, listing_id: int, person_id: int) -> Application | None:
    """The application of somebody to a call, unless it was withdrawn."""
    return session.scalars(
        select(Application).where(
            Application.listing_id == listing_id,
            Application.person_id == person_id,
            Application.state != "withdrawn",
        )
    ).first()


def applications_by(session: Session, person_ids: Collection[int]) -> list[Application]:
    """What people have applied for, the newest first, without what was withdrawn."""
    return list(
        session.scalars(
            select(Application)
            .where(Application.person_id.in_(person_ids), Application.state != "withdrawn")
            .order_by(Application.id.desc())
        )
    )


def applications_for(session: Session, listing_id: int, staff_id: int | None = None) -> list[Application]:
    """Who has applied for a call, in the order they came, without what was withdrawn.

    For a member of staff (`staff_id`) without their own and their children's.
    """
    theirs = not_theirs(staff_id) if staff_id is not None else ()
    return list(
        session.scalars(
            select(Application)
            .where(Application.listing_id == listing_id, Application.state != "withdrawn", *theirs)
            .order_by(Application.id)
        )
    )


def withdraw(session: Session, now: datetime, listing_id: int, person_id: int) -> Application:
    """Withdraw somebody's application; what was written in it is erased. Raises Refused("gone")."""
    locked(session, listing_id)
    application = application_of(session, listing_id, person_id)
    if application is None:
        raise Refused("gone")
    application.state, application.answers, application.changed_at = "withdrawn", {}, now
    session.flush()
    return application


def withdraw_all(session: Session, now: datetime, person_id: int) -> int:
    """Withdraw what nobody has decided on, of somebody who may not take part any more. Returns how many that were."""
    waiting = (
        update(Application)
        .where(Application.person_id == person_id, Application.state == "registered")
        .values(state="withdrawn", answers={}, changed_at=now)
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    )
    ended = len(session.scalars(waiting).all())
    if ended:
        session.expire_all()
    return ended


# ---------------------------------------------------------------- the call's own staff


def calls_of(session: Session, staff_id: int) -> list[Listing]:
    """Calls of the organisations somebody is staff (or admin) of, the newest first; drafts are left out."""
    return list(
        session.scalars(
            select(Listing)
            .where(
                Listing.block.in_(CALL_BLOCKS),
                Listing.state != "draft",
                Listing.organisation_id.in_(_organisations_of(staff_id)),
            )
            .order_by(Listing.id.desc())
        )
    )


def _organisations_of(staff_id: int) -> Select[int]:
    return select(StaffRole.organisation_id).where(
        StaffRole.person_id == staff_id, StaffRole.role.in_(("staff", "admin")), StaffRole.ended_at.is_(None)
    )


def application_for_staff(session: Session, number: int, staff_id: int) -> Application | None:
    """An application by its number, if it is to a call of that member of staff and was not withdrawn.

    Never their own, and never that of a child they speak for.
    """
    return session.scalars(
        select(Application)
        .join(Listing, Listing.id == Application.listing_id)
        .where(
            Application.number == number,
            Application.state != "withdrawn",
            *not_theirs(staff_id),
            Listing.organisation_id.in_(_organisations_of(staff_id)),
        )
    ).first()


def not_theirs(staff_id: int) -> tuple[ColumnElement[bool], ...]:
    """Conditions that leave out what a member of staff registered, for themself or for a child."""
    children = select(Guardianship.child_id).where(
        Guardianship.guardian_id == staff_id, Guardianship.ended_at.is_(None)
    )
    return (
        Application.person_id != staff_id,
        Application.registered_by_id.is_distinct_from(staff_id),
        Application.person_id.not_in(children),
    )


def decide(session: Session, now: datetime, number: int, staff_id: int, *, accepted: bool) -> Application:
    """Accept or refuse an application, once. Raises Refused("gone") where there is nothing (more) to decide."""
    found = application_for_staff(session, number, staff_id)
    if found is None:
        raise Refused("gone")
    locked(session, found.listing_id)
    session.refresh(found)
    if found.state != "registered":
        raise Refused("gone")
    found.state, found.changed_at = "accepted" if accepted else "refused", now
    session.flush()
    return found


def zone_of(session: Session, listing: Listing) -> str:
    """The time zone in which a call's deadline is told."""
    town = session.get(Town, listing.town_id) if listing.town_id is not None else None
    return town.zone if town else "Europe/Belgrade"
