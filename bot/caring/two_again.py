"""Which administrator may make two of one who wrote to the team, and how it stands with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.caring.case import Request
from models.caring.reading import readers
from models.who import two_again
from models.who.staff import organisations_of
from models.who.two_again import Pair


@dataclass(frozen=True, slots=True)
class Answered:
    """The pair, and the organisation whose administrator looks."""

    pair: Pair
    organisation_id: int


def decides(session: Session, request: Request, staff_id: int) -> int | None:
    """The organisation that answers this request, for its administrators; None for everybody else.

    Not in a safety case: its people are told nothing that somebody beside them could read.
    """
    if request.kind == "safety":
        return None
    answering = request.organisation_id or readers(session, request).get(staff_id)
    return answering if answering in organisations_of(session, staff_id, roles=("admin",)) else None


def pair_of(session: Session, now: datetime, request: Request, staff_id: int) -> Answered | None:
    """How it stands with who asks, for an administrator who decides; None for everybody else."""
    answering = decides(session, request, staff_id)
    return Answered(two_again.look(session, now, request.person_id), answering) if answering is not None else None
