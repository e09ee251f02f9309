"""A message of a request, as those who answer it read it: in the inbox, and in a topic of the desk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.facts.helping.campaigns import title_of
from bot.facts.helping.expected import late_for
from conversations.facts.help import Line
from conversations.speech import Moment
from models.caring.case import CALL, CALL_OFF, RequestMessage


def line_of(session: Session, message: RequestMessage, at: Moment, *, ours: bool, sent: str) -> Line:
    """A message, with what it is about. `sent` is the kind of what was attached and is still there."""
    return Line(
        at,
        ours,
        message.text,
        sent,
        title_of(session, message.about),
        message.about == CALL,
        message.about == CALL_OFF,
        late_for(session, message.about),
    )
