"""People, the addresses they write from, who is whose guardian, and what they are interested in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to

BANDS = ("under14", "14", "15-17", "18+")
"""Age bands. Nobody is asked for a birth date (people.md part 8)."""


class Person(Base):
    """Somebody the house knows: with addresses of their own, or a child spoken for by a guardian.

    `tag` is the language and script ("sr-Latn"); `called` what they want to be called, as typed.
    `language_chosen` is False while the language is only a guess from the platform. `ask_band_at` is the instant before
    which somebody growing up is not asked again how old they are. `merged_into_id` names the person that this one
    turned out to be (models/who/merging.py): nothing else is left here.
    """

    __tablename__ = "person"

    id: Mapped[Id]
    called: Mapped[str] = mapped_column(String(320), default="")
    tag: Mapped[str] = mapped_column(String(12), default="sr-Latn")
    language_chosen: Mapped[bool] = mapped_column(default=False)
    band: Mapped[str] = mapped_column(String(8), default="")
    band_at: Mapped[datetime | None] = mapped_column(Instant)
    ask_band_at: Mapped[datetime | None] = mapped_column(Instant)
    town_id: Mapped[int | None] = mapped_column(to("town"))
    welcomed_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    merged_into_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[When]


class Address(Base):
    """A person on a channel. `active` is False once they blocked or left; the reason is kept.

    `last_heard_at` is when they last wrote: it tells silence from presence, and free from paid. `preferred_at`
    is when they chose it for what is written to them unasked: at most one of a person's has it.
    """

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "external_id"), Index("ix_address_person_id", "person_id"))

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(128))
    active: Mapped[bool] = mapped_column(default=True)
    inactive_reason: Mapped[str] = mapped_column(String(64), default="")
    last_heard_at: Mapped[datetime | None] = mapped_column(Instant)
    preferred_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[When]


class Interest(Base):
    """A subject that a person wants to hear about."""

    __tablename__ = "interest"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(to("subject"), primary_key=True)


class Guardianship(Base):
    """A guardian's link to a child. Many to many; `ended_at` when it was withdrawn.

    `reminders` is the guardian's own switch for the child's reminders. From `grown_at` on the young person decides
    about booking alone: the guardian keeps what else they agreed to, and reminders where the young person wants that.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        CheckConstraint("guardian_id <> child_id", name="two_people"),
        Index("ix_guardianship_child_id", "child_id"),
        partial_index(
            "uq_guardianship_active",
            "guardian_id",
            "child_id",
            unique=True,
            where="ended_at IS NULL",
        ),
    )

    id: Mapped[Id]
    guardian_id: Mapped[int] = mapped_column(to("person"))
    child_id: Mapped[int] = mapped_column(to("person"))
    relation: Mapped[str] = mapped_column(String(16))
    reminders: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[When]
    grown_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeCode(Base):
    """A code or link that works once and not for long. Only its hash is kept.

    `purpose` is "guardian", "staff", "web" ...; `subject_id` is the person it speaks for, `details`
    what it grants.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (UniqueConstraint("hash"),)

    id: Mapped[Id]
    hash: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[When]
    expires_at: Mapped[When]
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class CodeTry(Base):
    """A wrong one-time code that somebody tried; kept for an hour."""

    __tablename__ = "code_try"
    __table_args__ = (Index("ix_code_try_at", "at"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    at: Mapped[When]
