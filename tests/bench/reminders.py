"""A million pending reminders: how long a tick takes and what they cost in memory, beside APScheduler jobs.

Each measurement belongs in a process of its own: memory once taken is not given back to the system.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.reminders import Ticker
from bot.reminding.composing import Composed
from bot.store import SqliteStore
from bot.telling import Rules
from conversations.speech import Say, verbatim
from models.base import Base
from models.messages.reminder import Reminder
from models.who.people import Address, Person

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table. Times in milliseconds, memory in MB grown by the pending ones."""

    what: str
    pending: int
    due_each: int
    p50: float
    p99: float
    megabytes: float


class _Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class _Nobody:
    """Nothing is sent in this measurement."""

    def wake(self, ids: tuple[int, ...]) -> None:
        return


def measure(pending: int = 1_000_000, ticks: int = 300, due_each: int = 5) -> Measured:
    """Ticks over a table of so many pending reminders, `due_each` of them due in every tick, composed and queued."""
    return asyncio.run(_measure(pending, ticks, due_each))


def measure_apscheduler(pending: int = 10_000) -> Measured:
    """As many APScheduler jobs in memory: the time of a round of its scheduler with five jobs due, and the memory."""
    return asyncio.run(_measure_apscheduler(pending))


async def _measure(pending: int, ticks: int, due_each: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(f"sqlite:///{Path(folder) / 'bench.db'}")
        Base.metadata.create_all(store.engine)
        clock = _Clock()
        await store.write(_people)
        before = _memory()
        for first in range(0, pending, 20_000):
            await store.write(lambda session, first=first: _plan(session, first, pending, due_each))  # type: ignore[misc]  # a lambda's default is not inferred
        ticker = Ticker(
            store,
            _Nobody(),
            clock,
            Rules(quiet_from=24, quiet_until=0, sunday_until=0),
            composers={"booking": _compose},
        )
        await ticker.tick()
        took: list[float] = []
        for _tick in range(ticks):
            clock.at += timedelta(seconds=1)
            began = time.perf_counter()
            seen = await ticker.tick()
            took.append((time.perf_counter() - began) * 1000)
            if seen != due_each:
                raise AssertionError(f"{seen} were due instead of {due_each}")
        grown = _memory() - before
        store.close()
    return Measured("Putokaz", pending, due_each, statistics.median(took), _p99(took), grown)


async def _measure_apscheduler(pending: int) -> Measured:
    before = _memory()
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": MemoryJobStore()})
    scheduler.start(paused=True)
    soon = datetime.now(UTC) + timedelta(hours=1)
    for number in range(pending):
        scheduler.add_job(_nothing, "date", run_date=soon + timedelta(seconds=number), misfire_grace_time=None)
    grown = _memory() - before
    took: list[float] = []
    store = scheduler._lookup_jobstore("default")
    for number in range(100):
        at = soon + timedelta(seconds=5 * number + 4)
        began = time.perf_counter()
        for job in store.get_due_jobs(at):
            store.remove_job(job.id)
        store.get_next_run_time()
        took.append((time.perf_counter() - began) * 1000)
    scheduler.shutdown(wait=False)
    return Measured("APScheduler jobs in memory", pending, 5, statistics.median(took), _p99(took), grown)


async def _nothing() -> None:
    return


def _people(session: Session) -> None:
    people = [Person(created_at=START, band="18+", welcomed_at=START) for _number in range(PEOPLE)]
    session.add_all(people)
    session.flush()
    session.add_all(
        Address(person_id=one.id, channel="bench", external_id=str(one.id), created_at=START) for one in people
    )


def _plan(session: Session, first: int, pending: int, due_each: int) -> None:
    rows = [
        {
            "about": "booking",
            "about_id": number,
            "recipient_id": number % PEOPLE + 1,
            "before_minutes": 120,
            "sequence": 0,
            "due_at": START + timedelta(seconds=number // due_each + 1),
            "state": "planned",
            "reason": "",
        }
        for number in range(first, min(first + 20_000, pending))
    ]
    session.execute(insert(Reminder), rows)


def _compose(_doing: Doing, reminder: Reminder) -> Composed:
    return Composed(Say(verbatim(f"Reminder {reminder.about_id}")), reminder.due_at + timedelta(hours=2))


def _memory() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def _p99(took: list[float]) -> float:
    return sorted(took)[max(0, int(len(took) * 0.99) - 1)]
