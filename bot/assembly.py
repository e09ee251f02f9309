"""Puts the house together: the page first, everything behind it beside the serving page; and takes it down."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web
from sqlalchemy.orm import Session

from bot import VERSION
from bot.clock import StageClock, WallClock
from bot.lines.channel_line import ChannelLine, Platform
from bot.running.logs import log, set_up
from bot.running.nursery import Nursery
from bot.running.preparing import (
    CannotStart,
    clock_of,
    is_furnished,
    is_on_stage,
    keep_clock,
    ledger_of,
    own_database,
)
from bot.running.seats import NAMES, seat_keys
from bot.settings import Settings
from bot.store import Work
from bot.web.callers import networks
from bot.web.pages import WebPages
from bot.web.server import make_app, mount
from bot.web.server import serve as listen
from bot.web.stage import Stage
from bot.web.transcript import StoredTranscript
from conversations.speech import Spoken
from handlers.channel import Arrival
from handlers.webchat.channel import WebChat
from models.house import kept_secret

if TYPE_CHECKING:
    from bot.works import Works

T = TypeVar("T")
STEP = timedelta(minutes=30)
STEPS = 96
"""How the stage's clock walks when it is moved: what falls due on the way happens in its order."""

__all__ = ["CannotStart", "House", "serve"]


class House:
    """A house that can be opened, asked to move its clock, and closed. Raises CannotStart when it cannot open."""

    works: Works

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock, self.store = own_database(settings)
        try:
            ledger_of(settings)
        except CannotStart:
            self.give_back()
            raise
        with Session(self.store.engine) as session:
            if not is_furnished(session, settings):
                from bot.running.furnishing import furnish  # only the first start needs it, and it takes a while

                furnish(session, settings, WallClock().now())
                session.commit()
            self.on_stage = is_on_stage(session, settings)
            self.clock: StageClock | WallClock = clock_of(session) if self.on_stage else WallClock()
            seats = seat_keys(session) if self.on_stage else {}
            form_secret = kept_secret(session, "web secret")
            self.webhook_secret = kept_secret(session, "telegram secret")
            session.commit()
        self.desk_trouble = ""
        """Why there is no desk although the settings name one."""
        self.nursery = Nursery()
        self.lines: dict[str, ChannelLine] = {}
        self.pages = WebPages(zone=settings.time_zone, default=settings.default_language)
        self.transcript = StoredTranscript(_LaterStore(self), self.clock.now)
        self.webchat = WebChat(
            self.transcript,
            self.pages,
            secret=bytes.fromhex(form_secret),
            now=self.clock.now,
            public_url=settings.public_url or None,
            seats=seats,
        )
        self._built = asyncio.Event()

    async def open(self) -> None:
        """Begin to serve: the page first, everything else beside it. Whoever asks for more waits until it is there."""
        self.add_lines(self._platforms())
        app = make_app(
            channels=(self.webchat,),
            pages=self.pages,
            health=self._health,
            metrics=self._metrics,
            stage=self._stage() if self.on_stage else None,
            go=_Later(self, "go"),
            certificates=_Later(self, "certificates"),
            public_url=self.settings.public_url,
            trusted=networks(self.settings.trusted_proxies),
        )
        for line in self.lines.values():
            mount(app, line.routes())
        await self.webchat.start(self._receive)
        try:
            self.runner = await listen(app, self.settings.host, self.settings.port)
        except OSError:
            raise CannotStart(
                f"Port {self.settings.port} is taken by another program. Stop it, or set PUTOKAZ_PORT to another one."
            ) from None
        self.works = (await asyncio.to_thread(_imported)).Works(self)
        await self.works.begin()
        self._built.set()
        self.nursery.start(asyncio.to_thread(_warm), "warming up")
        for line in self.lines.values():
            self.nursery.start(line.come(), line.name)

    def add_lines(self, platforms: Sequence[Platform]) -> None:
        """More platforms; those with paths of their own before the page is served."""
        self.lines.update({platform.name: ChannelLine(self, platform) for platform in platforms})

    async def built(self) -> Works:
        """Everything behind the page, once it is there: a second or two after the start."""
        await self._built.wait()
        return self.works

    async def _receive(self, arrival: Arrival) -> Spoken | None:
        return await (await self.built()).switchboard.receive(arrival)

    async def _health(self) -> tuple[int, dict[str, Any]]:
        return await (await self.built()).health.report()

    async def _metrics(self) -> tuple[bytes, str]:
        metrics = (await self.built()).metrics
        return metrics.text(), metrics.content_type

    def _platforms(self) -> tuple[Platform, ...]:
        """The platforms that there is a token for. Only those are imported: every start pays for what it imports."""
        found: list[Platform] = []
        if self.settings.telegram_token.get_secret_value():
            from bot.lines.telegram_line import Telegram

            found.append(Telegram(self))
        if self.settings.viber_token.get_secret_value():
            from bot.lines.viber_line import Viber

            found.append(Viber(self))
        return tuple(found)

    async def close(self) -> None:
        """Take down in the order that loses nothing: receive no more, end what is in hand, send, let go."""
        works = self.works
        await self.webchat.stop()
        for line in self.lines.values():
            await line.stop()
        await works.switchboard.drain()
        await works.schedule.stop()
        await works.outbox.stop()
        await works.leases.give_back()
        await self.runner.cleanup()
        await self.nursery.close()
        self.give_back()

    def give_back(self) -> None:
        """Close the database and end its lock."""
        self.store.close()
        if self.lock:
            self.lock.give_back()

    async def gained(self, name: str) -> None:
        """From now on this process holds the lease of a channel."""
        if name in self.lines:
            await self.lines[name].gained()
        elif name in self.works.outbox.lanes:
            await self.works.outbox.hold(name)

    async def lost(self, name: str) -> None:
        """Another process does."""
        if name in self.lines:
            await self.lines[name].lost()
        elif name in self.works.outbox.lanes:
            self.works.outbox.let_go(name)

    # ---------------------------------------------------------------- the stage

    def _stage(self) -> Stage:
        return Stage(
            now=self.clock.now, advance=self.advance, next_due=self._next_due, names=NAMES, zone=self.settings.time_zone
        )

    async def _next_due(self) -> datetime | None:
        return await (await self.built()).next_due()

    async def advance(self, by: timedelta) -> None:
        """Move the stage's clock and let everything that fell due on the way happen, in its order."""
        clock = self.clock
        if not isinstance(clock, StageClock):
            raise RuntimeError("only the stage's clock can be moved")
        works = await self.built()
        step, left = max(STEP, by / STEPS), by
        while left > timedelta(0):
            hop = min(step, left)
            clock.advance(hop)
            left -= hop
            ahead = clock.ahead
            await self.store.write(lambda session, ahead=ahead: keep_clock(session, ahead))  # type: ignore[misc]  # a lambda's default is not inferred
            await works.schedule.run_all()


