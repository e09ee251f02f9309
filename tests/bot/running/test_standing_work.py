"""Standing jobs, retention and health, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.keeping.retention import keep_no_longer
from bot.leases import Leases
from bot.reminders import Ticker
from bot.running.health import Health
from bot.running.metrics import Metrics
from bot.running.nursery import Nursery
from bot.schedule import TICKS, Job, Schedule
from bot.searching import reindexing
from bot.telling import Rules
from models.audit import Audit
from models.base import Base
from models.messages.conversation import Standing
from models.messages.message import Inbox, Outgoing, StoredAttachment
from models.who.people import Guardianship, OneTimeCode, Person
from tests.bot.running.runtime_kit import MONDAY, World, again

DAY = timedelta(days=1)


class Parts:
    """What the assembly puts together, on a world with a fake channel."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.runs: list[str] = []
        self.broken = True
        rules = Rules()
        self.ticker = Ticker(world.store, world.outbox, world.clock, rules, time=world.timer.time)
        self.leases = Leases(
            world.store, ("fake", TICKS), world.timer, gained=self._gained, lost=self._gained, alone=True
        )
        self.schedule = Schedule(
            world.store, world.outbox, world.clock, rules, self.ticker, self.leases, more={"mine": Job(1, self._mine)}
        )
        self.health = Health(
            "1.0",
            world.store,
            world.outbox,
            self.leases,
            self.ticker,
            self.schedule,
            world.clock,
            world.timer.time,
            Metrics(),
        )

    async def _gained(self, name: str) -> None:
        if name == "fake":
            await self.world.outbox.hold(name)

    async def _mine(self) -> None:
        self.runs.append("mine")
        if self.broken:
            raise RuntimeError("broken")


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    world = World(tmp_path)
    yield Parts(world)
    await world.close()


async def test_a_job_that_fails_is_shown_by_health_and_does_not_stop_the_others(parts: Parts) -> None:
    mila = await parts.world.address("mila")
    await parts.world.write(mila, "hello")
    for name in ("leases", "mine", "reminders", "sweep"):
        await parts.schedule.run(name)
    await parts.world.settle()
    assert parts.world.channel.texts == ["hello"]
    code, report = await parts.health.report()
    assert (code, report["wrong"]) == (503, ["job: mine"])
    parts.broken = False
    await parts.schedule.run("mine")
    code, report = await parts.health.report()
    assert code == 200, report
    assert report["channels"] == {"fake": "ok"}
    assert report["queues"]["answers"] == 0


async def test_jobs_run_in_one_process_only(parts: Parts) -> None:
    await parts.schedule.run("mine")
    assert parts.runs == [], "another process has the lease"
    await parts.schedule.run("leases")
    await parts.schedule.run("mine")
    assert parts.runs == ["mine"]


