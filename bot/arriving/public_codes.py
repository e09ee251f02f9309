"""What the public codes of surveys, votes and boxes open."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.steps import Json
from models.asking.box import Box
from models.asking.survey import Survey
from models.asking.vote import Poll


def asked(session: Session, code: str) -> tuple[str, dict[str, Json]] | None:
    """The conversation and its seed; None for a code of none of them. Typed codes may be in small letters."""
    code = code[:32]
    survey = session.scalars(select(Survey.id).where(Survey.code == code)).first()
    if survey is not None:
        return "survey", {"survey": survey}
    typed = code.upper()
    poll = session.scalars(select(Poll.id).where(Poll.code == typed)).first()
    if poll is not None:
        return "vote", {"poll": poll}
    box = session.scalars(select(Box.id).where(Box.code == typed)).first()
    return ("box", {"box": str(box)}) if box is not None else None
