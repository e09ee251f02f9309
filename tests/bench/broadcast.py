"""Sending a broadcast: durably through the outbox, and through bare libraries that forget everything.

All of them call one and the same responder on loopback, in a process of its own, with as many calls at once.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import models.every
from bot.clock import WallClock
from bot.outbox import Outbox
from bot.running.nursery import Nursery
from bot.sending import envelope
from bot.sending.lane import KEPT_SLOTS, SLOTS
from bot.store import SqliteStore
from conversations.speech import Spoken
from handlers.channel import Pace
from models.base import Base
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.message import Outgoing
from models.offers.programme import Organisation
from models.who.people import Address, Person
from tests.bench.ran import settle

AT_ONCE = SLOTS - KEPT_SLOTS
"""Calls under way at the same time: as many as the outbox allows a broadcast."""
TOKEN = "123456:" + "A" * 35
TEXT = "DEMO: a new course begins on Monday at 17:00 in the library. There are twenty places, and it costs nothing."
ROOT = Path(__file__).resolve().parents[2]
assert models


@dataclass(frozen=True, slots=True)
class Measured:
    """One way to send: messages, seconds on the wall and of CPU time."""

    what: str
    messages: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds


def measure(messages: int = 3000) -> Measured:
    """Messages that are committed in the outbox: claimed, sent through the Telegram channel, marked as sent."""
    with responder() as url:
        return asyncio.run(_outbox(url, messages, 1e6))


def measure_paced(seconds: int = 10, per_second: int = 30) -> Measured:
    """The same at the platform's own pace: what is of interest is the CPU time."""
    with responder() as url:
        return asyncio.run(_outbox(url, seconds * per_second, float(per_second)))


def measure_aiogram(messages: int = 3000) -> Measured:
    """`aiogram.Bot.send_message`, nothing kept."""
    with responder() as url:
        return asyncio.run(_bare("bare aiogram", _aiogram(url), messages))


def measure_ptb(messages: int = 3000) -> Measured:
    """`telegram.Bot.send_message`, nothing kept."""
    with responder() as url:
        return asyncio.run(_bare("bare python-telegram-bot", _ptb(url), messages))


async def _outbox(url: str, messages: int, per_second: float) -> Measured:
    from handlers.telegram.channel import TelegramChannel

    class Lifted(TelegramChannel):
        """The channel with another ceiling than the platform's."""

        pace = Pace(per_second=per_second, per_chat_second=1e6, chat_burst=1_000_000)

    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(f"sqlite:///{Path(folder) / 'bench.db'}")
        Base.metadata.create_all(store.engine)
        clock, nursery = WallClock(), Nursery()
        channel = Lifted(TOKEN, spawn=lambda _name, work: work.close(), now=clock.now, api_url=url)
        outbox = Outbox(store, {"telegram": channel}, clock, nursery)
        # the first message of each connection and statement is no part of the measurement
        await store.write(lambda session: _queue(session, clock, 1, 2 * AT_ONCE))
        await outbox.hold("telegram")
        await _all_sent(store, outbox, 0.05)
        await store.write(lambda session: _queue(session, clock, 2 * AT_ONCE + 1, messages))
        settle()
        began, cpu = time.perf_counter(), time.process_time()
        await _all_sent(store, outbox, 1.0 if per_second < 100 else 0.05)  # the house looks once a second
        measured = Measured("Putokaz", messages, time.perf_counter() - began, time.process_time() - cpu)
        sent = await store.read(_count_sent)
        if sent != messages + 2 * AT_ONCE:
            raise AssertionError(f"{sent} of {messages + 2 * AT_ONCE} were sent")
        await outbox.stop()
        await channel._line.close()
        await nursery.close()
        store.close()
    return measured


async def _all_sent(store: SqliteStore, outbox: Outbox, look: float) -> None:
    while True:
        outbox.sweep()
        await outbox.idle()
        if not await store.read(_left):
            return
        await asyncio.sleep(look)


def _queue(session: Session, clock: WallClock, first: int, count: int) -> None:
    """A broadcast to so many new people, as broadcasting.step leaves it."""
    now = clock.now()
    if first == 1:
        session.add(Organisation(code="demo", name={"en": "DEMO"}))
        session.flush()
    numbers = range(first, first + count)
    session.execute(insert(Person), [{"id": n, "created_at": now, "band": "18+"} for n in numbers])
    session.execute(
        insert(Address),
        [{"id": n, "person_id": n, "channel": "telegram", "external_id": str(n), "created_at": now} for n in numbers],
    )
    told = Broadcast(organisation_id=1, author_id=1, audience={}, texts={"en": TEXT}, state="sending", created_at=now)
    session.add(told)
    session.flush()
    body = envelope.to_json(Spoken(text=TEXT, language="en"))
    session.execute(
        insert(Outgoing),
        [
            {
                "id": n,
                "address_id": n,
                "kind": "broadcast",
                "rank": 2,
                "body": body,
                "due_at": now,
                "broadcast_id": told.id,
                "created_at": now,
            }
            for n in numbers
        ],
    )
    session.execute(insert(Recipient), [{"broadcast_id": told.id, "person_id": n, "outgoing_id": n} for n in numbers])


def _left(session: Session) -> bool:
    open_ones = select(Outgoing.id).where(Outgoing.state.in_(("waiting", "sending"))).limit(1)
    return session.scalars(open_ones).first() is not None


def _count_sent(session: Session) -> int:
    return session.scalars(select(func.count()).where(Recipient.state == "sent")).one()


Send = Callable[[int], Awaitable[object]]


@asynccontextmanager
async def _aiogram(url: str) -> AsyncIterator[Send]:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:
        yield lambda chat: bot.send_message(chat, TEXT)


@asynccontextmanager
async def _ptb(url: str) -> AsyncIterator[Send]:
    from telegram import Bot
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(connection_pool_size=AT_ONCE, pool_timeout=60)
    async with Bot(TOKEN, base_url=f"{url}/bot", request=request) as bot:
        yield lambda chat: bot.send_message(chat, TEXT)


async def _bare(what: str, opened: Any, messages: int) -> Measured:
    async with opened as send:
        queue = iter(range(1, AT_ONCE * 2))

        async def work() -> None:
            for chat in queue:
                await send(chat)

        await asyncio.gather(*(work() for _one in range(AT_ONCE)))
        queue = iter(range(1, messages + 1))
        settle()
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(work() for _one in range(AT_ONCE)))
        return Measured(what, messages, time.perf_counter() - began, time.process_time() - cpu)


# ---------------------------------------------------------------- the responder


@contextmanager
def responder() -> Iterator[str]:
    """The address of a Bot API that says yes to everything, in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.broadcast", "respond"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout is not None
            yield f"http://127.0.0.1:{int(running.stdout.readline())}"
        finally:
            running.terminate()


async def _respond() -> None:
    from aiohttp import web

    me = '{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"DEMO","username":"demo_bot"}}'
    shown = '{"ok":true,"result":{"message_id":1,"date":1772442000,"chat":{"id":1,"type":"private"},"text":"DEMO"}}'

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        return web.Response(text=me if request.path.endswith("/getMe") else shown, content_type="application/json")

    server = web.Server(answer)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listening.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == ["respond"]:
        asyncio.run(_respond())
    else:
        for one in (measure(1000), measure_aiogram(1000), measure_ptb(300), measure_paced(4)):
            sys.stdout.write(f"{one} {one.per_second:.0f}/s, {1000 * one.cpu / one.messages:.2f} ms of CPU each\n")
