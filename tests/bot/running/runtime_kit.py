"""Parts for tests of the runtime: a channel that remembers, a time that is moved by hand, a small world."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import models.every
from bot.outbox import Outbox
from bot.running.nursery import Nursery
from bot.store import SqliteStore, Store
from bot.telling import queue
from conversations.speech import Spoken
from handlers.channel import Capabilities, Pace, Receive, Relay, Route, SendFailed, Sent
from models.base import Base
from models.messages.message import Note, Outgoing
from models.messages.money import Tariffs
from models.who.people import Address, Person
from tests.templates import furnish

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
assert models


class HandClock:
    """A clock that stands until it is moved, in either direction."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


@dataclass(order=True)
class _Call:
    at: float
    number: int
    callback: Callable[[], None] = field(compare=False)
    live: bool = field(default=True, compare=False)

    def cancel(self) -> None:
        self.live = False


class HandTimer:
    """The time of pacing and back-off, moved by hand: nothing in these tests waits for real."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.calls: list[_Call] = []
        self._numbers = count()

    def time(self) -> float:
        return self.at

    def call_later(self, delay: float, callback: Callable[[], None], /) -> _Call:
        call = _Call(self.at + delay, next(self._numbers), callback)
        heapq.heappush(self.calls, call)
        return call

    def to_next(self, until: float) -> bool:
        """Move to the next call before `until` and run it; False (and at `until`) if there is none."""
        while self.calls and self.calls[0].at <= until:
            call = heapq.heappop(self.calls)
            if call.live:
                self.at = max(self.at, call.at)
                call.callback()
                return True
        self.at = until
        return False


@dataclass
class Shown:
    """What a fake platform was asked to show."""

    to: str
    text: str
    at: float
    message: Spoken
    shown_id: str
    relay: Relay | None


class FakeChannel:
    """Strict: one message in flight per address, only addresses it knows of. `plan` says how calls end."""

    def __init__(self, timer: HandTimer, *, name: str = "fake", pace: Pace | None = None, many: int = 0) -> None:
        self.name = name
        self.capabilities = Capabilities(
            text_length=60, label_length=30, buttons=10, buttons_in_row=2, edits=True, many=many
        )
        self.calls: list[list[str]] = []
        """Who was in each call to many, in the order of the calls."""
        self.plan_many: list[SendFailed | None] = []
        """How the next calls to many end as a whole: None goes on to each receiver by itself."""
        self.silent: set[str] = set()
        """Receivers that a call to many says nothing of."""
        self.pace = pace or Pace(1000.0, 1000.0, 1000)
        self.timer = timer
        self.shown: list[Shown] = []
        self.plan: list[SendFailed | None] = []
        """How the next calls end: None shows the message."""
        self.always: dict[str, SendFailed] = {}
        """How each call for an address ends."""
        self.before: Callable[[str], None] | None = None
        self.gate: asyncio.Event | None = None
        """While it is not set, calls do not return."""
        self.flying: set[str] = set()

    def routes(self) -> Sequence[Route]:
        return ()

    async def start(self, receive: Receive) -> None:
        return

    async def stop(self) -> None:
        return

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        if external_id in self.flying:
            raise AssertionError("two messages at once to one address")
        self.flying.add(external_id)
        try:
            if self.before is not None:
                self.before(external_id)
            await asyncio.sleep(0)
            if self.gate is not None:
                await self.gate.wait()
            failure = self.plan.pop(0) if self.plan else self.always.get(external_id)
            if failure is not None:
                raise failure
            self.shown.append(Shown(external_id, message.text, self.timer.time(), message, shown_id, relay))
            return Sent(f"p{len(self.shown)}")
        finally:
            self.flying.remove(external_id)

    async def send_many(self, external_ids: Sequence[str], message: Spoken) -> dict[str, Sent | SendFailed]:
        """One call for all of them; each as `always` says."""
        if not 0 < len(external_ids) <= self.capabilities.many:
            raise AssertionError(f"a call to {len(external_ids)}")
        if len(set(external_ids)) != len(external_ids) or self.flying & set(external_ids):
            raise AssertionError("two messages at once to one address")
        self.flying |= set(external_ids)
        try:
            self.calls.append(list(external_ids))
            if self.before is not None:
                self.before(external_ids[0])
            await asyncio.sleep(0)
            failure = self.plan_many.pop(0) if self.plan_many else None
            if failure is not None:
                raise failure
            told: dict[str, Sent | SendFailed] = {}
            for one in external_ids:
                if one in self.always:
                    told[one] = self.always[one]
                    continue
                self.shown.append(Shown(one, message.text, self.timer.time(), message, "", None))
                if one not in self.silent:
                    told[one] = Sent(f"m{len(self.calls)}")
            return told
        finally:
            self.flying -= set(external_ids)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.shown]


class World:
    """A real SQLite file, the real outbox, a fake channel and hands on both clocks."""

    def __init__(
        self,
        folder: Path,
        *,
        pace: Pace | None = None,
        store: Store | None = None,
        many: int = 0,
        tariffs: Tariffs = (),
    ) -> None:
        self.url = f"sqlite:///{folder / 'runtime.db'}"
        if store is None:
            furnish(folder / "runtime.db", search=False)
        else:
            Base.metadata.create_all(store.engine)
        self.store: Store = store or SqliteStore(self.url)
        self.clock, self.timer = HandClock(), HandTimer()
        self.channel = FakeChannel(self.timer, pace=pace, many=many)
        self.others: dict[str, FakeChannel] = {}
        """More channels; add them before `new_outbox`."""
        self.tariffs = tariffs
        self.nursery = Nursery()
        self.outbox = self.new_outbox()

    def new_outbox(self) -> Outbox:
        """As after a restart: another outbox on the same database."""
        self.outbox = Outbox(
            self.store,
            {self.channel.name: self.channel, **self.others},
            self.clock,
            self.nursery,
            timer=self.timer,
            chance=lambda: 1.0,
            tariffs=self.tariffs,
        )
        return self.outbox

    async def close(self) -> None:
        await self.outbox.stop()
        await self.nursery.close()
        self.store.close()

    # ------------------------------------------------------------ people and messages

    async def address(self, name: str, *, person_id: int | None = None, channel: str = "fake") -> int:
        """A person with an address (or another address of the same person). Returns the address' id."""

        def add(session: Session) -> int:
            owner = person_id
            if owner is None:
                person = Person(created_at=self.clock.now(), band="18+", welcomed_at=self.clock.now())
                session.add(person)
                session.flush()
                owner = person.id
            row = Address(
                person_id=owner,
                channel=channel,
                external_id=name,
                created_at=self.clock.now(),
                last_heard_at=self.clock.now(),
            )
            session.add(row)
            session.flush()
            return row.id

        return await self.store.write(add)

    async def person_of(self, address_id: int) -> int:
        return await self.store.read(lambda session: session.get_one(Address, address_id).person_id)

    async def write(self, address_id: int, text: str, kind: str = "reply", **more: Any) -> int:
        """A committed message that nobody was woken for."""
        spoken = more.pop("spoken", None) or Spoken(text)
        return await self.store.write(
            lambda session: queue(session, self.clock.now(), address_id, replace(spoken, text=text), kind, **more)
        )

    async def say(self, address_id: int, text: str, kind: str = "reply", **more: Any) -> int:
        """A committed message, and the outbox woken for it."""
        written = await self.write(address_id, text, kind, **more)
        self.outbox.wake([written])
        return written

    async def row(self, outgoing_id: int) -> Outgoing:
        def read(session: Session) -> Outgoing:
            row = session.get_one(Outgoing, outgoing_id)
            session.expunge(row)
            return row

        return await self.store.read(read)

    async def states(self, *ids: int) -> list[str]:
        return [(await self.row(one)).state for one in ids]

    async def notes(self) -> list[tuple[str, str]]:
        return await self.store.read(
            lambda session: [(row.kind, row.about) for row in session.scalars(select(Note).order_by(Note.id))]
        )

    # ------------------------------------------------------------ time

    async def settle(self, *, within: float = 0.06) -> None:
        """Let everything happen that needs no more than the time in which marks gather."""
        await self.pass_time(within)

    async def pass_time(self, seconds: float) -> None:
        """Let the pacing's time pass, one timer after the other, each with what it leads to; the clock goes along."""
        began = self.timer.at
        until = began + seconds
        await self._quiet()
        while self.timer.to_next(until):
            await self._quiet()
        await self._quiet()
        self.clock.at += timedelta(seconds=seconds)

    async def _quiet(self) -> None:
        """Wait until every task rests: on the timer, or on a channel's gate."""
        for _round in range(3):
            await asyncio.sleep(0)
        for _round in range(30_000):
            if not self._working():
                return
            await asyncio.sleep(0.001)
        raise AssertionError("the outbox does not come to rest")

    def _working(self) -> bool:
        outbox = self.outbox
        working = outbox._looking.busy or (outbox._marks.writing and not outbox.rests)
        if self.channel.gate is not None and not self.channel.gate.is_set():
            return working
        return working or any(lane.flying for lane in outbox.lanes.values())


def again(kind: str, reason: str = "trouble", **more: Any) -> SendFailed:
    """A failure of a kind."""
    return SendFailed(kind, reason, **more)  # type: ignore[arg-type]  # tests name the kinds of the contract
