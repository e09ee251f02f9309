"""Web chats: the keys that open them, and what was said in them, kept for thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, Several, When, partial_index
from models.messages.message import Outgoing
from models.who.people import Address

CHANNEL = "webchat"
KEPT = timedelta(days=30)
"""How long a transcript stays readable."""
FILE_KEPT = timedelta(hours=48)
"""How long a photo, voice note or file that was passed on can be fetched (as StoredAttachment)."""
OPEN_FOR = timedelta(days=90)
"""How long a key opens its chat after it was last used."""


class WebKey(Base):
    """What opens a web chat: the key in a cookie, or a private link. Only its hash is kept."""

    __tablename__ = "web_key"
    __table_args__ = (Index("ix_web_key_external_id", "external_id"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[When]
    expires_at: Mapped[When]


class WebLine(Base):
    """One bubble of a web chat.

    `side` is "house" or "person". `message_id` names what a person sent, so that it is shown once.
    `gone` are the ids of earlier bubbles that this one stands in the place of.
    """

    __tablename__ = "web_line"
    __table_args__ = (
        Index("ix_web_line_external_id", "external_id", "id"),
        Index("ix_web_line_at", "at"),
        partial_index(
            "uq_web_line_said",
            "external_id",
            "message_id",
            unique=True,
            where="message_id <> ''",
        ),
        # a number given to a bubble that is gone must never be given again: phones ask for what came after it
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    external_id: Mapped[str] = mapped_column(String(128))
    at: Mapped[When]
    side: Mapped[str] = mapped_column(String(8))
    message_id: Mapped[str] = mapped_column(String(128), default="")
    body: Mapped[Object]
    gone: Mapped[Several] = mapped_column(default=list)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    file_until: Mapped[datetime | None] = mapped_column(Instant)


# ---------------------------------------------------------------- keys


def opens(session: Session, key_hash: str, now: datetime, kind: str = "cookie") -> str | None:
    """The external id of the chat that a key opens, or None for one that opens nothing (any more)."""
    key = session.get(WebKey, key_hash)
    return key.external_id if key is not None and key.kind == kind and key.expires_at > now else None


def add_key(session: Session, now: datetime, key_hash: str, external_id: str, kind: str = "cookie") -> None:
    """Let a key open a chat. A chat has one private link: a new one ends the old."""
    if kind == "link":
        session.execute(delete(WebKey).where(WebKey.external_id == external_id, WebKey.kind == "link"))
    known = session.get(WebKey, key_hash)
    if known is None:
        session.add(
            WebKey(hash=key_hash, external_id=external_id, kind=kind, created_at=now, expires_at=now + OPEN_FOR)
        )
        session.flush()


def use_key(session: Session, now: datetime, key_hash: str) -> None:
    """Let a key and its chat's link live on, as it was used just now."""
    key = session.get(WebKey, key_hash)
    if key is not None:
        session.execute(update(WebKey).where(WebKey.external_id == key.external_id).values(expires_at=now + OPEN_FOR))


def has_link(session: Session, external_id: str) -> bool:
    """Whether a private link leads back to the chat."""
    found = select(WebKey.hash).where(WebKey.external_id == external_id, WebKey.kind == "link")
    return session.scalars(found.limit(1)).first() is not None


# ---------------------------------------------------------------- lines


def said(session: Session, now: datetime, external_id: str, message_id: str, body: dict[str, Any]) -> int | None:
    """Note what a person said; None if this message is noted already."""
    _lock(session, external_id)
    known = select(WebLine.id).where(WebLine.external_id == external_id, WebLine.message_id == message_id)
    if session.scalars(known).first() is not None:
        return None
    row = WebLine(external_id=external_id, at=now, side="person", message_id=message_id, body=body, gone=[])
    session.add(row)
    session.flush()
    return row.id


