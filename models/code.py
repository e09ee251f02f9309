"""One-time codes: made, looked at and used once; who guesses too often learns nothing any more."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.base import fresh_token
from models.people import CodeTry, OneTimeCode

HOUR = timedelta(hours=1)
TRIES_EACH = 10
"""Wrong codes that one person may try in an hour; after that even a right one is unknown."""
TRIES_ALL = 1000
"""Wrong codes that all people together may try in an hour."""


def code_hash(code: str) -> str:
    """What is kept of a one-time code. The code has 128 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(code.strip().encode()).hexdigest()


def issue(
    session: Session, now: datetime, purpose: str, subject_id: int | None, lasts: timedelta, details: str = ""
) -> str:
    """Make a code for a purpose and return it: it is kept nowhere, only its hash."""
    code = fresh_token()
    session.add(
        OneTimeCode(
            hash=code_hash(code),
            purpose=purpose,
            subject_id=subject_id,
            details=details,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    session.flush()
    return code


def look(session: Session, now: datetime, code: str, purpose: str, person_id: int) -> OneTimeCode | None:
    """The code's row, locked, if it may be used now; None for anything else, which counts as a wrong try."""
    if blocked(session, now, person_id):
        return None
    found = session.scalars(
        select(OneTimeCode)
        .where(
            OneTimeCode.hash == code_hash(code),
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .with_for_update()
    ).first()
    if found is None:
        wrong(session, now, person_id)
    return found


def blocked(session: Session, now: datetime, person_id: int) -> bool:
    """True once a person, or all together, tried too many wrong codes within the last hour."""
    recent = select(func.count()).select_from(CodeTry).where(CodeTry.at > now - HOUR)
    mine = session.scalar(recent.where(CodeTry.person_id == person_id)) or 0
    return mine >= TRIES_EACH or (session.scalar(recent) or 0) >= TRIES_ALL


def wrong(session: Session, now: datetime, person_id: int) -> None:
    """Count a wrong code; what is older than an hour is forgotten."""
    session.execute(delete(CodeTry).where(CodeTry.at <= now - HOUR))
    session.add(CodeTry(person_id=person_id, at=now))
    session.flush()
