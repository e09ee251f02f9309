"""Faults: nothing is paid twice, nothing doubtful is forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.messages.claiming import claim
from models.messages.sending import resend
from tests.bot.money.kit import TARIFF, somebody, spent
from tests.bot.running.runtime_kit import MONDAY, World, again


async def test_a_certain_failure_costs_nothing_and_a_doubtful_one_does(world: World) -> None:
    mila, stefan, ivan = [await somebody(world, name) for name in ("mila", "stefan", "ivan")]
    world.channel.always = {"mila": again("refused"), "stefan": again("gone"), "ivan": again("unsure")}
    for address in (mila, stefan, ivan):
        await world.say(address, "tomorrow", "reminder")
    await world.pass_time(2)
    assert await spent(world) == (20_000, 1, 0)


async def test_a_retry_is_paid_once(world: World) -> None:
    mila = await somebody(world, "mila")
    world.channel.plan = [again("retry"), again("wait", after=timedelta(seconds=3)), again("retry")]
    written = await world.say(mila, "tomorrow", "reminder")
    await world.pass_time(30)
    assert await world.states(written) == ["sent"]
    assert await spent(world) == (20_000, 1, 0)


async def test_an_answer_in_doubt_that_is_sent_again_counts_twice(world: World) -> None:
    mila = await somebody(world, "mila")
    world.channel.plan = [again("unsure")]
    await world.say(mila, "booked", "confirmation")
    await world.pass_time(5)
    assert world.channel.texts == ["booked"]
    assert await spent(world) == (40_000, 2, 0)


async def test_what_was_paid_when_the_program_stopped_counts_as_spent(world: World) -> None:
    mila = await somebody(world, "mila")
    written = await world.write(mila, "tomorrow", "reminder")
    taken = await world.store.write(lambda session: claim(session, MONDAY, [written], (TARIFF,)))
    assert taken == {written}
    world.outbox.let_go("fake")
    await world.new_outbox().hold("fake")
    await world.settle()
    assert await world.states(written) == ["unsure"]
    assert await spent(world) == (20_000, 1, 0)
    assert await world.store.write(lambda session: resend(session, MONDAY, written))
    world.outbox.sweep()
    await world.settle()
    assert await world.states(written) == ["sent"]
    assert await spent(world) == (40_000, 2, 0)


async def test_a_rolled_back_claim_spends_nothing(world: World) -> None:
    mila = await somebody(world, "mila")
    written = await world.write(mila, "tomorrow", "reminder")

    def failing(session: Session) -> None:
        claim(session, MONDAY, [written], (TARIFF,))
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await world.store.write(failing)
    assert await spent(world) == (0, 0, 0)
    assert await world.states(written) == ["waiting"]


async def test_a_platform_that_wants_money_stops_what_costs_for_a_day(world: World) -> None:
    mila, stefan, ivan = [await somebody(world, name) for name in ("mila", "stefan", "ivan")]
    talks = await somebody(world, "talks", quiet_for=timedelta(hours=1))
    world.channel.plan = [again("unpaid", "no balance")]
    first = await world.say(mila, "one", "reminder")
    await world.pass_time(1)
    second = await world.say(stefan, "two", "reminder")
    answer = await world.say(talks, "free", "reply")
    await world.pass_time(1)
    assert await world.states(first, second, answer) == ["cancelled", "cancelled", "sent"]
    assert world.channel.texts == ["free"]
    assert await spent(world) == (0, 0, 2)
    assert sorted(await world.notes()) == [("budget", "fake 2026-03"), ("unpaid", "Fake: no balance")]
    world.clock.at += timedelta(hours=25)
    third = await world.say(ivan, "three", "reminder")
    await world.pass_time(1)
    assert await world.states(third) == ["sent"]


async def test_a_call_to_many_is_paid_for_each_and_stops_at_the_budget(tmp_path: Path) -> None:
    world = World(tmp_path, many=300, tariffs=(TARIFF,))
    await world.outbox.hold("fake")
    addresses = [await somebody(world, f"p{number}") for number in range(8)]
    addresses += [await somebody(world, f"free{number}", quiet_for=timedelta(hours=1)) for number in range(3)]
    world.channel.always = {"p0": again("gone", "left")}
    ids = [await world.write(address, "news", "broadcast") for address in addresses]
    world.outbox.wake(ids)
    await world.pass_time(2)
    assert len(world.channel.calls) == 1
    assert len(world.channel.calls[0]) == 8, "five that are paid for and three that are free"
    assert await spent(world) == (80_000, 4, 3), "who had left is not paid for"
    await world.close()
