"""Requests to a person from the team, the words exchanged, and concerns for somebody's safety."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.caring import callback
from models.caring.hand_over import asked
from models.messages.message import StoredAttachment
from models.offers.listing import Listing
from models.offers.programme import Site
from models.who.people import Person
from models.who.staff import StaffRole

CALL = "call"
"""What a message is about that asks to be called."""
KEEP_SENT = timedelta(days=30)
"""How long a photo or voice note that was sent to the team waits to be looked at."""
KEEP_CLOSED = timedelta(hours=48)
"""How long it stays once its request is closed."""


class Request(Base):
    """Somebody asked for a human. States: open, taken, closed. `kind` is "talk", "place" or "safety".

    A safety request is seen by safeguarding staff only, never by guardians, and holds no keyword hit:
    `concern` is the kind of emergency the words hinted at, `denied_at` when the person said that they
    were misunderstood. `town_id` is where the person was at home when they asked; `organisation_id` is
    set once somebody took it: from then on it is that organisation's alone (docs/decisions).
    """

    __tablename__ = "request"
    __table_args__ = (
        Index("ix_request_state", "state"),
        Index("ix_request_person_id", "person_id"),
        partial_index(
            "uq_request_alive",
            "person_id",
            "kind",
            unique=True,
            where="state <> 'closed'",
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    address_id: Mapped[int | None] = mapped_column(to("address"))
    kind: Mapped[str] = mapped_column(String(12), default="talk")
    concern: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(12), default="open")
    town_id: Mapped[int | None] = mapped_column(to("town"))
    organisation_id: Mapped[int | None] = mapped_column(to("organisation"))
    taken_by_id: Mapped[int | None] = mapped_column(to("person"))
    created_at: Mapped[When]
    changed_at: Mapped[When]
    denied_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)


class RequestMessage(Base):
    """One message of a request, in either direction. Text is kept 90 days.

    `about` is what it was asked from, if anything: "answer:12", "event:3".

    `seen_at` is when somebody from the team opened it (their own words are seen from the start).
    """

    __tablename__ = "request_message"
    __table_args__ = (Index("ix_request_message_request_id", "request_id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(to("request", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(to("person"))
    text: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = mapped_column(String(24), default="", server_default="")
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    created_at: Mapped[When]
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffNotice(Base):
    """The last notice about waiting requests that a member of staff got, so that many become one."""

    __tablename__ = "staff_notice"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    outgoing_id: Mapped[int | None] = mapped_column(to("outgoing", ondelete="SET NULL"))
    at: Mapped[When]


# ---------------------------------------------------------------- the person's side


def alive(session: Session, person_id: int, kind: str) -> Request | None:
    """The request of that kind which a person has and nobody has closed."""
    return session.scalars(
        select(Request).where(Request.person_id == person_id, Request.kind == kind, Request.state != "closed")
    ).first()


def open_request(
    session: Session, now: datetime, person_id: int, address_id: int | None, *, kind: str = "talk", concern: str = ""
) -> tuple[Request, bool]:
    """The person's request of that kind, opened if there is none; and whether it is new.

    The person's row is locked, so that two addresses writing at once share one request. It follows
    the person to the address they wrote from last.
    """
    person = session.get_one(Person, person_id, with_for_update=True)
    request = alive(session, person_id, kind)
    if request is not None:
        request.address_id, request.changed_at = address_id or request.address_id, now
        request.concern = concern or request.concern
        session.flush()
        return request, False
    request = Request(
        person_id=person_id,
        address_id=address_id,
        kind=kind,
        concern=concern,
        town_id=person.town_id,
        created_at=now,
        changed_at=now,
    )
    session.add(request)
    session.flush()
    return request, True


def add_message(
    session: Session,
    now: datetime,
    request: Request,
    author_id: int,
    words: str,
    attachment_id: int | None = None,
    *,
    about: str = "",
) -> bool:
    """Add a message; what was attached is kept until the team can have seen it.

    Returns True if nothing of the person's was unseen before, so that the team should hear of it.
    """
    fresh = unseen(session, request) == 0
    own = author_id == request.person_id
    if attachment_id is not None:
        session.execute(
            update(StoredAttachment).where(StoredAttachment.id == attachment_id).values(keep_until=now + KEEP_SENT)
        )
    session.add(
        RequestMessage(
            request_id=request.id,
            author_id=author_id,
            text=words,
            about=about,
            attachment_id=attachment_id,
            created_at=now,
            seen_at=None if own else now,
        )
    )
    request.changed_at = now
    session.flush()
    return fresh


def unseen(session: Session, request: Request) -> int:
    """How many of the person's messages nobody from the team has opened."""
    return session.scalars(
        select(func.count(RequestMessage.id)).where(
            RequestMessage.request_id == request.id,
            RequestMessage.author_id == request.person_id,
            RequestMessage.seen_at.is_(None),
        )
    ).one()


