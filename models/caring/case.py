"""Requests to a person from the team and concerns for somebody's safety: what people open, and the words exchanged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.messages.message import StoredAttachment
from models.who.people import Person

CALL, CALL_OFF = "call", "call_off"
"""What a message is about that asks to be called, and that nobody needs to call any more."""
LATE = "late:"
"""What a message is about that says that somebody will be late; the key of what they are expected at follows."""
KEEP_SENT = timedelta(days=30)
"""How long a photo or voice note that was sent to the team waits to be looked at."""


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

    `about` is what it was asked from, if anything: "answer:12", "event:3", or what they will be late for: "late:a12".

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


def told_lately(session: Session, author_id: int, about: str, since: datetime) -> bool:
    """True if somebody has written about that since then (UTC), whatever became of the request."""
    wanted = select(RequestMessage.id).where(
        RequestMessage.author_id == author_id, RequestMessage.about == about, RequestMessage.created_at >= since
    )
    return session.scalars(wanted.limit(1)).first() is not None


def unseen(session: Session, request: Request) -> int:
    """How many of the person's messages nobody from the team has opened."""
    return session.scalars(
        select(func.count(RequestMessage.id)).where(
            RequestMessage.request_id == request.id,
            RequestMessage.author_id == request.person_id,
            RequestMessage.seen_at.is_(None),
        )
    ).one()


def with_unseen(session: Session, request_ids: Collection[int]) -> int:
    """How many of these requests have a message of the person that nobody from the team has opened."""
    unseen_in = (
        select(func.count(RequestMessage.request_id.distinct()))
        .join(Request, Request.id == RequestMessage.request_id)
        .where(
            Request.id.in_(request_ids),
            RequestMessage.author_id == Request.person_id,
            RequestMessage.seen_at.is_(None),
        )
    )
    return session.scalar(unseen_in) or 0


def own_attachment(session: Session, attachment_id: int, person_id: int) -> bool:
    """True if that attachment was sent by that person and is still there."""
    found = session.scalars(
        select(StoredAttachment.id).where(StoredAttachment.id == attachment_id, StoredAttachment.person_id == person_id)
    ).first()
    return found is not None
