"""What the team does with a request: look, take, put back, close, reopen."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.caring import callback
from models.caring.case import Request, RequestMessage, alive
from models.caring.reading import readers
from models.messages.message import StoredAttachment

KEEP_CLOSED = timedelta(hours=48)
"""How long it stays once its request is closed."""


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
