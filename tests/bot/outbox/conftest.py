"""A world with one channel whose outbox is ready."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.running.runtime_kit import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    await made.outbox.hold("fake")
    yield made
    await made.close()