async def test_an_index_of_an_older_version_is_made_anew_and_looked_after_no_more(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parts.schedule.run("leases")
    steps = iter((True, True, False))
    made: list[bool] = []

    def step(session: Session) -> bool:
        made.append(next(steps))
        if not made[-1]:
            reindexing.mark(session)
        return made[-1]

    monkeypatch.setattr(reindexing, "step", step)
    for _run in range(3):
        await parts.schedule.run("index")
    assert made == [True, True, False]
    assert not parts.schedule.failing


async def test_health_tells_of_a_stopped_channel_and_of_ticks_that_stay_away(parts: Parts) -> None:
    parts.broken = False
    await parts.schedule.run("leases")
    mila = await parts.world.address("mila")
    parts.world.channel.plan = [again("stopped", "unauthorized")]
    await parts.world.say(mila, "hello")
    await parts.world.settle()
    parts.world.timer.at += 60
    code, report = await parts.health.report()
    assert code == 503
    assert report["wrong"] == ["channel fake: unauthorized", "no tick"]
    assert report["queues"]["answers"] == 1
    await parts.schedule.run("reminders")
    assert "no tick" not in (await parts.health.report())[1]["wrong"]


async def test_health_tells_of_a_channel_that_nothing_comes_in_by(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.broken = False
    await parts.schedule.run("leases")
    for state, told in (("receiving", "ok"), ("starting", "ok"), ("webhook", "receives nothing: webhook")):
        monkeypatch.setattr(parts.world.channel, "state", state, raising=False)
        code, report = await parts.health.report()
        assert report["channels"]["fake"] == told
        assert code == (200 if told == "ok" else 503)


async def test_health_tells_of_a_database_that_is_away(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_work: object) -> None:
        raise OSError("away")

    await parts.schedule.run("leases")
    monkeypatch.setattr(parts.world.store, "read", away)
    code, report = await parts.health.report()
    assert (code, report["database"]) == (503, "away")


async def test_what_is_over_is_deleted_and_what_is_not_stays(parts: Parts) -> None:
    world = parts.world
    mila = await world.address("mila")
    child, kept, confirmed = [
        await world.person_of(await world.address(name)) for name in ("child", "kept", "confirmed")
    ]
    owner = await world.person_of(mila)
    sent = await world.write(mila, "old")
    waiting = await world.write(mila, "still to come", due_at=MONDAY + 60 * DAY)

    def fill(session: Session) -> None:
        session.get_one(Outgoing, sent).state = "sent"
        for person_id, days in ((child, 8), (kept, 6), (confirmed, 30)):
            person = session.get_one(Person, person_id)
            person.band, person.band_at, person.called = "under14", MONDAY - (days - 3) * DAY, "DEMO"
        session.add(Guardianship(guardian_id=owner, child_id=confirmed, relation="mother", confirmed_at=MONDAY))
        for days in (1, 8):
            at = MONDAY + 3 * DAY - days * DAY
            session.add(Inbox(channel="fake", message_id=str(days), arrived_at=at))
            session.add(
                StoredAttachment(person_id=owner, kind="photo", content=b"x", created_at=at, keep_until=at + 2 * DAY)
            )
            session.add(OneTimeCode(hash=str(days), purpose="staff", created_at=at, expires_at=at + 3 * DAY))
            session.add(Standing(token=str(days), person_id=owner, action="x", about={}, expires_at=at + 2 * DAY))
        for days in (100, 740):
            session.add(Audit(at=MONDAY - days * DAY, action="x", details={}))

    await world.store.write(fill)
    now = MONDAY + 3 * DAY
    assert await keep_no_longer(world.store, now) > 0

    async def count(table: type[Base]) -> int:
        return await world.store.read(lambda session: session.scalar(select(func.count()).select_from(table)) or 0)

    assert [await count(table) for table in (Inbox, StoredAttachment, OneTimeCode, Standing, Audit)] == [1, 1, 1, 1, 1]
    assert (await world.row(sent)).body == {}
    assert (await world.row(waiting)).body["text"] == "still to come"
    names = await world.store.read(
        lambda session: [session.get_one(Person, one).called for one in (child, kept, confirmed)]
    )
    assert names == ["", "DEMO", "DEMO"]
    assert await keep_no_longer(world.store, now) == 0


async def test_background_work_that_fails_is_logged_and_the_rest_is_ended_at_the_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr("bot.running.nursery.log.error", lambda _event, **more: told.append(more), raising=False)
    nursery = Nursery()
    ended: list[str] = []

    async def fails() -> None:
        raise RuntimeError("broken")

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    nursery.start(fails(), "fails")
    nursery.start(waits(), "waits")
    await asyncio.sleep(0.01)
    assert [one["task"] for one in told] == ["fails"]
    assert len(nursery) == 1
    await nursery.close()
    assert ended == ["waits"]
    assert nursery.start(waits(), "too late") is None


async def test_a_job_under_way_ends_before_the_schedule_does(parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await go_on.wait()
        parts.runs.append("slow")

    parts.schedule.jobs.clear()
    parts.schedule.jobs["slow"] = Job(0.001, slow, leased=False)
    parts.schedule.jobs["leases"] = Job(3600.0, parts.leases.renew, leased=False)
    await parts.schedule.start()
    await begun.wait()
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    await parts.schedule.stop()
    assert "slow" in parts.runs
    assert caplog.records == []
