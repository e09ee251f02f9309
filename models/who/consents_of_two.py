"""The consents of two people who are one: both stay on record, and what either took back counts as taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.who.consent import Consent

Key = tuple[int, int, str]
"""For whom, by whom, for what: with both people written as the one who stays."""


def contradict(session: Session, kept: int, other: int) -> bool:
    """True if the one agreed to taking part and the other took it back: bookings hang on it, so nobody guesses."""
    return any(purpose == "attend" for (_person, _giver, purpose), _rows in _divided(session, kept, other))


def join(session: Session, now: datetime, kept: int, other: int) -> None:
    """Take back what one of the two has taken back. The rows themselves follow their person."""
    for _key, rows in _divided(session, kept, other):
        for row in rows:
            row.withdrawn_at = row.withdrawn_at or now
    session.flush()


def _divided(session: Session, kept: int, other: int) -> list[tuple[Key, list[Consent]]]:
    """Consents where the same yes stands from one side and was taken back on the other."""
    both = (kept, other)
    found: dict[Key, dict[tuple[int, int], list[Consent]]] = {}
    rows = session.scalars(
        select(Consent).where(or_(Consent.person_id.in_(both), Consent.given_by_id.in_(both))).order_by(Consent.id)
    )
    for row in rows:
        key = (_one(row.person_id, kept, other), _one(row.given_by_id, kept, other), row.purpose)
        found.setdefault(key, {}).setdefault((row.person_id, row.given_by_id), []).append(row)
    divided: list[tuple[Key, list[Consent]]] = []
    for key, sides in found.items():
        stands = {any(row.withdrawn_at is None for row in side) for side in sides.values()}
        if len(stands) > 1:
            divided.append((key, [row for side in sides.values() for row in side]))
    return divided


def _one(person_id: int, kept: int, other: int) -> int:
    return kept if person_id == other else person_id
