"""What is different in a process of the program that is to die: it comes to boundaries, and ends itself at one.

The program is the real one, begun as tests/outside/ready.py begins it; only these things are not as they are for
people: its clock begins where the story begins, its pace on all platforms is not limited, it does not tell Telegram its
name and menus at each start, the desk looks when it is asked to and hardly waits before it makes a topic once more, and
SQLite does not wait for the disk (what the system was given to write survives the death of a process, though not a
power cut).
"""

from __future__ import annotations

import asyncio
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
from tests.campaigns.steps import Boundaries, Looks

WORDS = ("INSERT", "UPDATE", "DELETE")
NOW_AND_THEN, SOON = 100, timedelta(seconds=1)
"""Hundredths of a second until the desk looks unasked; the wait before a topic is made that may be there already."""


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


def opening_blindly() -> None:
    """That a topic is going to be made is not written down before the platform is asked."""
    vars(importlib.import_module("bot.desk.errands"))["begin"] = lambda *_given: True


MUTANTS = {
    "resending": resending_doubts,
    "forgetting": forgetting_arrivals,
    "unclaimed": sending_first,
    "blindly": opening_blindly,
}


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


def _look_when_asked(folder: Path) -> None:
    """The desk looks at once where it is asked to, else now and then."""
    line, looks = vars(importlib.import_module("bot.desk.line")), Looks(folder)
    look = line["DeskBot"].round

    async def looking(bot: object) -> bool:
        for _turn in range(NOW_AND_THEN):
            if not looks.over:
                break
            await asyncio.sleep(0.01)
        number = looks.asked
        busy: bool = await look(bot)
        if not busy:
            looks.end(number)
        return busy

    line["DeskBot"].round, line["EVERY"] = looking, 0.0
    vars(importlib.import_module("bot.desk.errands"))["AGAIN"] = SOON


def _unpaced() -> None:
    pace = importlib.import_module("handlers.channel").Pace(10_000.0, 10_000.0, 1000)
    for name in ("telegram.channel.Telegram", "viber.channel.Viber", "desk.channel.Desk"):
        module, _, channel = f"handlers.{name}Channel".rpartition(".")
        getattr(importlib.import_module(module), channel).pace = pace


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

    _unpaced()
    if "PUTOKAZ_DESK_TOKEN" in os.environ:
        _look_when_asked(Path(folder))
    vars(importlib.import_module("bot.lines.telegram_profile"))["Profile"].introduce = _introduced
    if mutant:
        MUTANTS[mutant]()
