"""One-time codes: made, looked at and used once; who guesses too often learns nothing any more."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.base import fresh_token
from models.who.people import CodeTry, OneTimeCode

HOUR = timedelta(hours=1)
TRIES_EACH = 10
"""Wrong codes that one person may try in an hour; after that even a right one is unknown."""
TRIES_ALL = 1000
"""Wrong codes that all people together may try in an hour."""


LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What codes for typing are made of: nothing that looks like something else."""
TYPED = 8
"""Letters of a code for typing: 39 bits, enough against `TRIES_ALL` guesses an hour for as long as such codes last."""


def code_hash(code: str) -> str:
    """What is kept of a one-time code. Codes of links have 128 bits of chance, so a plain hash is enough.

    A code for typing is the same in small letters and without its hyphen.
    """
    typed = code.strip().replace("-", "").upper()
    plain = typed if len(typed) == TYPED else code.strip()
    return hashlib.sha256(plain.encode()).hexdigest()


def fresh_typed() -> str:
    """A new code for typing, without its hyphen."""
    return "".join(secrets.choice(LETTERS) for _letter in range(TYPED))


def written(typed: str) -> str:
    """A code for typing as it is shown and read out: "ABCD-EFGH"."""
    return f"{typed[:4]}-{typed[4:]}"


def issue(
    session: Session, now: datetime, purpose: str, subject_id: int | None, lasts: timedelta, details: str = ""
) -> str:
    """Make a code for a purpose and return it: it is kept nowhere, only its hash."""
    code = fresh_token()
    _keep(session, now, code, purpose, subject_id, lasts, details)
    return code


def issue_pair(
    session: Session, now: datetime, purpose: str, subject_id: int, lasts: timedelta, details: str = ""
) -> tuple[str, str]:
    """A code for a link and a short one to be typed. Earlier ones for the same end; `use_up` ends both."""
    use_up(session, now, purpose, subject_id)
    long = issue(session, now, purpose, subject_id, lasts, details)
    return long, issue_typed(session, now, purpose, subject_id, lasts, details)


def issue_typed(
    session: Session, now: datetime, purpose: str, subject_id: int, lasts: timedelta, details: str = ""
) -> str:
    """Make a short code to be shown and typed, as "ABCD-EFGH"."""
    short = fresh_typed()
    _keep(session, now, short, purpose, subject_id, lasts, details)
    return written(short)


def _keep(
    session: Session, now: datetime, code: str, purpose: str, subject_id: int | None, lasts: timedelta, details: str
) -> None:
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


def use_up(session: Session, now: datetime, purpose: str, subject_id: int) -> None:
    """End every code of a purpose for somebody."""
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.purpose == purpose, OneTimeCode.subject_id == subject_id, OneTimeCode.used_at.is_(None))
        .values(used_at=now)
    )
    session.flush()


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


def used_for(session: Session, code: str, purpose: str) -> int | None:
    """Whose code it was, if it has been used; None for all others. It counts as no try: tell it to nobody unasked."""
    spent = select(OneTimeCode.subject_id).where(
        OneTimeCode.hash == code_hash(code), OneTimeCode.purpose == purpose, OneTimeCode.used_at.is_not(None)
    )
    return session.scalars(spent).first()


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
