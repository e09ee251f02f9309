"""Inviting staff from the command line: the first code for an organisation, made without anybody's chat."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.programme import Organisation
from models.who import staff


class UnknownOrganisation(Exception):
    """No organisation has that code; `known` are those there are."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no organisation {wanted!r}; there are: {', '.join(known) or 'none yet'}")
        self.known = known


def invite(session: Session, now: datetime, organisation: str = "", role: str = "admin", name: str = "") -> str:
    """Make a code that `/start CODE` redeems; without a code of one, for the first organisation.

    With a `name`, an organisation that is new is made. Raises UnknownOrganisation, and ValueError for a role that
    there is not or a code that does not fit in a link.
    """
    if name and organisation:
        _found(session, organisation, name)
    rows = session.execute(select(Organisation.code, Organisation.id).order_by(Organisation.id)).all()
    known: dict[str, int] = {row.code: row.id for row in rows}
    if not known or (organisation and organisation not in known):
        raise UnknownOrganisation(organisation, tuple(known))
    organisation_id = known[organisation] if organisation else next(iter(known.values()))
    return staff.invite(session, now, organisation_id, role)


def _found(session: Session, code: str, name: str) -> None:
    """Make an organisation, unless there is one of that code."""
    if not re.fullmatch(r"[a-z0-9-]{2,32}", code):
        raise ValueError(f"an organisation's code is 2 to 32 small letters, digits and -, not {code!r}")
    if session.scalars(select(Organisation.id).where(Organisation.code == code)).first() is None:
        language = "sr" if re.search("[ђјљњћџЂЈЉЊЋЏ]", name) else "bg" if re.search("[а-яА-Я]", name) else "sr"
        session.add(Organisation(code=code, name={language: name}))
        session.flush()
