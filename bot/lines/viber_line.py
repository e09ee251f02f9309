"""Viber in the house: a webhook on the public address, and nothing to be set beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.lines.channel_line import Spawn
from handlers.channel import Channel
from handlers.viber.hosting import FILE_PATH
from handlers.viber.receiving import WEBHOOK_PATH

if TYPE_CHECKING:
    from bot.assembly import House
    from handlers.viber.channel import ViberChannel


class Viber:
    """What is Viber's own of a channel line (bot/lines/channel_line.py)."""

    name = "viber"
    label = "Viber"
    module = "handlers.viber.channel"

    def __init__(self, house: House) -> None:
        self._house = house
        self._channel: ViberChannel | None = None

    def paths(self) -> Sequence[tuple[str, str]]:
        """The webhook, and the files that Viber fetches from us."""
        return (("POST", WEBHOOK_PATH), ("GET", FILE_PATH), ("HEAD", FILE_PATH))

    def make(self, spawn: Spawn) -> Channel:
        """The channel with the token and the name of the settings."""
        from bot.lines.viber_memory import StoredMemory
        from handlers.viber.channel import ViberChannel

        settings = self._house.settings
        self._channel = ViberChannel(
            settings.viber_token.get_secret_value(),
            spawn=spawn,
            now=self._house.clock.now,
            api_url=settings.viber_api_url,
            public_url=settings.public_url,
            sender_name=settings.viber_name,
            memory=StoredMemory(self._house.store, self._house.clock.now),
        )
        return self._channel

    def link(self) -> str:
        """The form that every phone with Viber opens; browsers that do not know it get the landing page instead."""
        uri = self._channel.uri if self._channel else ""
        return f"viber://pa?chatURI={quote(uri, safe='')}&context=" if uri else ""

    async def beside(self, going: Callable[[], bool]) -> None:
        """Nothing: menus and descriptions are set in Viber's own admin panel."""