def shown(
    session: Session,
    now: datetime,
    external_id: str,
    body: dict[str, Any],
    *,
    replaces: int | None = None,
    file: tuple[str, str, bytes] | None = None,
) -> int:
    """Note what the house says. With `replaces` it takes the place of that bubble and of the taps on it."""
    _lock(session, external_id)
    gone: list[int] = []
    if replaces is not None:
        for row in session.scalars(
            select(WebLine).where(WebLine.external_id == external_id, WebLine.id >= replaces)
        ).all():
            if (row.id == replaces and row.side == "house") or row.body.get("of") == replaces:
                gone.append(row.id)
                session.delete(row)
    name, media_type, content = file or ("", "", None)
    line = WebLine(
        external_id=external_id,
        at=now,
        side="house",
        body=body,
        gone=gone,
        file_name=name[:120],
        media_type=media_type[:80],
        content=content,
        file_until=now + FILE_KEPT if file else None,
    )
    session.add(line)
    session.flush()
    return line.id


def lines_after(session: Session, external_id: str, after: int, most: int) -> list[WebLine]:
    """The bubbles that came after one, oldest first."""
    wanted = select(WebLine).where(WebLine.external_id == external_id, WebLine.id > after)
    return list(session.scalars(wanted.order_by(WebLine.id).limit(most)))


def lines_before(session: Session, external_id: str, before: int | None, most: int) -> list[WebLine]:
    """The last bubbles, or the last ones before one, oldest first."""
    wanted = select(WebLine).where(WebLine.external_id == external_id)
    if before is not None:
        wanted = wanted.where(WebLine.id < before)
    return list(session.scalars(wanted.order_by(WebLine.id.desc()).limit(most)))[::-1]


def line(session: Session, external_id: str, line_id: int) -> WebLine | None:
    """A bubble, if it stands in this chat."""
    return session.scalars(
        select(WebLine).where(WebLine.external_id == external_id, WebLine.id == line_id)
    ).one_or_none()


def replies_wait(session: Session, now: datetime, channel: str, external_id: str) -> bool:
    """Whether an answer is on its way to an address right now: due, and not handed to the channel yet."""
    on_its_way = (
        select(Outgoing.id)
        .join(Address, Address.id == Outgoing.address_id)
        .where(
            Address.channel == channel,
            Address.external_id == external_id,
            Outgoing.state.in_(("waiting", "sending")),
            Outgoing.rank == 0,
            Outgoing.due_at <= now,
        )
    )
    return session.scalars(on_its_way.limit(1)).first() is not None


# ---------------------------------------------------------------- forgetting


def forget_lines(session: Session, external_id: str) -> None:
    """Forget what was said in a chat; who has it open can go on."""
    session.execute(delete(WebLine).where(WebLine.external_id == external_id))
    session.flush()


def forget_device(session: Session, external_id: str) -> bool:
    """Delete the transcript and the cookie keys of a chat. True if a private link still leads back to it."""
    session.execute(delete(WebLine).where(WebLine.external_id == external_id))
    session.execute(delete(WebKey).where(WebKey.external_id == external_id, WebKey.kind == "cookie"))
    return has_link(session, external_id)


def forget(session: Session, external_id: str) -> None:
    """Delete everything that is kept of a web chat, its link too: for somebody whose data is erased."""
    session.execute(delete(WebLine).where(WebLine.external_id == external_id))
    session.execute(delete(WebKey).where(WebKey.external_id == external_id))


def keep_no_longer(session: Session, now: datetime) -> None:
    """Delete lines, files and keys whose time is over. A standing job runs it every day."""
    session.execute(delete(WebLine).where(WebLine.at < now - KEPT))
    session.execute(delete(WebKey).where(WebKey.expires_at < now))
    session.execute(update(WebLine).where(WebLine.file_until < now).values(content=None, file_until=None))


def _lock(session: Session, external_id: str) -> None:
    """One writer at a time per chat, so that bubbles are numbered in the order in which they are committed."""
    session.execute(
        select(Address.id).where(Address.channel == CHANNEL, Address.external_id == external_id).with_for_update()
    )


def forget_file(session: Session, now: datetime, content: bytes) -> None:
    """Take a file out of every chat that still shows it: it was printed, and must not be anywhere any more."""
    session.execute(
        update(WebLine)
        .where(WebLine.content == content)
        .values(content=None, file_until=now)
        .execution_options(synchronize_session=False)
    )
