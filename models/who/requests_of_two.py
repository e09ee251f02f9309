"""The questions to the team of two people who are one: no open question is lost, none is shown to other readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.caring import callback, safety
from models.caring.case import Request, RequestMessage


def apart(session: Session, kept: int, other: int) -> bool:
    """True if both have an open question and different organisations answer: neither may read the other's."""
    return any(mine.organisation_id != theirs.organisation_id for mine, theirs in _pairs(session, kept, other))


def join(session: Session, now: datetime, kept: int, other: int) -> None:
    """Two open questions of a kind become one; then all of them are the person's who stays."""
    for mine, theirs in _pairs(session, kept, other):
        session.execute(update(RequestMessage).where(RequestMessage.request_id == theirs.id).values(request_id=mine.id))
        callback.join(session, mine.id, theirs.id)
        safety.join(session, mine.id, theirs.id)
        if mine.state == "open" and theirs.state == "taken":
            mine.state, mine.taken_by_id = theirs.state, theirs.taken_by_id
        mine.concern = mine.concern or theirs.concern
        mine.created_at, mine.changed_at = min(mine.created_at, theirs.created_at), now
        theirs.state, theirs.changed_at = "closed", now
    session.flush()
    session.execute(update(Request).where(Request.person_id == other).values(person_id=kept))


def give_back(session: Session, words: Iterable[tuple[int, int]]) -> None:
    """What the other had written to staff goes back to their own question, which stays closed."""
    for message, request in words:
        session.execute(
            update(RequestMessage)
            .where(RequestMessage.id == message)
            .values(request_id=request)
            .execution_options(synchronize_session=False)
        )


def follow(session: Session, kept: int, other: int, chats: Collection[int], since: datetime) -> None:
    """A question opened since they were one, and last asked in a chat of the other's, is theirs: so is its answer."""
    newer = select(Request).where(
        Request.person_id == kept,
        Request.state != "closed",
        Request.created_at >= since,
        Request.address_id.in_(chats),
    )
    for request in session.scalars(newer.order_by(Request.id).with_for_update()).all():
        mine = select(Request.id).where(
            Request.person_id == other, Request.kind == request.kind, Request.state != "closed"
        )
        if session.scalars(mine.limit(1)).first() is not None:
            continue
        asked = (RequestMessage.request_id == request.id, RequestMessage.author_id == kept)
        session.execute(
            update(RequestMessage).where(*asked).values(author_id=other).execution_options(synchronize_session=False)
        )
        request.person_id = other
    session.flush()


def _pairs(session: Session, kept: int, other: int) -> list[tuple[Request, Request]]:
    alive = session.scalars(
        select(Request)
        .where(Request.person_id.in_((kept, other)), Request.state != "closed")
        .order_by(Request.id)
        .with_for_update()
    ).all()
    by_kind = {(row.kind, row.person_id): row for row in alive}
    return [
        (mine, theirs)
        for (kind, person_id), mine in by_kind.items()
        if person_id == kept and (theirs := by_kind.get((kind, other))) is not None
    ]
