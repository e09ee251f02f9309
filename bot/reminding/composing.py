"""A reminder put into words, or why it was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.speech import Say


@dataclass(frozen=True, slots=True)
class Composed:
    """What to say, and the instant (UTC) after which saying it helps nobody."""

    say: Say
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A reminder that is not sent, and why: kept on its row for staff."""

    reason: str
