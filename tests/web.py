"""The product behind a real web server on loopback: store, dialogue, outbox, web chat, a clock that is moved."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from sqlalchemy.orm import Session

from bot.dialogue import Dialogue
from bot.doing import Doing
from bot.outbox import Outbox
from bot.running.nursery import Nursery
from bot.running.standing_jobs import due
from bot.store import SqliteStore
from bot.switchboard import Switchboard
from bot.telling import Rules
from bot.web.callers import networks
from bot.web.certificates import CertificatePages
from bot.web.go import GoPages
from bot.web.pages import WebPages
from bot.web.server import make_app, serve
from bot.web.stage import Stage
from bot.web.transcript import StoredTranscript
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from conversations.script import Conversation
from handlers.webchat.channel import WebChat
from tests.templates import furnish

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"a secret of a test, 32 bytes long"


@dataclass
class MovableClock:
    """Stands on a Monday morning until it is moved forward."""

    start: datetime = MONDAY
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.start + self.ahead


@dataclass
class WebHouse:
    """A running house. `url` is where it is served; `tick` does what the scheduler does every second."""

    url: str
    clock: MovableClock
    store: SqliteStore
    outbox: Outbox
    channel: WebChat
    switchboard: Switchboard
    rules: Rules

    async def tick(self) -> None:
        """Everything that is due runs, and is sent."""

        def work(session: Session) -> None:
            due(Doing(session, self.clock.now(), self.rules))

        await self.store.write(work)
        self.outbox.sweep()

    async def advance(self, by: timedelta) -> None:
        """Move the clock in steps of a quarter of an hour, so that everything on the way happens in its order."""
        until = self.clock.ahead + by
        while self.clock.ahead < until:
            self.clock.ahead = min(self.clock.ahead + timedelta(minutes=15), until)
            await self.tick()


@asynccontextmanager
async def web_house(
    folder: Path,
    *,
    sample: bool = False,
    seats: dict[str, str] | None = None,
    public_url: str = "",
    on_stage: bool = False,
    talks: tuple[Conversation, ...] | None = None,
    trusted: str = "",
) -> AsyncIterator[WebHouse]:
    """The house, serving on a free port of loopback until the block ends.

    With `talks` it holds those conversations only, the first being the menu and the welcome.
    """
    clock, nursery, rules = MovableClock(), Nursery(), Rules()
    furnish(folder / "web.db", sample=clock.now() if sample else None)
    store = SqliteStore(f"sqlite:///{folder / 'web.db'}")
    pages = WebPages()
    transcript = StoredTranscript(store, clock.now)
    channel = WebChat(transcript, pages, secret=SECRET, now=clock.now, public_url=public_url, seats=seats)
    outbox = Outbox(store, {"webchat": channel}, clock, nursery)
    engine = Engine(talks, welcome=talks[0].name) if talks else Engine(CONVERSATIONS, concern=Concern)
    switchboard = Switchboard(store, Dialogue(engine, STANDING, rules), outbox, clock)
    await channel.start(switchboard.receive)
    await outbox.hold("webchat")
    house: list[WebHouse] = []

    async def advance(by: timedelta) -> None:
        await house[0].advance(by)

    async def next_due() -> datetime | None:
        from bot.reminders import next_due as planned

        return await store.read(planned)

    async def health() -> tuple[int, dict[str, Any]]:
        return 200, {"version": "test"}

    app = make_app(
        channels=[channel],
        pages=pages,
        health=health,
        stage=Stage(clock.now, advance, next_due) if on_stage else None,
        go=GoPages(store, pages, clock.now, lambda: house[0].rules),
        certificates=CertificatePages(store, pages, clock.now, "Europe/Belgrade"),
        public_url=public_url,
        trusted=networks(trusted),
    )
    runner = await serve(app, "127.0.0.1", 0)
    port = runner.addresses[0][1]
    house.append(WebHouse(f"http://127.0.0.1:{port}", clock, store, outbox, channel, switchboard, rules))
    try:
        yield house[0]
    finally:
        await channel.stop()
        await outbox.stop()
        await runner.cleanup()
        await nursery.close()
        store.close()


class Served(Protocol):
    """Whatever serves pages somewhere."""

    @property
    def url(self) -> str: ...


class Phone:
    """A browser without script: follows redirects, keeps cookies, sees the page as text, submits its forms."""

    def __init__(self, house: Served, *, language: str = "en", seat: str = "") -> None:
        self.house, self.seat = house, seat
        self.session = aiohttp.ClientSession(
            base_url=house.url,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            headers={"Accept-Language": language, "Accept": "text/html"},
        )
        self.html, self.status = "", 0
        self.address = ""

    async def __aenter__(self) -> Phone:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.session.close()

    async def open(self, path: str = "/chat") -> str:
        """Look at a page."""
        async with self.session.get(path) as answer:
            return await self._see(answer)

    async def _see(self, answer: aiohttp.ClientResponse) -> str:
        self.html, self.status, self.address = await answer.text(), answer.status, str(answer.url.relative())
        return self.html

    def forms(self) -> list[dict[str, Any]]:
        """The forms of the page: action, hidden fields, buttons by label."""
        found = []
        for form in re.findall(r"<form.*?</form>", self.html, re.S):
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            buttons = {
                unescape(label.strip()): unescape(value)
                for value, label in re.findall(
                    r'<button[^>]*name="tap" value="([^"]*)"[^>]*>(.*?)</button>', form, re.S
                )
            }
            found.append({"action": re.findall(r'action="([^"]*)"', form)[0], "fields": hidden, "buttons": buttons})
        return found

    async def write(self, text: str, **more: str) -> str:
        """Send the form at the foot of the page."""
        form = next(form for form in self.forms() if form["action"] == "/chat" and "of" not in form["fields"])
        return await self.post("/chat", {**form["fields"], "text": text, **more})

    async def tap(self, label: str) -> str:
        """Press the newest button with that label."""
        for form in reversed(self.forms()):
            if label in form["buttons"]:
                return await self.post("/chat", {**form["fields"], "tap": form["buttons"][label]})
        raise AssertionError(f"no button {label!r}: {[list(form['buttons']) for form in self.forms()]}")

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> str:
        """Send any form."""
        async with self.session.post(path, data=fields, headers=headers) as answer:
            return await self._see(answer)

    async def upload(self, name: str, content: bytes, text: str = "") -> str:
        """Send a file by the form at the foot of the page."""
        form = next(form for form in self.forms() if form["action"] == "/chat" and "of" not in form["fields"])
        data = aiohttp.FormData(quote_fields=False)
        for field_name, value in {**form["fields"], "text": text}.items():
            data.add_field(field_name, value)
        data.add_field("file", BytesIO(content), filename=name, content_type="application/octet-stream")
        async with self.session.post("/chat", data=data) as answer:
            return await self._see(answer)

    def bubbles(self) -> list[str]:
        """The words of each bubble, who said it in front: "< " for the house, "> " for the person."""
        seen = []
        for whose, inside in re.findall(r'<article class="b (\w+)[^>]*>(.*?)</article>', self.html, re.S):
            words = [
                unescape(re.sub(r"<[^>]+>", "", p)).strip() for p in re.findall(r"<p[^>]*>(.*?)</p>", inside, re.S)
            ]
            seen.append(("> " if whose == "mine" else "< ") + "\n".join(words))
        return seen