def own_attachment(session: Session, attachment_id: int, person_id: int) -> bool:
    """True if that attachment was sent by that person and is still there."""
    found = session.scalars(
        select(StoredAttachment.id).where(StoredAttachment.id == attachment_id, StoredAttachment.person_id == person_id)
    ).first()
    return found is not None


# ---------------------------------------------------------------- who may read it


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


# ---------------------------------------------------------------- the team's side


def locked(session: Session, request_id: int) -> Request | None:
    """A request, locked for a change."""
    return session.scalars(
        select(Request).where(Request.id == request_id).with_for_update().execution_options(populate_existing=True)
    ).first()


def messages(session: Session, request_id: int, most: int = 8) -> list[RequestMessage]:
    """The last messages of a request, the oldest of them first."""
    found = session.scalars(
        select(RequestMessage)
        .where(RequestMessage.request_id == request_id)
        .order_by(RequestMessage.id.desc())
        .limit(most)
    ).all()
    return list(reversed(found))


def mark_seen(session: Session, now: datetime, request: Request) -> list[RequestMessage]:
    """Mark the person's messages as seen and return those that were new, the oldest first."""
    fresh = list(
        session.scalars(
            select(RequestMessage)
            .where(
                RequestMessage.request_id == request.id,
                RequestMessage.author_id == request.person_id,
                RequestMessage.seen_at.is_(None),
            )
            .order_by(RequestMessage.id)
        )
    )
    for message in fresh:
        message.seen_at = now
    session.flush()
    return fresh


def take(session: Session, now: datetime, request: Request, staff_id: int) -> None:
    """Somebody takes the request: it is theirs, and their organisation's alone (a safety one stays shared)."""
    organisation_id = readers(session, request)[staff_id]
    request.state, request.taken_by_id, request.changed_at = "taken", staff_id, now
    if request.kind != "safety":
        request.organisation_id = organisation_id
    session.flush()


def put_back(session: Session, now: datetime, request: Request) -> None:
    """Nobody's again: everybody who could read it before it was taken can again."""
    request.state, request.taken_by_id, request.organisation_id, request.changed_at = "open", None, None, now
    session.flush()


def close(session: Session, now: datetime, request: Request) -> None:
    """End a request. What was attached goes soon; a new message of the person opens a new request."""
    request.state, request.changed_at = "closed", now
    callback.end(session, request.id)
    attached = select(RequestMessage.attachment_id).where(
        RequestMessage.request_id == request.id, RequestMessage.attachment_id.is_not(None)
    )
    session.execute(
        update(StoredAttachment)
        .where(StoredAttachment.id.in_(attached), StoredAttachment.keep_until > now + KEEP_CLOSED)
        .values(keep_until=now + KEEP_CLOSED)
        .execution_options(synchronize_session=False)
    )
    session.flush()


def reopen(session: Session, now: datetime, request: Request, staff_id: int) -> bool:
    """Go on with a closed request: it is of whoever opens it. False if the person has another one of that kind."""
    if request.state != "closed" or alive(session, request.person_id, request.kind) is not None:
        return False
    take(session, now, request, staff_id)
    return True
