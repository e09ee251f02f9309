"""Durable turns of the welcome through the Telegram channel; only the platform itself is left out."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.clock import WallClock
from bot.dialogue import Dialogue
from bot.outbox import Outbox
from bot.running.furnishing import furnish, rules_of
from bot.running.nursery import Nursery
from bot.running.preparing import open_database
from bot.settings import load
from bot.switchboard import Switchboard
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from conversations.speech import Spoken
from handlers.channel import Pace, Relay, Sent
from handlers.telegram.channel import TelegramChannel
from tests.bench.ran import Ran, settle
from tests.bench.updates import tap, text

STEPS = ("English", "All right", "15 to 17", "Skip", "Done", "Yes")
"""What is tapped after /start, to the end of the welcome."""


class Stubbed(TelegramChannel):
    """The channel with the call to the platform left out. `said` wakes whoever waits for an answer."""

    pace = Pace(per_second=1e6, per_chat_second=1e6, chat_burst=1_000_000)
    last: dict[str, Spoken]
    waiting: dict[str, asyncio.Event]

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Takes the message without a call."""
        self.last[external_id] = message
        if external_id in self.waiting and message.buttons:
            self.waiting[external_id].set()
        return Sent("1")

    async def _quietly(self, what: str, call: Any) -> None:
        call.close()


async def run(people: int, at_once: int) -> Ran:
    """Lead `people` through the welcome, `at_once` at the same time. Only the turns are timed."""
    folder = Path(tempfile.mkdtemp())
    settings = load(data=folder, sample=True)
    store = open_database(settings)
    clock, nursery = WallClock(), Nursery()
    await store.write(lambda session: furnish(session, settings, clock.now()))

    def spawn(name: str, work: Any) -> None:
        nursery.start(work, name)

    channel = Stubbed("123456:" + "A" * 35, spawn=spawn, now=clock.now)
    channel.last, channel.waiting = {}, {}
    rules = rules_of(settings)
    outbox = Outbox(store, {"telegram": channel}, clock, nursery)
    switchboard = Switchboard(store, Dialogue(Engine(CONVERSATIONS, concern=Concern), STANDING, rules), outbox, clock)
    channel._receive = switchboard.receive
    await outbox.hold("telegram")
    took: list[float] = []

    async def lead(people: Iterator[int]) -> None:
        for person in people:
            key = str(person)
            for label in ("/start", *STEPS):
                if label == "/start":
                    update = text(person, label)
                else:
                    message = channel.last[key]
                    update = tap(person, next(b.tap for b in message.buttons if b.label == label))
                answered = channel.waiting[key] = asyncio.Event()
                began = time.perf_counter()
                await channel.handle(update)
                took.append(time.perf_counter() - began)
                await answered.wait()

    await lead(iter((999,)))  # what the first turn of each kind reads is no part of the measurement
    took.clear()
    settle()
    queue = iter(range(1000, 1000 + people))
    began_all, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(lead(queue) for _ in range(at_once)))
    await outbox.idle()
    seconds, cpu = time.perf_counter() - began_all, time.process_time() - cpu
    await outbox.stop()
    await nursery.close()
    store.close()
    return Ran(took, seconds, cpu)
