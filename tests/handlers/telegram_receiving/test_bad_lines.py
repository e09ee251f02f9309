"""Polling over a bad line, beside an old webhook or a second poller, and with a wrong token."""

from __future__ import annotations

import pytest

from handlers.channel import Arrival, SendFailed
from handlers.telegram.channel import TelegramChannel
from tests.fakes.telegram import FakeTelegram, Fault
from tests.handlers.telegram_kit import House, channel_at
from tests.handlers.telegram_receiving.kit import until


@pytest.mark.parametrize(
    "fault",
    [Fault.error(502), Fault.html(), Fault.cut_before(), Fault.cut_after(), Fault.empty(), Fault.truncated_json()],
)
async def test_a_bad_line_is_survived(fake: FakeTelegram, fault: Fault) -> None:
    fake.fail("getUpdates", fault)
    fake.fail("deleteWebhook", Fault.error(500))
    fake.person(5).write("a")
    async with channel_at(fake, receive=True) as (_, house, _):
        await house.wait(1)
    assert house.texts == ["a"]


async def test_a_forgotten_webhook_is_taken_away_before_polling(fake: FakeTelegram) -> None:
    fake.updates.webhook = {"url": "https://old.example/hook"}
    fake.updates.deliver_to = "http://127.0.0.1:1"
    fake.updates.scale = 0.0001
    fake.person(5).write("a")
    async with channel_at(fake, receive=True) as (_, house, _):
        await house.wait(1)


async def test_a_second_poller_is_told_and_polling_goes_on(fake: FakeTelegram) -> None:
    states: list[str] = []

    async def receive(arrival: Arrival) -> None:
        states.append(channel.state)
        await house.receive(arrival)

    house = House()
    fake.fail("getUpdates", Fault.error(409, "Conflict: terminated by other getUpdates request"))
    async with channel_at(fake) as (channel, _, _):
        await channel.start(receive)
        await until(fake, lambda: channel.state == "conflict")
        fake.person(5).write("a")
        await house.wait(1)
    assert states == ["receiving"]


async def test_a_wrong_token_stops_the_start_and_is_not_told(fake: FakeTelegram) -> None:
    async with channel_at(fake, token="1:SECRET-token") as (channel, house, _):
        with pytest.raises(SendFailed) as caught:
            await channel.start(house.receive)
        assert caught.value.kind == "stopped"
        assert channel.state == "unauthorised"
        assert "SECRET" not in f"{caught.value!r}{channel!r}"
    with pytest.raises(ValueError, match="does not look like one") as wrong:
        TelegramChannel("SECRET", spawn=lambda _, c: c.close(), now=lambda: None)  # type: ignore[arg-type, return-value]
    assert "SECRET" not in f"{wrong.value!r}{wrong.value.__context__!r}"
