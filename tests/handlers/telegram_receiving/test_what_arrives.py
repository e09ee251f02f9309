"""What of the platform's updates arrives: every kind passes, groups are left, voice notes can be fetched."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handlers.channel import SendFailed
from tests.fakes.telegram import FakeTelegram, Fault, odd_bodies
from tests.handlers.telegram_kit import channel_at
from tests.handlers.telegram_receiving.kit import confirmed, until


async def test_every_update_of_the_schema_passes_and_the_chat_goes_on(fake: FakeTelegram) -> None:
    fake.updates.allow(None)
    bodies = list(odd_bodies())
    async with channel_at(fake, receive=True) as (channel, house, _):
        wrong: list[dict[str, Any]] = [{}, {"message": None}, {"message": []}, {"new_kind": {"id": 1}}]
        for body in (*bodies, *wrong, {"message": {"chat": {"id": "x"}}}):
            fake.send_raw(**body)
        fake.person(77).write("still here?")
        async with asyncio.timeout(30):
            while "still here?" not in house.texts:
                await house.wait(len(house.arrivals) + 1)
    assert channel.state == "stopped"
    assert confirmed(fake)


async def test_a_group_is_left_and_nothing_said_there_arrives(fake: FakeTelegram) -> None:
    ana, group = fake.person(5), fake.group()
    async with channel_at(fake, receive=True) as (channel, house, _):
        group.add_bot(ana)
        group.write(ana, "hello all")
        await until(fake, lambda: not group.has_bot)
        ana.write("hello bot")
        await house.wait(1)
        assert channel.ignored == 2
    assert house.texts == ["hello bot"]


async def test_blocking_and_coming_back_arrive(fake: FakeTelegram) -> None:
    ana = fake.person(5)
    async with channel_at(fake, receive=True) as (_, house, _):
        ana.block()
        ana.start()
        await house.wait(3)
    assert [arrival.event for arrival in house.arrivals] == ["left", "returned", "opened"]


async def test_a_voice_note_can_be_fetched(fake: FakeTelegram) -> None:
    async with channel_at(fake, receive=True) as (channel, house, _):
        fake.person(5).send_voice(b"OggS" * 50_000)
        (arrival,) = await house.wait(1)
        assert arrival.fetch is not None
        assert await arrival.fetch() == b"OggS" * 50_000
        assert arrival.heard.attachment is not None
        assert arrival.heard.attachment.size == 200_000
        fake.fail("file", Fault.error(500))
        with pytest.raises(SendFailed) as caught:
            await arrival.fetch()
        told = f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"
        assert (caught.value.kind, fake.token in told) == ("retry", False)
        with pytest.raises(SendFailed) as unknown:
            await channel.fetch("no-such-file")
        assert unknown.value.kind == "refused"
