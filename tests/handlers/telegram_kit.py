"""A Telegram channel running against the fake platform, and a house that writes down what arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from handlers.channel import Arrival
from handlers.telegram.channel import TelegramChannel
from tests.fakes.telegram import FakeTelegram

SECRET = "a-secret-of-the-tests-0000"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Background:
    """Stands for the nursery: runs what the channel spawns, keeps hold of it, and lets no failure pass."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []

    def spawn(self, name: str, coroutine: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(coroutine, name=name))

    async def end(self) -> None:
        async with asyncio.timeout(30):
            await asyncio.gather(*self.tasks)


class House:
    """Takes arrivals. `fail_next` makes it raise so many times; `hold` makes it wait."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.tries = 0
        self.fail_next = 0
        self.hold: Callable[[Arrival], asyncio.Event | None] = lambda _: None
        self._came = asyncio.Condition()

    async def receive(self, arrival: Arrival) -> None:
        self.tries += 1
        gate = self.hold(arrival)
        if gate is not None:
            await gate.wait()
        if self.fail_next:
            self.fail_next -= 1
            reason = "the house is on fire: SECRET WORDS"
            raise RuntimeError(reason)
        self.arrivals.append(arrival)
        async with self._came:
            self._came.notify_all()

    async def wait(self, count: int) -> list[Arrival]:
        """Waits until so many arrived."""
        async with asyncio.timeout(30), self._came:
            await self._came.wait_for(lambda: len(self.arrivals) >= count)
        return self.arrivals

    @property
    def texts(self) -> list[str]:
        return [arrival.heard.text for arrival in self.arrivals]


@asynccontextmanager
async def channel_at(
    fake: FakeTelegram, *, public_url: str | None = None, receive: bool = False, token: str = ""
) -> AsyncIterator[tuple[TelegramChannel, House, Background]]:
    """A channel on the fake; with `receive`, one that polls or has its webhook set."""
    background, house = Background(), House()
    channel = TelegramChannel(
        token or fake.token,
        spawn=background.spawn,
        now=lambda: datetime.now(UTC),
        api_url=fake.url,
        public_url=public_url,
        secret=SECRET if public_url else "",
        pause=lambda failures: 0.01,
    )
    if receive:
        await channel.start(house.receive)
    try:
        yield channel, house, background
    finally:
        await channel.stop()
        await background.end()
