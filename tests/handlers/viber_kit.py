"""A Viber channel behind a web server on loopback, against the fake platform, and a house that listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from bot.web.runner import Runner
from bot.web.server import mount
from conversations.speech import Spoken
from handlers.channel import Arrival
from handlers.viber.channel import ViberChannel
from handlers.viber.memory import Memory
from tests.fakes.viber import FakeViber
from tests.handlers.telegram_kit import Background, House

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PUBLIC = "https://signpost.example.org"


class InlineHouse(House):
    """A house that answers an opening with one message."""

    def __init__(self, welcome: Spoken | None = None) -> None:
        super().__init__()
        self.welcome = welcome

    async def take(self, arrival: Arrival) -> Spoken | None:
        """What the channel calls."""
        await self.receive(arrival)
        return self.welcome if arrival.inline else None

    @property
    def heard(self) -> list[Arrival]:
        """Words and taps alone."""
        return [arrival for arrival in self.arrivals if arrival.event == "heard"]

    def events(self, *kinds: str) -> list[Arrival]:
        """Arrivals of these kinds."""
        return [arrival for arrival in self.arrivals if arrival.event in kinds]


@dataclass(slots=True)
class Wired:
    """Everything of one test."""

    fake: FakeViber
    channel: ViberChannel
    house: InlineHouse
    background: Background
    server: Runner
    url: str


Receive = Callable[[Arrival], Awaitable[Spoken | None]]


@asynccontextmanager
async def viber_at(
    fake: FakeViber,
    *,
    receive: bool = True,
    welcome: Spoken | None = None,
    token: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sender_name: str = "DEMO Signpost",
    memory: Memory | None = None,
) -> AsyncIterator[Wired]:
    """A channel whose webhook is served on loopback; with `receive` it is started."""
    background, house = Background(), InlineHouse(welcome)
    channel = ViberChannel(
        token or fake.token,
        spawn=background.spawn,
        now=now,
        api_url=fake.url,
        public_url=PUBLIC,
        sender_name=sender_name,
        pause=lambda failures: 0.01,
        memory=memory,
    )
    app = web.Application(client_max_size=2_000_000)
    mount(app, channel.routes())
    runner = Runner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.callbacks.deliver_to = url
    try:
        if receive:
            await channel.start(house.take)
        yield Wired(fake, channel, house, background, runner, url)
    finally:
        await channel.stop()
        await background.end()
        await fake.silence()
        for _ in range(20):
            await asyncio.sleep(0)  # connections that were accepted a moment ago see their end
        await runner.cleanup()


async def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Waits for something to become true."""
    async with asyncio.timeout(within):
        for _ in iter(condition, True):
            await asyncio.sleep(0.005)
