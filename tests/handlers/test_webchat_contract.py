"""The web chat keeps the channel contract, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from handlers.channel import Arrival
from tests.handlers.contract import ChannelContract, Listener, say
from tests.web import Phone, WebHouse, web_house


class WebWire:
    """One browser without script, and the server it talks to."""

    nobody = ""

    def __init__(self, house: WebHouse, phone: Phone, listener: Listener) -> None:
        self.channel, self.house, self._phone = house.channel, listener, phone
        self._last: tuple[str, dict[str, str]] = ("", {})

    @property
    def external_id(self) -> str:
        return self.house.arrivals[0].sender.external_id

    async def opens(self, link: str = "") -> None:
        await self._phone.open(f"/chat?start={link}" if link else "/chat")

    async def writes(self, text: str) -> None:
        await self._phone.open()
        form = next(form for form in self._phone.forms() if form["action"] == "/chat" and "of" not in form["fields"])
        self._last = ("/chat", {**form["fields"], "text": text})
        await self._phone.post(*self._last)

    async def taps(self, label: str) -> None:
        await self._phone.open()
        await self._phone.tap(label)

    async def leaves(self) -> bool:
        return False

    async def sends_file(self, name: str, content: bytes) -> bool:
        await self._phone.open()
        await self._phone.upload(name, content)
        return True

    async def again(self) -> None:
        await self._phone.post(*self._last)

    async def sees(self) -> str:
        await self._phone.open()
        main = self._phone.html.partition("<main")[2].partition("</main>")[0]
        return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(time|span).*?</\1>", "", main, flags=re.S)))


class TestWebChat(ChannelContract):
    @pytest.fixture
    async def wire(self, tmp_path: Path) -> AsyncIterator[WebWire]:
        async with web_house(tmp_path, talks=()) as house, Phone(house) as phone:
            listener = Listener()

            async def receive(arrival: Arrival) -> None:
                await listener.receive(arrival)
                if arrival.event == "opened":
                    await house.channel.send(arrival.sender.external_id, say("Hello!"))

            await house.channel.start(receive)
            yield WebWire(house, phone, listener)
