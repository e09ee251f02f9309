"""Attendance by code: a short code that staff show in the room, good during the session for who has a place."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending.attendance import state_of
from models.base import Base, When, inserting, to
from models.code import blocked, fresh_typed, written, wrong
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.placed import has_place

OPENS = timedelta(minutes=15)
"""From so long before the start a code can be shown and used; until the end."""
LOOKS_LIKE = str.maketrans("АВСЕНКМРТХУІО", "ABCEHKMPTXYI0")
"""Cyrillic letters that look like Latin ones: the keyboard of the phone does not matter."""


class RoomCode(Base):
    """The code of a session."""

    __tablename__ = "room_code"

    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[When]


def is_time(meeting: Meeting, now: datetime) -> bool:
    """True while a session's code works."""
    return meeting.state == "planned" and meeting.starts_at - OPENS <= now < meeting.ends_at


def show(session: Session, now: datetime, meeting: Meeting) -> str:
    """The code of a session as it is written ("ABCD-EFGH"); "" outside its time. The same however often it is shown."""
    if not is_time(meeting, now):
        return ""
    row = {"session_id": meeting.id, "code": fresh_typed(), "created_at": now}
    new = inserting(session.get_bind().dialect.name)(RoomCode).values(row)
    session.execute(new.on_conflict_do_nothing(index_elements=["session_id"]))
    return written(session.get_one(RoomCode, meeting.id).code)


def plain(typed: str) -> str:
    """A typed code as it is kept: capital Latin letters and digits."""
    kept = "".join(char for char in typed.upper() if char.isalnum())
    return kept.translate(LOOKS_LIKE)


def may_use(session: Session, now: datetime, meeting: Meeting, booking: Booking, typed: str, actor_id: int) -> str:
    """Whether a code makes somebody present: "right", or why not.

    "early" and "over": outside the session; "no_place"; "already": they are marked; "absent": staff said otherwise;
    "blocked" after too many wrong ones; "wrong", which is counted.
    """
    if meeting.state != "planned" or now >= meeting.ends_at:
        return "over"
    if not is_time(meeting, now):
        return "early"
    if not has_place(booking, meeting):
        return "no_place"
    if blocked(session, now, actor_id):
        return "blocked"
    row = session.get(RoomCode, meeting.id)
    if row is None or not secrets.compare_digest(row.code.encode(), plain(typed).encode()):
        wrong(session, now, actor_id)
        return "wrong"
    return {"present": "already", "absent": "absent"}.get(state_of(session, booking.id, meeting.id), "right")
