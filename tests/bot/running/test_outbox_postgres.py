"""The outbox, the tick and retention on PostgreSQL: the same code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.keeping.retention import keep_no_longer
from bot.store import open_store
from models.messages.claiming import claim
from tests.bot.running.runtime_kit import MONDAY, World, again


@pytest.mark.postgres
async def test_the_outbox_keeps_its_promises_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    world = World(tmp_path, store=open_store(postgres_url))
    mila, gone = await world.address("mila"), await world.address("gone")
    world.channel.always["gone"] = again("gone", "blocked")
    world.channel.plan = [again("unsure")]
    left = await world.write(mila, "left by a crash", "reminder")
    first = await world.store.write(lambda session: claim(session, MONDAY, [left]))
    second = await world.store.write(lambda session: claim(session, MONDAY, [left]))
    assert (first, second) == (frozenset({left}), frozenset()), "one process takes it"
    await world.outbox.hold("fake")
    reply = await world.say(mila, "reply")
    await world.pass_time(3)
    news = await world.say(mila, "news", "broadcast")
    lost = await world.say(gone, "lost", "reminder")
    await world.pass_time(1)
    assert world.channel.texts == ["reply", "news"]
    assert await world.states(left, reply, news, lost) == ["unsure", "sent", "sent", "cancelled"]
    assert await keep_no_longer(world.store, MONDAY) == 0
    await world.close()
