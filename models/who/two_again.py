"""Two who were joined by mistake, where one side cannot answer: whether an administrator may take them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.who import apart, bringing
from models.who.apart import Joining
from models.who.bringing import Brings
from models.who.people import Address, Person

SILENT = timedelta(days=3)
"""A chat that was asked and in which nothing was heard for so long is out of reach."""
ASKED, REFUSED = "asked to be apart", "stays one"
"""What the audit log says of the question to the other side, and of its no."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How it stands with two who are one.

    "ready", or why not: "none" (nobody was joined), "late" (too long ago), "ask" (neither side has said so), "waits"
    (the other side can answer), "no" (it said no), "gone" (a side has no chat any more). `asks` are the chats of the
    side that says so, `other` those of the other one, `asked_at` when it said so; `brings` is what goes back.
    """

    state: str
    joining: Joining | None = None
    asks: Sequence[Address] = ()
    other: Sequence[Address] = ()
    asked_at: datetime | None = None
    keeps: bool = False
    """True if what is new stays with the side that says so."""
    brings: Brings = field(default_factory=Brings)


def was_joined(session: Session, person_id: int) -> bool:
    """True if somebody else became this person, at any time."""
    other = select(Person.id).where(Person.merged_into_id == person_id)
    return session.scalars(other.limit(1)).first() is not None


def look(session: Session, now: datetime, person_id: int) -> Pair:
    """How it stands with the newest joining of which a side says that it was a mistake."""
    rows = apart.open_for(session, now, person_id)
    if not rows:
        return Pair("late" if was_joined(session, person_id) else "none")
    said = _said(session, person_id, min(row.at for row in rows))
    for row in rows:
        asks = [one for one in said if one.action == ASKED and one.details.get("joining") == row.id]
        if asks:
            return _look_at(session, now, row, asks[-1], [one for one in said if one.action == REFUSED])
    return Pair("ask")


def _said(session: Session, person_id: int, since: datetime) -> list[Audit]:
    about = select(Audit).where(
        Audit.at >= since, Audit.subject == f"person {person_id}", Audit.action.in_((ASKED, REFUSED))
    )
    return list(session.scalars(about.order_by(Audit.id)))


def _look_at(session: Session, now: datetime, row: Joining, asked: Audit, refusals: list[Audit]) -> Pair:
    here, there = apart.sides(session, row)
    if not here or not there:
        return Pair("gone")
    keeps = asked.details.get("address") in here
    if not keeps and asked.details.get("address") not in there:
        return Pair("ask")
    asks, other = (here, there) if keeps else (there, here)
    chats = {one.id: one for one in session.scalars(select(Address).where(Address.id.in_((*here, *there))))}
    theirs = [chats[one] for one in other]
    if any(one.details.get("joining") == row.id and one.details.get("address") in other for one in refusals):
        return Pair("no")
    reachable = [one for one in theirs if one.active]
    if reachable and not asked.details.get("asked"):  # it was out of reach then, so it was never asked
        return Pair("ask")
    heard = any(one.last_heard_at is not None and one.last_heard_at > asked.at for one in reachable)
    if reachable and (heard or asked.at > now - SILENT):
        return Pair("waits", asked_at=asked.at)
    brings = bringing.brings(session, now, row.kept_id, row.moved)
    return Pair("ready", row, [chats[one] for one in asks], theirs, asked.at, keeps, brings)
