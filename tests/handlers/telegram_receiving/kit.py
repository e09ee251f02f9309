"""What the tests of receiving share."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.telegram import FakeTelegram


def confirmed(fake: FakeTelegram) -> bool:
    return fake.updates.pending == []


async def until(fake: FakeTelegram, condition: Any) -> None:
    """Waits for something to become true on the platform's side."""
    async with asyncio.timeout(30):
        while not condition():
            seen = fake.memory.changes
            if not condition():
                await fake.memory.changed(0.2, seen)
