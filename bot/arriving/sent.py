"""What the person who acts has sent themself: nobody passes on what somebody else has sent."""

from __future__ import annotations

from bot.arriving.numbers import number
from bot.doing import Doing
from models.caring import case
from models.messages.message import StoredAttachment


def attachment_of(doing: Doing, ref: str) -> int | None:
    """The id of an attachment that who acts has sent; None for anything else, also for one that is gone."""
    found = number(ref)
    return found if case.own_attachment(doing.session, found, doing.person_id) else None


def sent(doing: Doing, ref: str) -> StoredAttachment | None:
    """The same with its content."""
    found = attachment_of(doing, ref)
    return doing.session.get(StoredAttachment, found) if found is not None else None


def voice_of(doing: Doing, ref: str) -> StoredAttachment | None:
    """The same of a voice note."""
    row = sent(doing, ref)
    return row if row is not None and row.kind == "voice" else None
