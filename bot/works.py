"""What works behind the page: dialogue, outbox, switchboard, standing jobs. Importing it takes as long as all the rest,
so it is imported beside the page that is served already.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot import VERSION
from bot.desk.files import Files
from bot.desk.line import prepared
from bot.desk.taking import Desk
from bot.dialogue import Dialogue
from bot.leases import Leases
from bot.lines import kept_links
from bot.outbox import Outbox
from bot.posters.apart import Drawer
from bot.reminders import Ticker, next_due
from bot.running.furnishing import keep_erased, rules_of
from bot.running.health import Health
from bot.running.metrics import Metrics
from bot.schedule import TICKS, Schedule
from bot.store import SqliteStore
from bot.switchboard import Switchboard
from bot.web.certificates import CertificatePages
from bot.web.go import GoPages
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING

if TYPE_CHECKING:
    from bot.assembly import House


class Works:
    """The parts of a house that nobody sees. `begin` lets them work."""

    def __init__(self, house: House) -> None:
        store, clock, nursery = house.store, house.clock, house.nursery
        self._house, self.rules = house, rules_of(house.settings)
        self.metrics = Metrics()
        self.dialogue = Dialogue(Engine(CONVERSATIONS, concern=Concern), STANDING, self.rules)
        self.outbox = Outbox(
            store,
            {"webchat": house.webchat},
            clock,
            nursery,
            metrics=self.metrics,
            draw=Files(store, clock, Drawer()),
            tariffs=self.rules.tariffs,
        )
        self.switchboard = Switchboard(
            store, self.dialogue, self.outbox, clock, metrics=self.metrics, later=nursery.start
        )
        self.switchboard.others["desk"] = Desk(self.dialogue)
        self.ticker = Ticker(store, self.outbox, clock, self.rules, metrics=self.metrics)
        self.go = GoPages(store, house.pages, clock.now, lambda: self.dialogue.rules)
        self.certificates = CertificatePages(store, house.pages, clock.now, self.rules.zone)

    async def begin(self) -> None:
        """Keep erased who was erased, then take up the desk if there is one, the leases and the standing jobs."""
        house, loop = self._house, asyncio.get_running_loop()
        await house.store.write(lambda session: keep_erased(session, house.settings, house.clock.now()))
        links = await house.store.read(lambda session: kept_links.kept(session, house.settings))
        self.dialogue.rules = replace(self.rules, links=(*links, *self.rules.links))
        house.add_lines(await prepared(house))
        self.leases = Leases(
            house.store,
            (TICKS, "webchat", *house.lines),
            loop,
            gained=house.gained,
            lost=house.lost,
            alone=isinstance(house.store, SqliteStore),
        )
        self.schedule = Schedule(house.store, self.outbox, house.clock, self.rules, self.ticker, self.leases)
        self.health = Health(
            VERSION,
            house.store,
            self.outbox,
            self.leases,
            self.ticker,
            self.schedule,
            house.clock,
            loop.time,
            self.metrics,
            self.rules.tariffs,
        )
        if house.desk_trouble:
            self.health.troubles["desk"] = house.desk_trouble
        await self.schedule.start()

    def keep_link(self, label: str, link: str) -> None:
        """How a channel is opened by a link is known: after the next start it is so from the first moment on."""
        store, settings = self._house.store, self._house.settings
        work = store.write(lambda session: kept_links.keep(session, settings, label, link))
        self._house.nursery.start(work, f"{label} link")

    async def next_due(self) -> datetime | None:
        """When the next reminder is planned: where the stage's clock stops."""
        return await self._house.store.read(next_due)
