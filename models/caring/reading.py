"""Who may read and answer a request to the team: nobody else ever sees it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.caring.case import Request
from models.caring.hand_over import asked
from models.offers.listing import Listing
from models.offers.programme import Site
from models.who.people import Person
from models.who.staff import StaffRole


def organisations_at(session: Session, town_id: int | None) -> set[int]:
    """Organisations that are at work in a town: they have a listing there, or at a site there."""
    if town_id is None:
        return set()
    sites = select(Site.id).where(Site.town_id == town_id)
    return set(
        session.scalars(
            select(Listing.organisation_id).where((Listing.town_id == town_id) | Listing.site_id.in_(sites)).distinct()
        )
    )


def with_role(session: Session, role: str, organisations: set[int] | None = None) -> dict[int, int]:
    """Who has a role now, and for which organisation; among some organisations, or any."""
    query = (
        select(StaffRole.person_id, StaffRole.organisation_id)
        .join(Person, Person.id == StaffRole.person_id)
        .where(StaffRole.role == role, StaffRole.ended_at.is_(None), Person.erased_at.is_(None))
        .order_by(StaffRole.id.desc())
    )
    if organisations is not None:
        query = query.where(StaffRole.organisation_id.in_(organisations))
    return {row[0]: row[1] for row in session.execute(query)}


def _team(session: Session, kind: str, organisation_id: int | None, town_id: int | None) -> dict[int, int]:
    near = {organisation_id} if organisation_id else organisations_at(session, town_id)
    role = "safeguarding" if kind == "safety" else "staff"
    found = with_role(session, role, near) if near else {}
    if not found and not (organisation_id and kind != "safety"):
        found = with_role(session, role)
    if kind != "safety" or not found:
        found = {**with_role(session, "admin"), **found}
    return found


def readers(session: Session, request: Request) -> dict[int, int]:
    """Who may read and answer a request: its team. A case is read by who has taken it or was asked to, alone."""
    everybody = team(session, request)
    if request.kind != "safety":
        return everybody
    named = {request.taken_by_id} if request.state == "taken" else asked(session, request.id)
    return {one: organisation for one, organisation in everybody.items() if one in named}


def team(session: Session, request: Request) -> dict[int, int]:
    """Who answers such requests: person ids, and the organisation each does it for.

    Talk: staff of the organisation that took it, else of those at work in the person's town, else (none
    is, or no town is known) all staff; and all admins. Safety: safeguarding staff in the same order,
    admins only where there are none at all. Never the person themself.
    """
    found = _team(session, request.kind, request.organisation_id, request.town_id)
    found.pop(request.person_id, None)
    return found


def admins(session: Session) -> dict[int, int]:
    """All administrators, and the organisation of each."""
    return with_role(session, "admin")


def all_staff(session: Session) -> dict[int, int]:
    """All staff, and the organisation of each."""
    return with_role(session, "staff")


def may_read(session: Session, request: Request, person_id: int) -> bool:
    """True if that person may read and answer the request."""
    return person_id in readers(session, request)


def readable(session: Session, person_id: int, kind: str = "talk") -> list[Request]:
    """All safety cases, or all other requests, that nobody has closed and that person answers, the oldest first."""
    of_kind = Request.kind == "safety" if kind == "safety" else Request.kind != "safety"
    waiting = session.scalars(
        select(Request)
        .where(Request.state != "closed", of_kind, Request.person_id != person_id)
        .order_by(Request.created_at)
    ).all()
    scopes = {(request.kind, request.organisation_id, request.town_id) for request in waiting}
    mine = {scope for scope in scopes if person_id in _team(session, *scope)}
    return [request for request in waiting if (request.kind, request.organisation_id, request.town_id) in mine]
