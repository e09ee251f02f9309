"""Telegram in the house: menus and descriptions in every language, beside what every channel line does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.lines.channel_line import Spawn
from bot.lines.telegram_profile import Profile, staff_on_telegram
from handlers.channel import Channel
from handlers.telegram.channel import WEBHOOK_PATH, TelegramChannel

if TYPE_CHECKING:
    from bot.assembly import House


class Telegram:
    """What is Telegram's own of a channel line (bot/lines/channel_line.py)."""

    name = "telegram"
    label = "Telegram"
    module = "handlers.telegram.line"

    def __init__(self, house: House) -> None:
        self._house = house
        self._channel: TelegramChannel | None = None

    def paths(self) -> Sequence[tuple[str, str]]:
        """The webhook's path, with a public address; without one it polls."""
        return (("POST", WEBHOOK_PATH),) if self._house.settings.public_url else ()

    def make(self, spawn: Spawn) -> Channel:
        """The channel with the token of the settings."""
        settings = self._house.settings
        self._channel = TelegramChannel(
            settings.telegram_token.get_secret_value(),
            spawn=spawn,
            now=self._house.clock.now,
            api_url=settings.telegram_api_url,
            public_url=settings.public_url or None,
            secret=self._house.webhook_secret,
        )
        return self._channel

    def link(self) -> str:
        """The web address that opens the bot."""
        username = self._channel.username if self._channel else ""
        return f"https://t.me/{username}?start=" if username else ""

    async def beside(self, going: Callable[[], bool]) -> None:
        """Name, menus and descriptions in every language; staff get theirs when they become staff."""
        channel = self._channel
        if channel is None:
            return
        profile = Profile(channel, self._house.settings.telegram_name)
        await profile.introduce()
        while going():
            await profile.greet(await self._house.store.read(staff_on_telegram))
            await asyncio.sleep(30)
