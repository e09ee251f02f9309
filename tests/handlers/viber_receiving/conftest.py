"""A channel that receives over real HTTP from the strict fake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fakes.viber import FakeViber
from tests.handlers.viber_kit import Wired, viber_at


@pytest.fixture
def fake() -> Iterator[FakeViber]:
    with FakeViber() as server:
        yield server


@pytest.fixture
async def wired(fake: FakeViber) -> AsyncIterator[Wired]:
    async with viber_at(fake) as wired:
        yield wired
