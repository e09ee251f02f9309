"""The few standing jobs: what falls due by itself, each job in small transactions of its own, run by APScheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from bot.campaigns import broadcasting, digest
from bot.clock import Clock, WallClock
from bot.doing import Doing
from bot.importing import adding
from bot.keeping.retention import keep_no_longer
from bot.leases import RENEW, Leases
from bot.outbox import Outbox
from bot.reminders import Ticker
from bot.running.logs import log
from bot.running.standing_jobs import WORK
from bot.searching import reindexing
from bot.store import Store
from bot.telling import Rules

TICKS = "ticks"
"""The lease of whoever runs the jobs."""
CHUNK = 100
"""People of a broadcast queued in one transaction: the turns of others wait no longer than for these."""
PORTIONS = 20
"""Portions of long tables that are added in one run."""
CHUNKS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A standing job: how often (in seconds), and what is done. `leased` ones run in one process only."""

    seconds: float
    run: Callable[[], Awaitable[object]]
    leased: bool = True


class Schedule:
    """Knows the jobs by name; `start` has them run, `run_all` does a round at once (stage, tests)."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        clock: Clock,
        rules: Rules,
        ticker: Ticker,
        leases: Leases,
        *,
        more: Mapping[str, Job] | None = None,
    ) -> None:
        self._store, self._outbox, self._clock, self._rules = store, outbox, clock, rules
        self._leases = leases
        self._scheduler: AsyncIOScheduler | None = None
        self._under_way: set[asyncio.Task[object]] = set()
        self._index_is_old = True
        self.failing: set[str] = set()
        """Jobs whose last run failed: health looks here."""
        self.jobs: dict[str, Job] = {
            "leases": Job(RENEW, leases.renew, leased=False),
            **{name: Job(seconds, partial(self.do, work)) for name, (seconds, work) in WORK.items()},
            "reminders": Job(1, ticker.tick),
            "broadcasts": Job(1, self._broadcast),
            "digests": Job(5, self._digests),
            "imports": Job(1, self._imports),
            "index": Job(1, self._index),
            "retention": Job(24 * 3600, self._retain),
            "sweep": Job(1, self._sweep, leased=False),
            **(more or {}),
        }

    async def start(self) -> None:
        """Take the leases and have the jobs run from now on, each as often as it says."""
        await self.run("leases")
        scheduler = AsyncIOScheduler(timezone=UTC)
        soon = WallClock().now() + timedelta(seconds=20)  # APScheduler goes by the machine's clock, not the house's
        for name, job in self.jobs.items():
            first = {"next_run_time": soon} if job.seconds > 3600 else {}
            scheduler.add_job(
                self._scheduled,
                "interval",
                (name,),
                id=name,
                seconds=job.seconds,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                **first,
            )
        scheduler.start()
        self._scheduler = scheduler

    async def stop(self) -> None:
        """Begin no more runs, and wait for those under way: APScheduler's own shutdown would cut them off."""
        if self._scheduler is not None:
            self._scheduler.pause()
            await asyncio.sleep(0)  # what it had just begun gets as far as telling that it is under way
            while self._under_way:
                await asyncio.wait(self._under_way)
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _scheduled(self, name: str) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a scheduled run is a task of its own")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await self.run(name)

    async def run(self, name: str) -> None:
        """One run of a job. A failure is logged and remembered; the next run is the next attempt."""
        job = self.jobs[name]
        if job.leased and not self._leases.holds(TICKS):
            return
        try:
            await job.run()
        except Exception as error:  # noqa: BLE001  # whatever a job raises, the others go on
            self.failing.add(name)
            log.error("a standing job failed", job=name, exc_info=error)
        else:
            self.failing.discard(name)

    async def run_all(self) -> None:
        """Each job once, in its order, and everything sent that is due then: after the stage's clock was moved."""
        for name, job in self.jobs.items():
            if job.seconds < 3600:
                await self.run(name)
        await self._outbox.idle()

    async def do(self, work: Callable[[Doing], object]) -> int:
        """Some work of the house itself in one transaction; what it tells people is sent. How many messages."""

        def run(session: Session) -> tuple[int, ...]:
            doing = Doing(session, self._clock.now(), self._rules)
            work(doing)
            return tuple(doing.outgoing)

        written = await self._store.write(run)
        self._outbox.wake(written)
        return len(written)

    async def _broadcast(self) -> None:
        for _chunk in range(CHUNKS):
            if await self._queue_next() < CHUNK:
                return

    async def _queue_next(self) -> int:
        looked_at = 0

        def step(doing: Doing) -> None:
            nonlocal looked_at
            looked_at = broadcasting.step(doing, CHUNK)

        await self.do(step)
        return looked_at

    async def _digests(self) -> None:
        """Digests of the week in small transactions: between two of them turns of people come in."""
        for _chunk in range(CHUNKS):
            portion = await self._store.read(
                lambda session: digest.prepare(Doing(session, self._clock.now(), self._rules), CHUNK)
            )
            if portion is None:
                return
            await self.do(partial(digest.write, portion=portion))
            if portion.last:
                return

    async def _imports(self) -> None:
        """Long tables in small transactions, likewise."""
        more = True

        def step(doing: Doing) -> None:
            nonlocal more
            more = adding.step(doing)

        for _portion in range(PORTIONS):
            if not more:
                return
            await self.do(step)

    async def _index(self) -> None:
        """After an upgrade the index of the search is made anew: in small transactions, and then never again."""
        if not self._index_is_old or not await self._store.read(reindexing.is_old):
            self._index_is_old = False
            return
        for _portion in range(PORTIONS):
            if not await self._store.write(reindexing.step):
                return

    async def _retain(self) -> None:
        deleted = await keep_no_longer(self._store, self._clock.now())
        log.info("what is no longer kept was deleted", rows=deleted)

    async def _sweep(self) -> None:
        self._outbox.sweep()
