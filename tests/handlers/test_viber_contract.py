"""Viber keeps the channel contract, over real HTTP, against the strict fake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import PurePath

import pytest

from conversations.speech import Spoken
from handlers.channel import Arrival
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Person
from tests.fakes.viber.state import Callback
from tests.handlers.contract import ChannelContract, Listener, say
from tests.handlers.viber_kit import viber_at


class ViberWire:
    """One phone with Viber, and the platform in between."""

    nobody = "AAAAAAAAAAAAAAAAAAAAAA=="

    def __init__(self, fake: FakeViber, channel: ViberChannel, listener: Listener) -> None:
        self.channel, self.house, self.fake = channel, listener, fake
        self.person: Person = fake.person("ana")
        self._last: Callback | None = None

    @property
    def external_id(self) -> str:
        return self.person.id

    async def _did(self, callback: Callback) -> None:
        self._last = await self.fake.tried(callback)

    async def opens(self, link: str = "") -> None:
        await self._did(self.person.opens(link))
        self.person.subscribed = True

    async def writes(self, text: str) -> None:
        await self._did(self.person.writes(text))

    async def taps(self, label: str) -> None:
        await self._did(self.person.presses(label))

    async def sends_file(self, name: str, content: bytes) -> bool:
        await self._did(self.person.sends_picture(content, name=name))
        return True

    async def leaves(self) -> bool:
        await self._did(self.person.unsubscribes())
        return True

    async def again(self) -> None:
        assert self._last is not None
        if self._last.done:
            await self.fake.taken(self.fake.redeliver(self._last))
        else:
            await self.fake.taken(self._last)

    async def sees(self) -> str:
        seen = []
        for shown in self.person.shown:
            name = PurePath(shown.message.get("media", "")).name
            seen.append("\n".join((shown.text, name, *shown.labels)))
        return "\n".join(seen)


class TestViber(ChannelContract):
    @pytest.fixture
    def fake(self) -> Iterator[FakeViber]:
        with FakeViber() as fake:
            yield fake

    @pytest.fixture
    async def wire(self, fake: FakeViber) -> AsyncIterator[ViberWire]:
        async with viber_at(fake, receive=False) as wired:
            listener = Listener()

            async def receive(arrival: Arrival) -> Spoken | None:
                await listener.receive(arrival)
                return say("Hello!") if arrival.inline else None

            await wired.channel.start(receive)
            yield ViberWire(fake, wired.channel, listener)
