"""Receiving by polling: nothing is confirmed before it is safe, and everything arrives in order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conversations.speech import Spoken, SpokenButton
from handlers.channel import Arrival
from handlers.polling import Poller
from tests.fakes.telegram import FakeTelegram
from tests.handlers.telegram_kit import House, channel_at
from tests.handlers.telegram_receiving.kit import confirmed, until


async def test_words_taps_and_links_arrive_in_order_and_taps_are_answered(fake: FakeTelegram) -> None:
    ana = fake.person(5)
    async with channel_at(fake, receive=True) as (channel, house, _):
        ana.start("code")
        ana.write("здраво")
        await house.wait(2)
        await channel.send("5", Spoken("A?", buttons=(SpokenButton("Yes", "y:1"),)))
        ana.tap("Yes")
        await house.wait(3)
        await until(fake, lambda: not fake.unanswered)
        assert channel.username == "demo_bot"
        assert channel.state == "receiving"
    opened, words, tap = house.arrivals
    assert (opened.event, opened.link) == ("opened", "code")
    assert words.heard.text == "здраво"
    assert (tap.heard.tap, tap.shown_id) == ("y:1", str(ana.last.message_id))
    assert confirmed(fake)
    assert channel.state == "stopped"


async def test_an_update_is_not_confirmed_before_it_is_safe(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    async with channel_at(fake, receive=True) as (_, house, _):
        house.hold = lambda _: gate
        fake.person(5).write("a")
        await until(fake, lambda: house.tries == 1)
        fake.person(5).write("b")
        assert len(fake.updates.pending) == 2
        gate.set()
        await house.wait(2)
    assert house.texts == ["a", "b"]
    assert confirmed(fake)


async def test_what_the_house_could_not_take_comes_again_and_the_rest_only_once(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    burning = True

    async def receive(arrival: Arrival) -> None:
        if burning and arrival.heard.text == "a2":
            reason = "SECRET WORDS"
            raise RuntimeError(reason)
        await house.receive(arrival)

    house = House()
    fake.updates.shuffle_next(4)
    for person, text in ((5, "a1"), (5, "a2"), (5, "a3"), (6, "b1")):
        fake.person(person).write(text)
    async with channel_at(fake) as (channel, _, _):
        await channel.start(receive)
        await house.wait(2)
        assert sorted(house.texts) == ["a1", "b1"]
        burning = False
        await house.wait(4)
    assert house.texts[2:] == ["a2", "a3"]
    assert len(house.texts) == 4
    assert confirmed(fake)
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text


async def test_one_slow_chat_does_not_hold_up_the_others(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    fake.person(5).write("slow")
    for number in range(6, 26):
        fake.person(number).write("fast")
    async with channel_at(fake) as (channel, house, _):
        house.hold = lambda arrival: gate if arrival.heard.text == "slow" else None
        await channel.start(house.receive)
        await house.wait(20)
        assert "slow" not in house.texts
        gate.set()
        await house.wait(21)


async def test_updates_of_one_person_are_put_back_in_order(fake: FakeTelegram) -> None:
    fake.shuffle_next(5)
    for number in range(5):
        fake.person(5).write(str(number))
    async with channel_at(fake, receive=True) as (_, house, _):
        await house.wait(5)
    assert house.texts == ["0", "1", "2", "3", "4"]


class ScriptedLine:
    """A line that answers getUpdates from a list, and then stops the poller."""

    def __init__(self, *batches: list[Any]) -> None:
        self.batches = list(batches)
        self.offsets: list[int] = []
        self.poller: Poller | None = None

    async def updates(self, offset: int, wait: int) -> list[Any]:
        self.offsets.append(offset)
        if len(self.batches) == 1:
            assert self.poller is not None
            self.poller._stopping.set()
        return self.batches.pop(0)

    async def confirm(self, offset: int) -> None:
        self.offsets.append(-offset)

    async def delete_webhook(self) -> None:
        return


async def test_ids_that_start_anew_at_random_after_a_quiet_week_are_received() -> None:
    taken: list[int] = []

    async def handle(update: dict[str, Any]) -> None:
        taken.append(update["update_id"])

    line = ScriptedLine([{"update_id": 100}], [], [{"update_id": 7}, {"update_id": 6}, "nonsense"])
    line.poller = Poller(line, handle)
    await line.poller.run()
    assert taken == [100, 6, 7]
    assert line.offsets == [0, 101, 0, -8]


async def test_the_same_update_again_is_handed_over_again_for_the_house_to_know(fake: FakeTelegram) -> None:
    async with channel_at(fake, receive=True) as (_, house, _):
        update = fake.person(5).write("a")
        await house.wait(1)
        fake.redeliver(update, 2)
        await house.wait(3)
    assert [arrival.message_id for arrival in house.arrivals] == [f"u{update}"] * 3


async def test_stopping_does_not_wait_for_the_long_poll(fake: FakeTelegram) -> None:
    async with asyncio.timeout(4):
        async with channel_at(fake, receive=True) as (_, house, _):
            fake.person(5).write("a")
            await house.wait(1)


async def test_a_poller_stopped_before_it_ran_does_not_hang() -> None:
    await Poller(None, lambda _: asyncio.sleep(0)).stop()  # type: ignore[arg-type]  # the line is never used
