"""Where each address stands in its conversations, and the buttons that stay good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant, Object, When, to


class Talk(Base):
    """The stored state of an address' conversations (conversations/engine/state.py)."""

    __tablename__ = "talk"

    address_id: Mapped[int] = mapped_column(to("address", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    state: Mapped[Object]
    changed_at: Mapped[When]


class Standing(Base):
    """A button that works whatever conversation is going on: "I can't come", "book this".

    `token` is what the button carries; it is bound to one person, one action and what it is about, and
    is authorised again when performed.
    """

    __tablename__ = "standing"
    __table_args__ = (Index("ix_standing_expires_at", "expires_at"),)

    token: Mapped[str] = mapped_column(String(22), primary_key=True)
    person_id: Mapped[int] = mapped_column(to("person"))
    action: Mapped[str] = mapped_column(String(24))
    about: Mapped[Object]
    expires_at: Mapped[When]
    used_at: Mapped[datetime | None] = mapped_column(Instant)
