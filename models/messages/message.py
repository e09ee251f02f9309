"""The inbox and the outbox: what arrived, handled once each, and what is on its way to people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Instant, Object, When, partial_index, to

RANKS = {"reply": 0, "confirmation": 0, "safety": 0, "reminder": 1, "invitation": 1, "offer": 1}
"""Order of sending; broadcast, survey and digest come last (design.md part 5)."""
AT_LEAST_ONCE = frozenset({"reply", "confirmation", "safety"})
"""Classes that are sent again when a crash leaves it unknown whether they took effect."""

BELONGS_TO_NOTHING = frozenset({"reply"})
"""Classes of which no message is written for a reminder or a broadcast."""


class Inbox(Base):
    """An arrival: unique per channel and message id, so that it happens once.

    `state` is "handled", "quarantined" (its turn failed; staff were told) or "flood" (too much from one
    person: no turn was taken). No content is kept. `answer_id` is the outgoing message that was shown in the
    platform's answer to it, if one was, so that the same arrival gets the same message again.
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "message_id"), Index("ix_inbox_arrived_at", "arrived_at"))

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(16))
    message_id: Mapped[str] = mapped_column(String(128))
    arrived_at: Mapped[When]
    state: Mapped[str] = mapped_column(String(12), default="handled")
    reason: Mapped[str] = mapped_column(String(120), default="")
    answer_id: Mapped[int | None] = mapped_column(BigInteger)


class Outgoing(Base):
    """A message to an address. `body` is the `Spoken` as JSON, erased once sent and no longer needed.

    `kind` is the class (see RANKS), which decides order and what a crash means. States: waiting,
    sending (committed before the platform is called), sent, unsure (in doubt, shown to staff), failed,
    cancelled. `shown_id` names the message on the platform; `edits` the one to be shown in its place.
    `parts` counts the platform's messages that this one was split into and that are shown already.
    `listing_id` is the listing it tells of, if it does: who could not be told of it is told to its staff.
    `delivered_at` and `seen_at` are what the platform tells afterwards, where it tells.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        partial_index(
            "ix_outgoing_waiting",
            "rank",
            "due_at",
            "id",
            where="state IN ('waiting', 'sending')",
        ),
        Index("ix_outgoing_address_id", "address_id"),
        partial_index(
            "ix_outgoing_address_waiting",
            "address_id",
            where="state IN ('waiting', 'sending')",
        ),
        Index("ix_outgoing_broadcast_id", "broadcast_id"),
        partial_index("ix_outgoing_unpaid", "listing_id", where="reason = 'budget'"),
    )

    id: Mapped[Id]
    address_id: Mapped[int] = mapped_column(to("address"))
    kind: Mapped[str] = mapped_column(String(12))
    rank: Mapped[int]
    body: Mapped[Object]
    edits: Mapped[str] = mapped_column(String(64), default="")
    due_at: Mapped[When]
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(120), default="")
    shown_id: Mapped[str] = mapped_column(String(64), default="")
    reminder_id: Mapped[int | None] = mapped_column(to("reminder"))
    broadcast_id: Mapped[int | None] = mapped_column(to("broadcast"))
    listing_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[When]
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


class StoredAttachment(Base):
    """A photo, file or voice note that somebody sent, until it has been passed on and its time is over."""

    __tablename__ = "attachment"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120), default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[When]
    keep_until: Mapped[When]


class Note(Base):
    """Something that staff must know: a quarantined arrival, a send in doubt, a channel that stopped.

    `kind` is "quarantined", "unsure" or "refused" (`outgoing_id` names the message: "unsure" ones may be
    sent again, see models/messages/sending.py), "stopped", "reminder", "budget" (the month's money for a channel is
    used up: `about` is the channel and the month), "unpaid" (a platform wants money that is not there). `about` has no
    contents and no names.
    """

    __tablename__ = "note"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(Text)
    outgoing_id: Mapped[int | None] = mapped_column(to("outgoing", ondelete="CASCADE"))
    created_at: Mapped[When]
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
