"""What every kind of fact is looked up with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.telling import Rules
from conversations.facts import Me


@dataclass(frozen=True, slots=True)
class Lookup:
    """One turn's transaction, for reading. `now` is aware, UTC."""

    session: Session
    now: datetime
    me: Me
    rules: Rules
    address_id: int = 0
    channel: str = ""
