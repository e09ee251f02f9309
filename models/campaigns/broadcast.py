"""Broadcasts: a message of staff to many people, to each at most once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, false, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, When, to
from models.messages.message import Outgoing

RUNNING = ("scheduled", "sending")


class Broadcast(Base):
    """A message by language, to an audience. States: draft, scheduled, sending, stopped, sent; or digest: it is said
    in the weekly digest of those who want its topic, and not by itself.

    `audience` holds the filter (towns, subjects, bands, roles, languages); `texts` the words by
    language; `listing_id` what its button opens, if anything; `announcement_id` what it reminds of; `topic`
    which subscription it is for (models/campaigns/subscription.py), "" for none. `cursor` is the last person queued;
    `queued_at` when everybody was. `free_only` leaves out whoever could be written to for money only. With
    `attachment_id` a voice note or photo comes along. `invites`: people are invited to the listing in the bot's own
    words, in each one's language, whatever staff wrote beside it.
    """

    __tablename__ = "broadcast"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    author_id: Mapped[int] = mapped_column(to("person"))
    audience: Mapped[Object]
    texts: Mapped[Object]
    listing_id: Mapped[int | None] = mapped_column(to("listing"))
    announcement_id: Mapped[int | None] = mapped_column(to("announcement"))
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    invites: Mapped[bool] = mapped_column(default=False, server_default=false())
    topic: Mapped[str] = mapped_column(String(12), default="", server_default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    counted: Mapped[int] = mapped_column(default=0)
    free_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    queued_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Recipient(Base):
    """One person of a broadcast, and what became of it: queued, sent, unsure, failed, or left (out), and why."""

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "person_id"),
        Index("ix_recipient_broadcast_id_state", "broadcast_id", "state"),
        Index("ix_recipient_outgoing_id", "outgoing_id"),
    )

    id: Mapped[Id]
    broadcast_id: Mapped[int] = mapped_column(to("broadcast", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(to("person"))
    outgoing_id: Mapped[int | None] = mapped_column(to("outgoing"))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    reason: Mapped[str] = mapped_column(String(64), default="")


def plan(
    session: Session,
    now: datetime,
    *,
    organisation_id: int,
    author_id: int,
    audience: Mapping[str, object],
    texts: Mapping[str, str],
    listing_id: int | None,
    due_at: datetime | None,
    counted: int,
    free_only: bool = False,
    announcement_id: int | None = None,
    topic: str = "",
    in_digest: bool = False,
    attachment_id: int | None = None,
    invites: bool = False,
) -> Broadcast:
    """Add a broadcast that goes out at `due_at` (UTC; None = at once), or is said in the weekly digest from then on."""
    row = Broadcast(
        organisation_id=organisation_id,
        author_id=author_id,
        audience=dict(audience),
        texts=dict(texts),
        listing_id=listing_id,
        announcement_id=announcement_id,
        attachment_id=attachment_id,
        invites=invites,
        topic=topic,
        state="digest" if in_digest else "scheduled",
        due_at=max(due_at, now) if due_at else now,
        counted=counted,
        free_only=free_only,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def next_due(session: Session, now: datetime) -> Broadcast | None:
    """The broadcast whose people are to be queued now, locked; another process skips it."""
    return session.scalars(
        select(Broadcast)
        .where(Broadcast.state.in_(RUNNING), Broadcast.queued_at.is_(None), Broadcast.due_at <= now)
        .order_by(Broadcast.due_at, Broadcast.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def stop(session: Session, now: datetime, broadcast_id: int) -> int | None:
    """Stop a broadcast: what waits is cancelled. How many people that spares, or None if it was over."""
    row = session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)
    if row is not None and row.state == "digest":
        row.state, row.ended_at = "stopped", now
        return 0
    if row is None or row.state not in RUNNING:
        return None
    row.state, row.ended_at = "stopped", now
    looked_at = select(func.count()).where(Recipient.broadcast_id == broadcast_id, Recipient.state != "left")
    to_come = 0 if row.queued_at else max(0, row.counted - (session.scalar(looked_at) or 0))
    cancelled = session.execute(
        update(Outgoing)
        .where(Outgoing.broadcast_id == broadcast_id, Outgoing.state == "waiting")
        .values(state="cancelled", reason="stopped")
        .returning(Outgoing.id)
    ).all()
    session.execute(
        update(Recipient)
        .where(Recipient.outgoing_id.in_([one[0] for one in cancelled]), Recipient.state == "queued")
        .values(state="failed", reason="stopped")
    )
    return len(cancelled) + to_come


def settle(session: Session, now: datetime) -> list[Broadcast]:
    """Mark broadcasts as sent whose last message has left; the ones that ended just now."""
    waiting = (
        select(Outgoing.id)
        .where(Outgoing.broadcast_id == Broadcast.id, Outgoing.state.in_(("waiting", "sending")))
        .exists()
    )
    ended = session.scalars(
        select(Broadcast)
        .where(Broadcast.state == "sending", Broadcast.queued_at.is_not(None), ~waiting)
        .with_for_update(skip_locked=True)
    ).all()
    for row in ended:
        row.state, row.ended_at = "sent", now
    return list(ended)


def outcome_counts(session: Session, broadcast_id: int) -> dict[str, int]:
    """How many people: "sent", "waiting", "unsure", "failed", "cancelled", and "left.REASON" for those left out."""
    counts: dict[str, int] = {}
    rows = session.execute(
        select(Recipient.state, Recipient.reason, Outgoing.state, func.count())
        .outerjoin(Outgoing, Outgoing.id == Recipient.outgoing_id)
        .where(Recipient.broadcast_id == broadcast_id)
        .group_by(Recipient.state, Recipient.reason, Outgoing.state)
    )
    for state, reason, sending, n in rows:
        key = f"left.{reason}" if state == "left" else _outcome(sending or state)
        counts[key] = counts.get(key, 0) + n
    return counts


def _outcome(state: str) -> str:
    return "waiting" if state in ("queued", "sending") else state
