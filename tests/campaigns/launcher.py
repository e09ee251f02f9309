"""Runs `python -m bot run` again and again, in forks of a process that has imported everything, and kills it inside.

`python -m tests.campaigns.launcher` reads one JSON line for each life from its standard input and writes two: the
process id once the program runs, and how it ended. The program is the real one; only these things are not as they are
for people: its clock begins where the story begins, its pace on Telegram is not limited, and SQLite does not wait for
the disk (what the system was given to write survives the death of a process, though not a power cut).
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.engine import Engine as Database
from sqlalchemy.orm import Session

import bot.clock
from models.messages.message import Outgoing

IMPORTED = (
    "bot.assembly",
    "bot.running.checking",
    "bot.keeping.retention",
    "handlers.telegram.line",
    "alembic.command",
)
WORDS = ("INSERT", "UPDATE", "DELETE")


class Boundaries:
    """Counts the boundaries that this life comes to, by kind, and ends it at the chosen one without any farewell."""

    def __init__(self, folder: Path, kind: str, number: int, *, name_them: bool) -> None:
        self._reached: Counter[str] = Counter()
        self._file, self._kind, self._number = folder / "boundaries", kind, number
        self._name_them = name_them

    def reach(self, kind: str, name: str = "") -> None:
        """One more of a kind. Nothing after this line runs where it is the chosen one."""
        self._reached[kind] += 1
        chosen = kind == self._kind and self._reached[kind] == self._number
        if self._name_them or chosen:
            line = json.dumps({"kind": kind, "number": self._reached[kind], "name": name})
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(descriptor, line.encode() + b"\n")
            os.close(descriptor)
        if chosen:
            os.kill(os.getpid(), signal.SIGKILL)


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
            self.boundaries.reach("committed")

    def _traced(self, statement: str) -> None:
        """Called by SQLite as each statement begins, however it was given: by SQLAlchemy, prepared, or raw."""
        word, _, rest = statement.partition(" ")
        if word in WORDS:
            self.boundaries.reach("write", " ".join([word, *rest.split(maxsplit=2)[: 1 + (word != "UPDATE")]]))
        elif word == "BEGIN":
            self._at_begin = self.total_changes
        elif word == "SAVEPOINT":
            self._at_savepoint = self.total_changes
        elif word == "RELEASE" and self.total_changes > self._at_savepoint:
            self.boundaries.reach("release")
        elif word == "COMMIT" and self.total_changes > self._at_begin:
            self._commits = True
            self.boundaries.reach("commit")


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


def live(order: Mapping[str, Any]) -> None:
    """Become the program, as `python -m bot run` in that folder with that environment would be it."""
    folder = Path(order["folder"])
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in enumerate((nothing, log, log)):
        os.dup2(descriptor, number)
    os.chdir(folder)
    os.environ.update(order["environment"])
    signal.alarm(int(order["within"]))
    _set_the_clock(timedelta(seconds=order["ahead"]))
    Watched.boundaries = Boundaries(folder, order["kind"], order["number"], name_them=order["name_them"])

    @event.listens_for(Database, "do_connect")
    def connecting(_dialect: Any, _record: Any, _given: Any, named: dict[str, Any]) -> None:
        named["factory"] = Watched

    telegram = importlib.import_module("handlers.telegram.channel")
    telegram.TelegramChannel.pace = importlib.import_module("handlers.channel").Pace(10_000.0, 10_000.0, 1000)
    if order["mutant"]:
        MUTANTS[order["mutant"]]()
    importlib.import_module("bot.__main__").app(["run"], prog_name="python -m bot")


def main() -> None:
    """A life for each line, one after the other, until there are no more lines."""
    for name in (*IMPORTED, "bot.__main__"):
        importlib.import_module(name)
    importlib.import_module("bot.language.tongue").warm()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            code = 1
            try:
                live(order)
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            finally:
                sys.stdout.flush()
                os._exit(code)
        _tell({"started": child})
        _tell({"ended": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])})


def _tell(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