class _Later:
    """Pages whose code is imported beside the serving page, as `name` of the works."""

    def __init__(self, house: House, name: str) -> None:
        self._house, self._name = house, name

    async def look(self, request: web.Request) -> web.StreamResponse:
        """The page, once it can be shown."""
        return await self._ask("look", request)

    async def book(self, request: web.Request) -> web.StreamResponse:
        """All of them."""
        return await self._ask("book", request)

    async def _ask(self, what: str, request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await getattr(getattr(await self._house.built(), self._name), what)(request)
        return answer


class _LaterStore:
    """The database for what is asked of it before everything behind the page is there: it waits.

    Whoever was erased may be in it again from an old copy, and not all tables are known.
    """

    def __init__(self, house: House) -> None:
        self._house, self.engine = house, house.store.engine

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own, once the house is built."""
        await self._house.built()
        return await self._house.store.write(work)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a connection that only reads, once the house is built."""
        await self._house.built()
        return await self._house.store.read(work)

    def close(self) -> None:
        """Nothing of its own: the house closes its store."""


def _imported() -> ModuleType:
    """What is behind the page. Hardly anything of it is garbage: looking for it would take a tenth of the time."""
    gc.disable()
    try:
        import bot.works

        gc.freeze()
    finally:
        gc.enable()
    return bot.works


def _warm() -> None:
    from bot.language.tongue import warm

    warm()


async def serve(settings: Settings, say: Callable[[str], object]) -> None:
    """Open the house, say what is served and what is missing, and stay until Ctrl-C (or SIGTERM)."""
    set_up(as_json=settings.log_json)
    house = House(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await house.open()
    except CannotStart:
        await house.webchat.stop()
        house.give_back()
        raise
    say(greeting(settings, on_stage=house.on_stage))
    await stop.wait()
    log.info("closing")
    await house.close()


def greeting(settings: Settings, *, on_stage: bool) -> str:
    """One screen: what is served, and what is missing to reach people."""
    here = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0') else settings.host}:{settings.port}"  # noqa: S104  # only compared
    lines = [
        f"Putokaz {VERSION}",
        "",
        f"  Web page    {settings.public_url or here}" + ("   the stage: three phones and a clock" if on_stage else ""),
    ]
    if on_stage:
        lines.append(f"  Web chat    {here}/chat")
    if settings.telegram_token.get_secret_value():
        how = "webhook" if settings.public_url else "long polling, no public address needed"
        lines.append(f"  Telegram    on ({how})")
    else:
        lines += [
            "  Telegram    off. To switch it on: write to @BotFather on Telegram, send /newbot, follow it,",
            "              and put the token into the file .env as PUTOKAZ_TELEGRAM_TOKEN=...",
        ]
    if settings.viber_token.get_secret_value():
        lines.append(f"  Viber       on (webhook), at most {settings.viber_budget} EUR a month for paid messages")
    else:
        lines += [
            "  Viber       off. New bots are sold by Viber and its partners (docs/costs.md says what that costs). Put",
            "              the token into .env as PUTOKAZ_VIBER_TOKEN=... beside PUTOKAZ_PUBLIC_URL=https://...",
        ]
    if settings.desk_token.get_secret_value():
        lines.append("  Desk        on: requests and decisions come to the staff's group on Telegram")
    else:
        lines.append("  Desk        off. A group of staff on Telegram where requests are answered: docs/operating.md")
    kept = "PostgreSQL" if not settings.url.startswith("sqlite") else settings.url.removeprefix("sqlite:///")
    lines += [
        f"  Database    {kept}",
        "  Staff       .venv/bin/python -m bot invite-staff prints a code; the colleague writes /start CODE to the bot",
        "",
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)
