"""Puts the house together: database, dialogue, channels, outbox, standing jobs, web server; and takes it down."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import VERSION
from bot.channel_line import ChannelLine, Platform
from bot.clock import StageClock, WallClock
from bot.desk.files import Files
from bot.desk.line import prepared
from bot.desk.taking import Desk
from bot.dialogue import Dialogue
from bot.health import Health
from bot.leases import Leases
from bot.logs import log, set_up
from bot.metrics import Metrics
from bot.nursery import Nursery
from bot.outbox import Outbox
from bot.posters.apart import Drawer
from bot.preparing import (
    CannotStart,
    clock_of,
    furnish,
    keep_clock,
    kept_secret,
    own_database,
    rules_of,
)
from bot.reminders import Ticker, next_due
from bot.sample.seats import NAMES, seat_keys
from bot.schedule import TICKS, Schedule
from bot.settings import Settings
from bot.store import SqliteStore
from bot.switchboard import Switchboard
from bot.telegram_line import Telegram
from bot.web.go import GoPages
from bot.web.pages import WebPages
from bot.web.server import Metered, make_app, mount
from bot.web.server import serve as listen
from bot.web.stage import Stage
from bot.web.transcript import StoredTranscript
from conversations.deeds.help import Concern
from conversations.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from handlers.webchat.channel import WebChat

STEP = timedelta(minutes=30)
STEPS = 96
"""How the stage's clock walks when it is moved: what falls due on the way happens in its order."""

__all__ = ["CannotStart", "House", "serve"]


class House:
    """A house that can be opened, asked to move its clock, and closed. Raises CannotStart when it cannot open."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock, self.store = own_database(settings)
        self.rules = rules_of(settings)
        with Session(self.store.engine) as session:
            self.on_stage = furnish(session, settings, WallClock().now())
            session.commit()
            self.clock: StageClock | WallClock = clock_of(session) if self.on_stage else WallClock()
            seats = seat_keys(session) if self.on_stage else {}
            form_secret = kept_secret(session, "web secret")
            self.webhook_secret = kept_secret(session, "telegram secret")
            session.commit()
        self.desk_trouble = ""
        """Why there is no desk although the settings name one."""
        self.metrics = Metrics()
        self.nursery = Nursery()
        self.engine = Engine(CONVERSATIONS, concern=Concern)
        self.dialogue = Dialogue(self.engine, STANDING, self.rules)
        self.pages = WebPages(zone=settings.time_zone, default=settings.default_language)
        self.webchat = WebChat(
            StoredTranscript(self.store, self.clock.now),
            self.pages,
            secret=bytes.fromhex(form_secret),
            now=self.clock.now,
            public_url=settings.public_url or None,
            seats=seats,
        )

    async def open(self) -> None:
        """Begin to serve: the page first, everything else beside it."""
        loop = asyncio.get_running_loop()
        self.outbox = Outbox(
            self.store,
            {"webchat": self.webchat},
            self.clock,
            self.nursery,
            metrics=self.metrics,
            draw=Files(self.store, self.clock, Drawer()),
            tariffs=self.rules.tariffs,
        )
        self.switchboard = Switchboard(self.store, self.dialogue, self.outbox, self.clock, metrics=self.metrics)
        self.ticker = Ticker(self.store, self.outbox, self.clock, self.rules, metrics=self.metrics)
        self.switchboard.others["desk"] = Desk(self.dialogue)
        platforms: tuple[Platform, ...] = (*self._platforms(), *await prepared(self))
        self.lines = {platform.name: ChannelLine(self, platform) for platform in platforms}
        self.leases = Leases(
            self.store,
            (TICKS, "webchat", *self.lines),
            loop,
            gained=self._gained,
            lost=self._lost,
            alone=isinstance(self.store, SqliteStore),
        )
        self.schedule = Schedule(self.store, self.outbox, self.clock, self.rules, self.ticker, self.leases)
        self.health = Health(
            VERSION,
            self.store,
            self.outbox,
            self.leases,
            self.ticker,
            self.schedule,
            self.clock,
            loop.time,
            self.metrics,
            self.rules.tariffs,
        )
        if self.desk_trouble:
            self.health.troubles["desk"] = self.desk_trouble
        app = make_app(
            channels=(self.webchat,),
            pages=self.pages,
            health=self.health.report,
            metrics=Metered(self.metrics.text, self.metrics.content_type),
            stage=self._stage() if self.on_stage else None,
            go=GoPages(self.store, self.pages, self.clock.now, lambda: self.dialogue.rules),
            public_url=self.settings.public_url,
        )
        for line in self.lines.values():
            mount(app, line.routes())
        await self.webchat.start(self.switchboard.receive)
        try:
            self.runner = await listen(app, self.settings.host, self.settings.port)
        except OSError:
            raise CannotStart(
                f"Port {self.settings.port} is taken by another program. Stop it, or set PUTOKAZ_PORT to another one."
            ) from None
        await self.schedule.start()
        self.nursery.start(asyncio.to_thread(_warm), "warming up")
        for line in self.lines.values():
            self.nursery.start(line.come(), line.name)

    def _platforms(self) -> tuple[Platform, ...]:
        """The platforms that there is a token for."""
        telegram = (Telegram(self),) if self.settings.telegram_token.get_secret_value() else ()
        if not self.settings.viber_token.get_secret_value():
            return telegram
        from bot.viber_line import Viber  # only where it is used: every start pays for what it imports

        return (*telegram, Viber(self))

    async def close(self) -> None:
        """Take down in the order that loses nothing: receive no more, end what is in hand, send, let go."""
        await self.webchat.stop()
        for line in self.lines.values():
            await line.stop()
        await self.switchboard.drain()
        await self.schedule.stop()
        await self.outbox.stop()
        await self.leases.give_back()
        await self.runner.cleanup()
        await self.nursery.close()
        self.give_back()

    def give_back(self) -> None:
        """Close the database and end its lock."""
        self.store.close()
        if self.lock:
            self.lock.give_back()

    async def _gained(self, name: str) -> None:
        if name in self.lines:
            await self.lines[name].gained()
        elif name in self.outbox.lanes:
            await self.outbox.hold(name)

    async def _lost(self, name: str) -> None:
        if name in self.lines:
            await self.lines[name].lost()
        elif name in self.outbox.lanes:
            self.outbox.let_go(name)

    # ---------------------------------------------------------------- the stage

    def _stage(self) -> Stage:
        return Stage(
            now=self.clock.now, advance=self.advance, next_due=self._next_due, names=NAMES, zone=self.rules.zone
        )

    async def _next_due(self) -> datetime | None:
        return await self.store.read(next_due)

    async def advance(self, by: timedelta) -> None:
        """Move the stage's clock and let everything that fell due on the way happen, in its order."""
        clock = self.clock
        if not isinstance(clock, StageClock):
            raise RuntimeError("only the stage's clock can be moved")
        step, left = max(STEP, by / STEPS), by
        while left > timedelta(0):
            hop = min(step, left)
            clock.advance(hop)
            left -= hop
            ahead = clock.ahead
            await self.store.write(lambda session, ahead=ahead: keep_clock(session, ahead))  # type: ignore[misc]  # a lambda's default is not inferred
            await self.schedule.run_all()


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
