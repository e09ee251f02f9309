"""Inviting staff from the command line: the first code for an organisation, made without anybody's chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import staff
from models.programme import Organisation


class UnknownOrganisation(Exception):
    """No organisation has that code; `known` are those there are."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no organisation {wanted!r}; there are: {', '.join(known) or 'none yet'}")
        self.known = known


def invite(session: Session, now: datetime, organisation: str = "", role: str = "admin") -> str:
    """Make a code that `/start CODE` redeems; without a name, for the first organisation.

    Raises UnknownOrganisation, and ValueError for a role that there is not.
    """
    rows = session.execute(select(Organisation.code, Organisation.id).order_by(Organisation.id)).all()
    known: dict[str, int] = {row.code: row.id for row in rows}
    if not known or (organisation and organisation not in known):
        raise UnknownOrganisation(organisation, tuple(known))
    organisation_id = known[organisation] if organisation else next(iter(known.values()))
    return staff.invite(session, now, organisation_id, role)
