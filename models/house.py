"""What the house remembers of itself: settings that change while it runs, leases, and counters of numbers given."""

from __future__ import annotations

import secrets

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, When, inserting

FIRST_NUMBER = 1001
"""The first number given out: four digits, so that nobody takes it for a menu digit."""


class Remembered(Base):
    """A value by name: the stage's clock, when the last tick was, the secret that signs web chats."""

    __tablename__ = "remembered"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def recall(session: Session, name: str) -> str | None:
    """What is remembered under a name; None for nothing."""
    return session.scalar(select(Remembered.value).where(Remembered.name == name))


def remember(session: Session, name: str, value: str) -> None:
    """Remember a value under a name, in place of an earlier one. Two that do so at once wait for each other."""
    made = inserting(session.get_bind().dialect.name)(Remembered).values(name=name, value=value)
    session.execute(made.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def kept_secret(session: Session, name: str) -> str:
    """A secret of 256 bits that is made once and is the same after a restart: forms, webhooks, the seats' chats."""
    kept = session.get(Remembered, name)
    if kept is None:
        kept = Remembered(name=name, value=secrets.token_hex(32))
        session.add(kept)
        session.flush()
    return kept.value


class Lease(Base):
    """Who may poll, send and tick for a bot token, until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    holder: Mapped[str] = mapped_column(String(48))
    until: Mapped[When]


class Counter(Base):
    """The last number given out: bookings and applications are numbered from it."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    value: Mapped[int]


def next_number(session: Session, name: str) -> int:
    """The next number of a counter; two transactions never get the same one."""
    made = inserting(session.get_bind().dialect.name)(Counter).values(name=name, value=FIRST_NUMBER)
    raised = made.on_conflict_do_update(index_elements=["name"], set_={"value": Counter.value + 1})
    number: int = session.execute(raised.returning(Counter.value)).scalar_one()
    return number
