"""What a deed is performed with: the transaction, the clock's time, who acts, and how to tell others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert
from sqlalchemy.orm import Session

from bot.language.tongue import Speaker, spoken, tongue
from bot.telling import Rules, queue, tell
from conversations.speech import Button, Say, Spoken, Text
from conversations.steps import Json
from models.audit import Audit
from models.base import fresh_token
from models.messages.conversation import Standing
from models.prepared import Prepared
from models.who.people import Address, Person

_AUDIT = Prepared(
    lambda _dialect: insert(Audit).values(
        **{name: bindparam(name) for name in ("at", "actor_id", "action", "subject", "details")}
    )
)


@dataclass(slots=True)
class Doing:
    """One turn's transaction, as deeds and the standing jobs see it.

    `outgoing` gathers the ids of the messages written, to be sent after the commit. `person_id` and
    `address_id` are who acts (0 for the house itself).
    """

    session: Session
    now: datetime
    rules: Rules
    person_id: int = 0
    address_id: int = 0
    channel: str = ""
    outgoing: list[int] = field(default_factory=list)
    told: set[tuple[str, int, int]] = field(default_factory=set)
    """What is to be said once in a turn, however many deeds would say it: (what, about which, to whom)."""

    def tell(
        self,
        person_id: int,
        say: Say,
        kind: str,
        *,
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
        urgent: bool = False,
        reminder_id: int | None = None,
        broadcast_id: int | None = None,
        listing_id: int | None = None,
    ) -> int | None:
        """Write a message to somebody, in their language, on the channel that reaches them best.

        `listing_id` is what it tells of: its staff hear who could not be told of it for want of money.
        Returns the outgoing id, or None where it may not or cannot be sent (opted out, unreachable).
        """
        written = tell(
            self.session,
            self.now,
            self.rules,
            person_id,
            say,
            kind,
            due_at=due_at,
            expires_at=expires_at,
            urgent=urgent,
            reminder_id=reminder_id,
            broadcast_id=broadcast_id,
            listing_id=listing_id,
        )
        if written is not None:
            self.outgoing.append(written)
        return written

    def actor(self) -> Person:
        """The person who acts, locked until the commit."""
        return self.session.get_one(Person, self.person_id, with_for_update=True)

    @property
    def voice(self) -> Speaker:
        """The language and script of the person who acts."""
        return tongue(self.session.get_one(Person, self.person_id).tag)

    def hand(self, message: Say | Spoken, *, drawn: Mapping[str, Any] | None = None) -> None:
        """Write something to the person who acts, where they asked for it.

        With `drawn` its document is empty so far: it is drawn to that order when it is sent (bot/posters/apart.py).
        """
        said = spoken(message, self.voice) if isinstance(message, Say) else message
        self.outgoing.append(queue(self.session, self.now, self.address_id, said, "reply", drawn=drawn))

    def tell_at(self, address: Address, say: Say, kind: str) -> None:
        """Write something in one chat, in the language of whose it is."""
        speak = tongue(self.session.get_one(Person, address.person_id).tag)
        self.outgoing.append(queue(self.session, self.now, address.id, spoken(say, speak), kind))

    def button(
        self, person_id: int, label: Text, action: str, about: Mapping[str, Json], *, days: float = 30
    ) -> Button:
        """A standing button for somebody: its token is bound to them, the action and what it is about."""
        token = fresh_token()
        self.session.add(
            Standing(
                token=token,
                person_id=person_id,
                action=action,
                about=dict(about),
                expires_at=self.now + timedelta(days=days),
            )
        )
        return Button(label, f"s.{token}")

    def audit(self, action: str, subject: str = "", **details: Any) -> None:
        """Record an act of the person who acts. Details are ids and states, never contents."""
        _AUDIT.run(
            self.session,
            at=self.now,
            actor_id=self.person_id or None,
            action=action,
            subject=subject,
            details=details,
        )
