"""What receiving costs to import, and what it never writes into a log."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from conversations.speech import Spoken, SpokenButton
from tests.fakes.telegram import FakeTelegram, Fault
from tests.handlers.telegram_kit import channel_at
from tests.handlers.telegram_receiving.kit import until


def test_importing_the_channel_does_not_import_aiogram() -> None:
    heavy = ("aiogram", "pydantic", "aiohttp")
    code = f"import sys, handlers.telegram.channel; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_the_token_appears_in_no_log(fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (Fault.html(), Fault.cut_before(), Fault.error(500), Fault.too_many(1)):
        fake.fail("getUpdates", fault)
    fake.fail("answerCallbackQuery", Fault.cut_before())
    fake.fail("leaveChat", Fault.html(502))
    ana = fake.person(5)
    ana.started = True
    async with channel_at(fake, receive=True) as (channel, house, _):
        await channel.send("5", Spoken("A?", buttons=(SpokenButton("MARKER", "m"),)))
        ana.tap("MARKER")
        ana.write("MARKER")
        fake.group().add_bot(ana)
        await house.wait(2)
        await until(fake, lambda: fake.faults.left() == 0)
    assert "telegram" in caplog.text
    assert fake.token.split(":")[1] not in caplog.text
    assert "MARKER" not in caplog.text
