"""A world with a channel that costs money, and a budget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.money.kit import TARIFF
from tests.bot.running.runtime_kit import FakeChannel, World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, tariffs=(TARIFF,))
    made.others["free"] = FakeChannel(made.timer, name="free")
    made.new_outbox()
    await made.outbox.hold("fake")
    await made.outbox.hold("free")
    yield made
    await made.close()
