"""Viber's own rows: what is known of each chat there, and the files that it fetches from us for a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, LargeBinary, String, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, load_only, mapped_column

from models.base import Base, Instant, Several, When, inserting
from models.who.people import Address

CHANNEL = "viber"
KEYBOARD = timedelta(days=2)
"""How long the labels of the last buttons are kept; the platform itself shows them until the next keyboard."""
STRANGERS = timedelta(days=1)
"""How long something is kept of whoever opened the chat and is nobody's address."""
MOST_BYTES = 256 * 1024 * 1024
"""Of all files together; the oldest go first."""


class ViberChat(Base):
    """What the platform's rules need of one chat: client version, messages of the clock hour, last buttons.

    `hour` is the clock hour (UTC) that `sent` counts; `shown` the buttons since the person last did something.
    """

    __tablename__ = "viber_chat"

    external_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    version: Mapped[int | None]
    hour: Mapped[datetime | None] = mapped_column(Instant)
    sent: Mapped[int] = mapped_column(default=0)
    told_to_wait: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[Several] = mapped_column(default=list)
    changed_at: Mapped[When]


class ViberFile(Base):
    """A file that Viber fetches, under the hash of the token in its address. `external_id` is whom it was for."""

    __tablename__ = "viber_file"
    __table_args__ = (Index("ix_viber_file_until", "until"), Index("ix_viber_file_external_id", "external_id"))

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(128), default="")
    media_type: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    until: Mapped[When]


def known(session: Session, external_ids: Sequence[str]) -> Mapping[str, ViberChat]:
    """What is known of these chats."""
    rows = session.scalars(select(ViberChat).where(ViberChat.external_id.in_(external_ids)))
    return {row.external_id: row for row in rows}


def change(
    session: Session, now: datetime, external_ids: Sequence[str], by: Callable[[ViberChat], None]
) -> Mapping[str, ViberChat]:
    """Change the row of each chat, made where there is none, with all of them locked."""
    if not external_ids:
        return {}
    made = inserting(session.get_bind().dialect.name)(ViberChat).on_conflict_do_nothing()
    fresh: dict[str, Any] = {
        "version": None,
        "hour": None,
        "sent": 0,
        "told_to_wait": False,
        "shown": [],
        "changed_at": now,
    }
    session.execute(made, [{"external_id": one, **fresh} for one in sorted(set(external_ids))])
    locked = select(ViberChat).where(ViberChat.external_id.in_(external_ids)).order_by(ViberChat.external_id)
    rows = session.scalars(locked.with_for_update(), execution_options={"populate_existing": True}).all()
    for row in rows:
        by(row)
        row.changed_at = now
    session.flush()
    return {row.external_id: row for row in rows}


def keep(session: Session, now: datetime, file: ViberFile) -> None:
    """Keep a file; those whose time is over go, and the oldest where there are too many."""
    session.execute(delete(ViberFile).where(ViberFile.until <= now))
    held = session.scalar(select(func.coalesce(func.sum(ViberFile.size), 0))) or 0
    over = held + file.size - MOST_BYTES
    oldest = select(ViberFile).options(load_only(ViberFile.size)).order_by(ViberFile.until, ViberFile.hash)
    for row in session.scalars(oldest) if over > 0 else ():
        session.delete(row)
        over -= row.size
        if over <= 0:
            break
    session.add(file)
    session.flush()


def file_of(session: Session, now: datetime, key: str) -> ViberFile | None:
    """The file under a hash, while its time is not over."""
    row = session.get(ViberFile, key)
    return row if row is not None and row.until > now else None


# ---------------------------------------------------------------- forgetting


def forget(session: Session, external_id: str) -> None:
    """Delete everything of one chat: for somebody whose data is erased, or whose chat is let go."""
    session.execute(delete(ViberChat).where(ViberChat.external_id == external_id))
    session.execute(delete(ViberFile).where(ViberFile.external_id == external_id))


def forget_shown(session: Session, external_id: str) -> None:
    """The chat becomes a stranger's: what was shown and sent there goes, what its phone can do stays."""
    session.execute(update(ViberChat).where(ViberChat.external_id == external_id).values(shown=[]))
    session.execute(delete(ViberFile).where(ViberFile.external_id == external_id))


def keep_no_longer(session: Session, now: datetime, most: int = 500) -> int:
    """Delete files and chats whose time is over, at most so many of each; empty what was shown. How many it were."""
    files = select(ViberFile.hash).where(ViberFile.until <= now).limit(most)
    theirs = exists().where(Address.channel == CHANNEL, Address.external_id == ViberChat.external_id)
    strangers = select(ViberChat.external_id).where(ViberChat.changed_at < now - STRANGERS, ~theirs).limit(most)
    gone = len(session.scalars(delete(ViberFile).where(ViberFile.hash.in_(files)).returning(ViberFile.hash)).all())
    gone += len(
        session.scalars(
            delete(ViberChat).where(ViberChat.external_id.in_(strangers)).returning(ViberChat.external_id)
        ).all()
    )
    full = or_(ViberChat.hour.is_not(None), func.length(cast(ViberChat.shown, String)) > 2)
    stale = select(ViberChat.external_id).where(ViberChat.changed_at < now - KEYBOARD, full).limit(most)
    emptied = update(ViberChat).where(ViberChat.external_id.in_(stale)).values(shown=[], hour=None, sent=0)
    return gone + len(session.scalars(emptied.returning(ViberChat.external_id)).all())
