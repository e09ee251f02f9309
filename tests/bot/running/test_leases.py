"""One process for each token: a file lock on SQLite, a lease with takeover on PostgreSQL."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.leases import TERM, Leases
from bot.running.file_lock import AlreadyRunning, FileLock
from bot.store import PostgresStore, driver_url
from models.base import Base
from tests.bot.running.runtime_kit import HandTimer, World

HOLDER = """
import sys, time
from pathlib import Path
from bot.running.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.take()
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_process_on_the_same_file_refuses_to_start(tmp_path: Path) -> None:
    database = tmp_path / "putokaz.db"
    other = subprocess.Popen([sys.executable, "-c", HOLDER, str(database)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        lock = FileLock(database)
        with pytest.raises(AlreadyRunning, match=f"process {other.pid}.*putokaz.db.*Stop it first"):
            lock.take()
    finally:
        other.kill()
        other.wait()
        assert other.stdout is not None
        other.stdout.close()
    lock.take()
    lock.give_back()
    lock.take()
    lock.give_back()


async def test_alone_everything_is_held_from_the_start(tmp_path: Path) -> None:
    world = World(tmp_path)
    told: list[str] = []

    async def gained(name: str) -> None:
        told.append(name)

    async def lost(name: str) -> None:
        told.append(f"not {name}")

    leases = Leases(world.store, ("fake", "ticks"), world.timer, gained=gained, lost=lost, alone=True)
    await leases.renew()
    leases.add("late")
    await leases.renew()
    assert told == ["fake", "ticks", "late"]
    assert leases.holds("ticks")
    await leases.give_back()
    assert told[3:] == ["not fake", "not ticks", "not late"]
    await world.close()


class Process:
    """One of several processes on a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self.store = PostgresStore(driver_url(url))
        self.timer = HandTimer()
        self.has: set[str] = set()
        self.leases = Leases(self.store, ("telegram", "ticks"), self.timer, gained=self.gained, lost=self.lost)

    async def gained(self, name: str) -> None:
        self.has.add(name)

    async def lost(self, name: str) -> None:
        self.has.discard(name)


@pytest.mark.postgres
async def test_another_process_takes_over_when_one_dies(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.leases.TERM", 0.5)
    first, second = Process(postgres_url), Process(postgres_url)
    Base.metadata.create_all(first.store.engine)
    await asyncio.gather(first.leases.renew(), second.leases.renew())
    assert sorted(first.has | second.has) == ["telegram", "ticks"]
    assert not first.has & second.has, "each lease has one holder"
    holder, other = (first, second) if "ticks" in first.has else (second, first)
    await holder.leases.renew()
    await other.leases.renew()
    assert "ticks" not in other.has
    for _round in range(40):  # the holder says nothing any more
        await asyncio.sleep(0.05)
        await other.leases.renew()
        if other.has == {"telegram", "ticks"}:
            break
    assert other.has == {"telegram", "ticks"}
    await holder.leases.renew()
    assert holder.has == set(), "whoever comes back sees that it was replaced"
    await other.leases.give_back()
    await holder.leases.renew()
    assert holder.has == {"telegram", "ticks"}, "given back, it is free at once"
    first.store.close()
    second.store.close()


async def test_whoever_cannot_reach_the_database_stops_before_its_lease_ends(tmp_path: Path) -> None:
    world = World(tmp_path)
    told: list[str] = []
    held = [frozenset({"ticks"})]

    async def gained(name: str) -> None:
        told.append(name)

    async def lost(name: str) -> None:
        told.append(f"not {name}")

    class Away:
        async def write(self, _work: object) -> frozenset[str]:
            if not held:
                raise OSError("away")
            return held.pop()

    leases = Leases(Away(), ("ticks",), world.timer, gained=gained, lost=lost)  # type: ignore[arg-type]  # only writes
    await leases.renew()
    world.timer.at += TERM / 2
    await leases.renew()
    assert told == ["ticks"]
    world.timer.at += TERM / 2 - 0.5
    await leases.renew()
    assert told == ["ticks", "not ticks"]
    await world.close()
