"""Telegram keeps the channel contract over real HTTP against the strict fake, by polling and by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.web.runner import Runner
from bot.web.server import mount
from handlers.channel import Arrival
from handlers.telegram.channel import TelegramChannel
from tests.fakes.telegram import FakeTelegram, Person, Shown
from tests.handlers.contract import ChannelContract, Listener
from tests.handlers.telegram_kit import channel_at

WITHIN = 10.0


class TelegramWire:
    """One phone, and the platform that hands its updates over: a second time, if the house could not take them."""

    external_id, nobody = "1", "2"

    def __init__(self, channel: TelegramChannel, fake: FakeTelegram) -> None:
        self.channel, self.house = channel, Listener()
        self._fake, self._phone = fake, fake.person(int(self.external_id))
        self._tried: list[str] = []
        """Names of arrivals, in order, each as often as it was handed to the house."""
        self._came = asyncio.Condition()
        self._last = 0

    async def receive(self, arrival: Arrival) -> None:
        """What the channel is started with."""
        try:
            await self.house.receive(arrival)
        finally:
            self._tried.append(arrival.message_id)
            async with self._came:
                self._came.notify_all()

    async def opens(self, link: str = "") -> None:
        await self._does(lambda phone: phone.start(link))

    async def writes(self, text: str) -> None:
        await self._does(lambda phone: phone.write(text))

    async def taps(self, label: str) -> None:
        shown = [one for message in self._phone.shown for one in message.labels]
        numbered = next((one for one in reversed(shown) if one.endswith(f". {label}")), label)
        await self._does(lambda phone: phone.tap(numbered if label not in shown else label))

    async def leaves(self) -> bool:
        await self._does(lambda phone: phone.block())
        return True

    async def sends_file(self, name: str, content: bytes) -> bool:
        await self._does(lambda phone: phone.send_photo(content))
        return True

    async def again(self) -> None:
        before = self._tried.count(self._name)
        self._fake.redeliver(self._last)
        await self._handed_over(before + 1)

    async def sees(self) -> str:
        return "\n".join(_as_read(shown) for shown in self._phone.shown)

    async def _does(self, act: Callable[[Person], int]) -> None:
        self._last = act(self._phone)
        if self.channel.state != "stopped":
            await self._handed_over(1)
        elif self._fake.updates.webhook:  # it is brought all the same; nobody comes for it where the bot polls
            await self._refused()

    @property
    def _name(self) -> str:
        return f"u{self._last}"

    async def _refused(self) -> None:
        """Returns once the platform has been told to come again, or (which must not be) that all is well."""
        async with asyncio.timeout(WITHIN):
            while not self._fake.updates.webhook_error and self._name not in self._tried:
                await self._fake.memory.changed(0.1, self._fake.memory.changes)

    async def _handed_over(self, times: int) -> None:
        async with asyncio.timeout(WITHIN), self._came:
            await self._came.wait_for(lambda: self._tried.count(self._name) >= times)


def _as_read(shown: Shown) -> str:
    """A message as a person reads it: words, pin, file, and what is written on the buttons."""
    pin = f"{shown.venue['title']}\n{shown.venue['address']}" if shown.venue else ""
    return "\n".join(part for part in (shown.text, pin, shown.file[0] if shown.file else "", *shown.labels) if part)


@pytest.fixture
def fake() -> FakeTelegram:
    fake = FakeTelegram()
    fake.rate = None
    return fake


class TestPolling(ChannelContract):
    @pytest.fixture
    async def wire(self, fake: FakeTelegram) -> AsyncIterator[TelegramWire]:
        with fake:
            async with channel_at(fake) as (channel, _, _):
                wire = TelegramWire(channel, fake)
                await channel.start(wire.receive)
                yield wire


class TestWebhook(ChannelContract):
    @pytest.fixture
    async def wire(self, fake: FakeTelegram) -> AsyncIterator[TelegramWire]:
        with fake:
            async with channel_at(fake, public_url="https://putokaz.example") as (channel, _, _):
                app = web.Application()
                mount(app, channel.routes())
                runner = Runner(app)
                await runner.setup()
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                fake.updates.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}"
                wire = TelegramWire(channel, fake)
                await channel.start(wire.receive)
                yield wire
                await runner.cleanup()
