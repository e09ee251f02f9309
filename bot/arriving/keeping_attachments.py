"""Keeps what somebody sent beside words, until it has been passed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from conversations.speech import Attachment, Heard
from models.messages.message import StoredAttachment

KEEP_ATTACHMENT = timedelta(hours=48)


def stored(session: Session, now: datetime, person_id: int, heard: Heard) -> Heard:
    """What was heard, with its attachment stored and named by the id it is stored under."""
    sent = heard.attachment
    if sent is None or sent.content is None or sent.kind not in ("photo", "file", "voice"):
        return heard
    row = StoredAttachment(
        person_id=person_id,
        kind=sent.kind,
        name=sent.name[:120],
        media_type=sent.media_type[:80],
        content=sent.content,
        created_at=now,
        keep_until=now + KEEP_ATTACHMENT,
    )
    session.add(row)
    session.flush()
    kept = Attachment(sent.kind, row.name, row.media_type, len(sent.content), ref=str(row.id))
    return replace(heard, attachment=kept)
