"""What is different in a process of the program that is to die: it comes to boundaries, and ends itself at one.

The program is the real one, begun as tests/outside/ready.py begins it; only these things are not as they are for
people: its clock begins where the story begins, its pace on Telegram is not limited, it does not tell the platform its
name and menus at each start, and SQLite does not wait for the disk (what the system was given to write survives the
death of a process, though not a power cut).
"""

from __future__ import annotations

import importlib
import os
import signal
import sqlite3
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.engine import Engine as Database
from sqlalchemy.orm import Session

import bot.clock
from models.messages.message import Outgoing
from tests.campaigns.steps import Boundaries

WORDS = ("INSERT", "UPDATE", "DELETE")


class Watched(sqlite3.Connection):
    """A connection that tells of every write, of every savepoint that keeps something, and of each commit of such.

    Transactions that change nothing (the standing jobs look every second) are no boundaries.
    """

    boundaries: Boundaries

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at_begin = self._at_savepoint = 0
        self._commits = False
        self.set_trace_callback(self._traced)

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """As it is asked, but for the waiting for the disk."""
        return super().execute("PRAGMA synchronous=OFF" if "synchronous" in statement else statement, *values)

    def commit(self) -> None:
        """As it is asked; there is a boundary behind it too."""
        self._commits = False
        super().commit()
        if self._commits:
            self._reach("committed")

    def _reach(self, kind: str, name: str = "") -> None:
        """Nothing after this line runs where the boundary is the chosen one."""
        if self.boundaries.reach(kind, name):
            os.kill(os.getpid(), signal.SIGKILL)

    def _traced(self, statement: str) -> None:
        """Called by SQLite as each statement begins, however it was given: by SQLAlchemy, prepared, or raw."""
        word, _, rest = statement.partition(" ")
        if word in WORDS:
            self._reach("write", " ".join([word, *rest.split(maxsplit=2)[: 1 + (word != "UPDATE")]]))
        elif word == "BEGIN":
            self._at_begin = self.total_changes
        elif word == "SAVEPOINT":
            self._at_savepoint = self.total_changes
        elif word == "RELEASE" and self.total_changes > self._at_savepoint:
            self._reach("release")
        elif word == "COMMIT" and self.total_changes > self._at_begin:
            self._commits = True
            self._reach("commit")


# ---------------------------------------------------------------- planted bugs


def resending_doubts() -> None:
    """What a crash left half way is simply sent again, whatever its class."""

    def recover(session: Session, _now: datetime, _channel: str) -> int:
        session.execute(update(Outgoing).where(Outgoing.state == "sending").values(state="waiting"))
        return 0

    vars(importlib.import_module("bot.outbox"))["recover"] = recover


def forgetting_arrivals() -> None:
    """Arrivals are not remembered, so that what comes again is done again."""
    vars(importlib.import_module("bot.dialogue"))["remember"] = lambda *_given, **_named: True


def sending_first() -> None:
    """Messages are sent although what they tell of is not committed: the mark of a claim comes after the sending."""

    def claim(_session: Session, *, now: datetime, ids: list[int], **_more: object) -> frozenset[int]:
        return frozenset(ids)

    vars(importlib.import_module("bot.outbox"))["claim"] = claim


MUTANTS = {"resending": resending_doubts, "forgetting": forgetting_arrivals, "unclaimed": sending_first}


# ---------------------------------------------------------------- one life


def _set_the_clock(ahead: timedelta) -> None:
    class Moved(datetime):
        """The machine's time, as much later or earlier as the story is."""

        @classmethod
        def now(cls, zone: tzinfo | None = None) -> datetime:  # type: ignore[override]  # as its base
            return datetime.now(zone) + ahead

    vars(bot.clock)["datetime"] = Moved


async def _introduced(_profile: object) -> None:
    return


def prepare(folder: str, ahead: float, within: int, mutant: str, *, name_them: bool) -> None:
    """Called before the program: `ahead` seconds are the story's clock before the machine's, `within` so many it may
    live; `name_them`: every boundary that it comes to, and not only the one at which it dies.
    """
    signal.alarm(within)
    _set_the_clock(timedelta(seconds=ahead))
    Watched.boundaries = Boundaries(Path(folder), name_them=name_them)

    @event.listens_for(Database, "do_connect")
    def connecting(_dialect: Any, _record: Any, _given: Any, named: dict[str, Any]) -> None:
        named["factory"] = Watched

    telegram = importlib.import_module("handlers.telegram.channel")
    telegram.TelegramChannel.pace = importlib.import_module("handlers.channel").Pace(10_000.0, 10_000.0, 1000)
    vars(importlib.import_module("bot.lines.telegram_profile"))["Profile"].introduce = _introduced
    if mutant:
        MUTANTS[mutant]()
