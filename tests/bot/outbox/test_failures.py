"""What each failure leads to: tried again, sent another way, left alone, or put before staff."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from models.who.people import Address
from tests.bot.outbox.kit import a_reminder, reminder_of
from tests.bot.running.runtime_kit import World, again


async def test_a_failing_platform_is_tried_again_ever_more_rarely_up_to_five_minutes(world: World) -> None:
    mila = await world.address("mila")
    attempts: list[float] = []
    world.channel.before = lambda _to: attempts.append(world.timer.time())
    world.channel.always["mila"] = again("retry")
    written = await world.say(mila, "hello")
    await world.pass_time(9 * 3600)
    gaps = [after - before for before, after in pairwise(attempts)]
    assert gaps[:4] == [pytest.approx(1), pytest.approx(2), pytest.approx(4), pytest.approx(8)]
    assert max(gaps) == pytest.approx(300)
    row = await world.row(written)
    assert (row.state, row.reason, row.tries) == ("failed", "trouble", 100)
    assert len(attempts) == 100
    assert await world.notes() == [("refused", "reply: trouble")]


async def test_whoever_blocked_the_bot_is_left_alone(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    world.channel.always["mila"] = again("gone", "blocked")
    first = await world.write(mila, "one")
    second = await world.write(mila, "two")
    third = await world.write(mila, "tomorrow", "reminder", reminder_id=reminder)
    world.outbox.sweep()
    await world.settle()
    world.outbox.sweep()
    await world.settle()
    assert await world.states(first, second, third) == ["cancelled"] * 3
    assert await reminder_of(world, reminder) == ("missed", "blocked")
    address = await world.store.read(lambda session: session.get_one(Address, mila).inactive_reason)
    assert address == "blocked"


async def test_what_cannot_reach_one_address_goes_to_the_other_one_of_the_same_person(world: World) -> None:
    old = await world.address("old phone")
    new = await world.address("new phone", person_id=await world.person_of(old))
    world.channel.always["old phone"] = again("gone", "blocked")
    first = await world.say(old, "one")
    second = await world.say(old, "two")
    await world.pass_time(1)
    assert [(one.to, one.text) for one in world.channel.shown] == [("new phone", "one"), ("new phone", "two")]
    assert [(await world.row(one)).address_id for one in (first, second)] == [new, new]


async def test_what_is_refused_keeps_its_reason_and_does_not_hold_up_the_next(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    world.channel.plan = [again("refused", "text is empty")]
    first = await world.say(mila, "bad", "reminder", reminder_id=reminder)
    await world.settle()
    second = await world.say(mila, "good")
    await world.settle()
    assert world.channel.texts == ["good"]
    assert await world.states(first, second) == ["failed", "sent"]
    assert await reminder_of(world, reminder) == ("missed", "text is empty")
    assert await world.notes() == [("refused", "reminder: text is empty")]


async def test_a_revoked_token_stops_the_channel_and_loses_nothing(world: World) -> None:
    mila = await world.address("mila")
    world.channel.plan = [again("stopped", "unauthorized")]
    first = await world.say(mila, "one", "reminder")
    await world.settle()
    second = await world.say(mila, "two")
    await world.pass_time(600)
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == []
    assert world.outbox.lanes["fake"].stopped == "unauthorized"
    assert await world.states(first, second) == ["waiting", "waiting"]
    assert await world.notes() == [("stopped", "fake: unauthorized")]
    await world.outbox.hold("fake")
    await world.settle()
    assert sorted(world.channel.texts) == ["one", "two"]


async def test_a_platform_that_fails_for_all_is_probed_by_one_message_at_a_time(world: World) -> None:
    addresses = [await world.address(f"p{number}") for number in range(30)]
    attempts: list[str] = []
    world.channel.before = attempts.append
    for name in (f"p{number}" for number in range(30)):
        world.channel.always[name] = again("unsure")
    for address in addresses[:3]:
        await world.say(address, "first")
    await world.settle()
    ids = [await world.say(address, "news", "broadcast") for address in addresses[3:]]
    await world.pass_time(20)
    tried = len(attempts) - 3
    assert 1 <= tried <= 15, "the outage is not spread over everybody"
    world.channel.always.clear()
    await world.pass_time(60)
    world.outbox.sweep()
    await world.pass_time(60)
    states = await world.states(*ids)
    assert set(states) <= {"sent", "unsure"}
    assert states.count("unsure") <= tried


async def test_marks_survive_a_database_that_was_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mila = await world.address("mila")
    written = await world.write(mila, "hello")
    write = world.store.write
    broken = [True]

    async def sometimes(work: object) -> object:
        if broken[0]:
            raise OSError("disk full")
        return await write(work)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store, "write", sometimes)
    world.outbox.wake([written])
    await world.pass_time(10)
    world.outbox.sweep()
    await world.pass_time(10)
    assert world.channel.texts == ["hello"], "it was sent, so it is not sent again while the mark cannot be written"
    broken[0] = False
    await world.pass_time(10)
    assert await world.states(written) == ["sent"]


async def test_nothing_is_begun_after_stop_and_what_is_under_way_is_marked(world: World) -> None:
    mila, stefan = await world.address("mila"), await world.address("stefan")
    world.channel.gate = asyncio.Event()
    under_way = await world.say(mila, "one", "reminder")
    await asyncio.sleep(0.05)
    waiting = await world.write(stefan, "two", "reminder")
    asyncio.get_running_loop().call_later(0.05, world.channel.gate.set)
    await world.outbox.stop()
    world.outbox.wake([waiting])
    await asyncio.sleep(0.02)
    assert await world.states(under_way, waiting) == ["sent", "waiting"]
