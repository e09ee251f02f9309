"""The desk keeps the channel contract over real HTTP against the strict fake, in a private chat of a member."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.telegram import FakeTelegram
from tests.handlers.contract import ChannelContract
from tests.handlers.desk_kit import GROUP, desk_at
from tests.handlers.test_telegram_contract import TelegramWire


@pytest.fixture
async def wire() -> AsyncIterator[TelegramWire]:
    with FakeTelegram() as fake:
        fake.rate = None
        fake.person(1)
        fake.group(GROUP).make_forum(fake.person(1))
        async with desk_at(fake, receive=False) as (channel, _house, _background):
            one = TelegramWire(channel, fake)  # type: ignore[arg-type]  # the same platform, another channel on it
            await channel.start(one.receive)
            yield one


class TestDesk(ChannelContract):
    """Every behaviour of the contract."""
