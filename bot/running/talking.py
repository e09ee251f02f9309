"""`python -m bot talk`: the whole house with nothing but a terminal."""

from __future__ import annotations

import asyncio
import sys

from sqlalchemy.orm import Session

from bot.arriving.replies import waiting_on
from bot.clock import WallClock
from bot.dialogue import Dialogue
from bot.leases import Leases
from bot.outbox import Outbox
from bot.reminders import Ticker
from bot.running.furnishing import furnish, rules_of
from bot.running.logs import set_up
from bot.running.nursery import Nursery
from bot.running.preparing import clock_of, own_database
from bot.schedule import TICKS, Schedule
from bot.settings import Settings
from bot.store import SqliteStore
from bot.switchboard import Switchboard
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from handlers.console.channel import Console
from models.base import fresh_token


async def talk_here(settings: Settings, name: str, language: str) -> None:
    """Talk in the terminal until the input ends. Raises CannotStart while another process has the database."""
    set_up(as_json=settings.log_json, level="WARNING")
    lock, store = own_database(settings)
    rules = rules_of(settings)
    with Session(store.engine) as session:
        furnish(session, settings, WallClock().now())
        clock = clock_of(session)
        session.commit()
    nursery = Nursery()

    waiting = waiting_on(store, clock.now, Console.name)
    console = Console(
        sys.stdin, sys.stdout, now=clock.now, fresh=fresh_token, waiting=waiting, who=name, language=language
    )
    outbox = Outbox(store, {console.name: console}, clock, nursery)
    switchboard = Switchboard(store, Dialogue(Engine(CONVERSATIONS, concern=Concern), STANDING, rules), outbox, clock)

    async def nothing(_name: str) -> None:
        return None

    async def gained(lease: str) -> None:
        if lease == console.name:
            await outbox.hold(lease)

    leases = Leases(
        store,
        (TICKS, console.name),
        asyncio.get_running_loop(),
        gained=gained,
        lost=nothing,
        alone=isinstance(store, SqliteStore),
    )
    schedule = Schedule(store, outbox, clock, rules, Ticker(store, outbox, clock, rules), leases)
    await console.start(switchboard.receive)
    await schedule.start()
    try:
        await console.talk()
    finally:
        await console.stop()
        await switchboard.drain()
        await schedule.stop()
        await outbox.stop()
        await leases.give_back()
        await nursery.close()
        store.close()
        if lock:
            lock.give_back()
