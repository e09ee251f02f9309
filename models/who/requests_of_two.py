"""The questions to the team of two people who are one: no open question is lost, none is shown to other readers."""

from __future__ import annotations

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
