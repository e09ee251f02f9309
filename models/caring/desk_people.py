"""Who works at the staff desk, and which requests a group of staff may see."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.caring.case import Request
from models.caring.desk import DESK, DeskGroup, groups
from models.caring.reading import organisations_at, with_role
from models.messages.conversation import Talk
from models.messages.message import Outgoing
from models.who.people import Address, Person
from models.who.staff import StaffRole


def person_of(session: Session, user: str) -> Person | None:
    """Whoever writes as that user of the platform: on the public bot, or (with a code redeemed there) at the desk."""
    rooms = select(DeskGroup.room_id)
    found = session.scalars(
        select(Address)
        .where(
            Address.channel.in_(("telegram", DESK)),
            Address.external_id == user,
            Address.person_id.not_in(rooms),
        )
        .order_by(Address.channel.desc(), Address.id)
    ).first()
    person = session.get(Person, found.person_id) if found is not None else None
    return person if person is not None and person.erased_at is None else None


def roles_in(session: Session, person_id: int, organisation_id: int) -> frozenset[str]:
    """The roles somebody holds in an organisation today."""
    return frozenset(
        session.scalars(
            select(StaffRole.role).where(
                StaffRole.person_id == person_id,
                StaffRole.organisation_id == organisation_id,
                StaffRole.role != "helper",
                StaffRole.ended_at.is_(None),
            )
        )
    )


def forget_user(session: Session, user: str) -> None:
    """Forget where somebody erased has talked at the desk: their places carry the platform's number for them."""
    places = list(
        session.scalars(select(Address.id).where(Address.channel == DESK, Address.external_id.startswith(f"{user}@")))
    )
    if not places:
        return
    session.execute(delete(Outgoing).where(Outgoing.address_id.in_(places)))
    session.execute(delete(Talk).where(Talk.address_id.in_(places)))
    session.execute(delete(Address).where(Address.id.in_(places)))
    session.flush()


def may_show(session: Session, request: Request, group: DeskGroup) -> bool:
    """True if everybody with a role in the group's organisation may read the request, as `reading.readers` says.

    Never one of somebody who works there themself: they would read what is said about them.
    """
    if (request.kind == "safety") != (group.kind == "safety"):
        return False
    if roles_in(session, request.person_id, group.organisation_id):
        return False
    if request.organisation_id is not None:
        return request.organisation_id == group.organisation_id
    near = organisations_at(session, request.town_id)
    there = _with_people(session, request.kind, near) if near else set()
    return group.organisation_id in (there or _with_people(session, request.kind))


def showing(session: Session, request: Request) -> set[int]:
    """The organisations whose group shows a request as a topic now: nobody of theirs need be told of it apart."""
    return {
        group.organisation_id for group in groups(session) if not group.trouble and may_show(session, request, group)
    }


def _with_people(session: Session, kind: str, organisations: set[int] | None = None) -> set[int]:
    """The organisations that have somebody to answer a kind of request; all administrators answer people who talk."""
    roles = ("safeguarding",) if kind == "safety" else ("staff", "admin")
    return {one for role in roles for one in with_role(session, role, organisations).values()}
