"""One call of a platform for many people: only equal broadcasts, each with its own fate, nobody twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conversations.speech import Spoken, SpokenButton
from handlers.channel import Pace
from models.messages.message import Outgoing
from models.who.people import Person
from tests.bot.running.runtime_kit import MONDAY, World, again


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, many=300)
    await made.outbox.hold("fake")
    yield made
    await made.close()


async def crowd(world: World, size: int) -> list[int]:
    return [await world.address(f"p{number:04}") for number in range(size)]


async def spread(world: World, addresses: list[int], text: str = "news", kind: str = "broadcast") -> list[int]:
    ids = [await world.write(address, text, kind) for address in addresses]
    world.outbox.wake(ids)
    return ids


async def test_equal_broadcasts_go_in_calls_of_at_most_so_many(world: World) -> None:
    addresses = await crowd(world, 620)
    ids = await spread(world, addresses)
    await world.pass_time(5)
    world.outbox.sweep()
    await world.pass_time(5)
    assert max(len(call) for call in world.channel.calls) == 300
    assert len(world.channel.calls) <= 4
    assert sorted(one.to for one in world.channel.shown) == [f"p{number:04}" for number in range(620)]
    assert set(await world.states(*ids)) == {"sent"}
    assert (await world.row(ids[0])).shown_id.startswith("m")


async def test_what_differs_goes_apart_and_what_is_alone_goes_alone(world: World) -> None:
    addresses = await crowd(world, 7)
    await spread(world, addresses[:3], "вести")
    await spread(world, addresses[3:6], "vesti")
    await spread(world, addresses[6:], "новини")
    await world.pass_time(2)
    assert sorted(map(sorted, world.channel.calls)) == [["p0000", "p0001", "p0002"], ["p0003", "p0004", "p0005"]]
    assert sorted(one.text for one in world.channel.shown) == ["vesti"] * 3 + ["вести"] * 3 + ["новини"]


@pytest.mark.parametrize("kind", ["reply", "confirmation", "reminder", "offer"])
async def test_only_the_last_class_goes_together(world: World, kind: str) -> None:
    addresses = await crowd(world, 5)
    await spread(world, addresses, kind=kind)
    await world.pass_time(2)
    assert world.channel.calls == []
    assert len(world.channel.shown) == 5


async def test_buttons_are_part_of_what_must_be_equal(world: World) -> None:
    addresses = await crowd(world, 4)
    ids = [
        await world.write(address, "news", "broadcast", spoken=Spoken("", buttons=(SpokenButton("See", tap=tap),)))
        for address, tap in zip(addresses, ["a", "a", "b", "b"], strict=True)
    ]
    world.outbox.wake(ids)
    await world.pass_time(2)
    assert sorted(map(sorted, world.channel.calls)) == [["p0000", "p0001"], ["p0002", "p0003"]]


async def test_a_call_counts_as_one_for_the_pace(tmp_path: Path) -> None:
    world = World(tmp_path, many=50, pace=Pace(1.0, 1000.0, 1000))
    await world.outbox.hold("fake")
    await spread(world, await crowd(world, 150))
    began = world.timer.time()
    await world.pass_time(10)
    assert [len(call) for call in world.channel.calls] == [50, 50, 50]
    assert max(one.at for one in world.channel.shown) - began <= 3.0, "one by one it would be two and a half minutes"
    await world.close()


async def test_each_receiver_has_their_own_fate(world: World) -> None:
    addresses = await crowd(world, 5)
    world.channel.always = {
        "p0001": again("gone", "not subscribed"),
        "p0002": again("refused", "no suitable device"),
        "p0003": again("unsure", "cut"),
    }
    world.channel.silent = {"p0004"}
    ids = await spread(world, addresses)
    await world.pass_time(2)
    assert await world.states(*ids) == ["sent", "cancelled", "failed", "unsure", "unsure"]
    assert [(await world.row(one)).reason for one in ids[1:4]] == ["not subscribed", "no suitable device", "cut"]
    await world.pass_time(600)
    world.outbox.sweep()
    await world.pass_time(2)
    assert len(world.channel.calls) == 1, "nobody is sent it again"


async def test_a_call_that_broke_leaves_all_of_it_in_doubt_and_is_not_repeated(world: World) -> None:
    addresses = await crowd(world, 40)
    world.channel.plan_many = [again("unsure", "cut")]
    ids = await spread(world, addresses)
    await world.pass_time(600)
    world.outbox.sweep()
    await world.pass_time(5)
    assert set(await world.states(*ids)) == {"unsure"}
    assert len(world.channel.calls) == 1
    assert world.channel.shown == []


async def test_a_call_that_certainly_reached_nobody_is_repeated_for_all(world: World) -> None:
    addresses = await crowd(world, 40)
    world.channel.plan_many = [again("retry", "busy"), again("wait", "rate", after=timedelta(seconds=7), everyone=True)]
    ids = await spread(world, addresses)
    await world.pass_time(120)
    world.outbox.sweep()
    await world.pass_time(60)
    assert set(await world.states(*ids)) == {"sent"}
    assert sorted(one.to for one in world.channel.shown) == [f"p{number:04}" for number in range(40)]


async def test_a_channel_that_breaks_its_promise_leaves_it_in_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_ids: object, _message: object) -> None:
        raise KeyError("failed_list")

    monkeypatch.setattr(world.channel, "send_many", broken)
    ids = await spread(world, await crowd(world, 3))
    await world.pass_time(5)
    assert set(await world.states(*ids)) == {"unsure"}


async def test_all_of_a_call_is_marked_before_it_is_made(world: World) -> None:
    states: list[set[str]] = []

    def look(_to: str) -> None:
        with Session(world.store.engine) as session:
            states.append(set(session.scalars(select(Outgoing.state))))

    world.channel.before = look
    await spread(world, await crowd(world, 30))
    await world.pass_time(2)
    assert states == [{"sending"}]


async def test_whoever_stopped_meanwhile_is_taken_out_of_the_call(world: World) -> None:
    addresses = await crowd(world, 4)
    person = await world.person_of(addresses[2])
    ids = [await world.write(address, "news", "broadcast") for address in addresses]
    await world.store.write(
        lambda session: session.execute(update(Person).where(Person.id == person).values(stopped_at=MONDAY))
    )
    world.outbox.wake(ids)
    await world.pass_time(2)
    assert world.channel.calls == [["p0000", "p0001", "p0003"]]
    assert await world.states(*ids) == ["sent", "sent", "cancelled", "sent"]


async def test_a_long_broadcast_goes_part_by_part_to_whoever_is_left(world: World) -> None:
    addresses = await crowd(world, 3)
    words = " ".join(f"word{number:02}" for number in range(14))
    world.channel.always = {"p0001": again("gone", "left")}
    ids = await spread(world, addresses, words)
    await world.pass_time(2)
    assert world.channel.calls == [["p0000", "p0001", "p0002"], ["p0000", "p0002"]]
    assert " ".join(one.text for one in world.channel.shown if one.to == "p0000") == words
    assert await world.states(*ids) == ["sent", "cancelled", "sent"]
    assert (await world.row(ids[0])).parts == 2


async def test_an_answer_goes_before_a_broadcast_to_the_same_address(world: World) -> None:
    addresses = await crowd(world, 3)
    news = [await world.write(address, "news", "broadcast") for address in addresses]
    answer = await world.write(addresses[1], "answer")
    world.outbox.wake([*news, answer])
    await world.pass_time(2)
    to = [one.text for one in world.channel.shown if one.to == "p0001"]
    assert to == ["answer", "news"]


async def test_a_platform_in_trouble_is_probed_by_one_not_by_hundreds(world: World) -> None:
    addresses = await crowd(world, 30)
    world.channel.plan = [again("unsure")] * 3
    for address in addresses[:3]:
        await world.say(address, "first", "reminder")
    await world.settle()
    assert world.outbox.lanes["fake"].in_trouble
    world.channel.plan = [again("unsure")]
    ids = await spread(world, addresses[3:])
    await world.pass_time(30)
    assert (await world.states(*ids)).count("unsure") == 1
    assert (await world.states(*ids)).count("sent") == len(ids) - 1


async def test_a_channel_that_may_send_to_many_no_longer_goes_on_one_by_one(world: World) -> None:
    from dataclasses import replace

    addresses = await crowd(world, 4)
    world.channel.plan_many = [again("retry", "broadcast not allowed")]
    world.channel.before = lambda _to: setattr(
        world.channel, "capabilities", replace(world.channel.capabilities, many=0)
    )
    ids = await spread(world, addresses)
    await world.pass_time(30)
    assert len(world.channel.calls) == 1
    assert set(await world.states(*ids)) == {"sent"}


async def test_after_a_crash_in_a_call_each_of_it_is_in_doubt(world: World) -> None:
    addresses = await crowd(world, 5)
    ids = [await world.write(address, "news", "broadcast") for address in addresses]
    await world.store.write(lambda session: session.execute(update(Outgoing).values(state="sending")))
    world.outbox.let_go("fake")
    await world.new_outbox().hold("fake")
    await world.pass_time(5)
    assert world.channel.calls == []
    assert set(await world.states(*ids)) == {"unsure"}
