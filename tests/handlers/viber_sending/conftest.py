"""A channel that sends over real HTTP to the strict fake, and somebody who has just written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Person
from tests.handlers.viber_kit import Wired, viber_at
from tests.handlers.viber_sending.kit import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakeViber]:
    with FakeViber(now=lambda: clock.now.timestamp()) as server:
        yield server


@pytest.fixture
async def wired(fake: FakeViber, clock: Clock) -> AsyncIterator[Wired]:
    async with viber_at(fake, now=clock) as wired:
        yield wired


@pytest.fixture
def channel(wired: Wired) -> ViberChannel:
    return wired.channel


@pytest.fixture
async def ana(wired: Wired) -> Person:
    """Somebody who has just written, with a client of today."""
    ana = wired.fake.person("ana")
    await wired.fake.taken(ana.writes("hello"))
    return ana
