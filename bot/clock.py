"""The only place that reads the clock; on the stage it can be moved forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is: aware, UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware and in UTC."""
        return datetime.now(UTC)


class StageClock:
    """A clock that runs with the machine's and can be moved forward, for the sample programme only."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        """The present instant on the stage, aware and in UTC."""
        return datetime.now(UTC) + self.ahead

    def advance(self, by: timedelta) -> None:
        """Move forward. Raises ValueError for a step back: reminders that went out cannot be unsent."""
        if by < timedelta(0):
            raise ValueError("the stage's clock only moves forward")
        self.ahead += by
