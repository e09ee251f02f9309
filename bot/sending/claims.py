"""Marks messages as being sent before they are: those that must not come twice, and those that cost money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bot.clock import Clock
from bot.running.logs import log
from bot.running.nursery import Nursery
from bot.sending.carrying import parts_of
from bot.sending.lane import Lane
from bot.store import Store
from models.messages.claiming import claim
from models.messages.money import Tariffs, tariff_of
from models.messages.sending import Due

Claimed = Callable[[Lane, Sequence[Due], frozenset[int]], None]
"""Is told of messages whose marks are committed, with the ids of those among them that may be sent."""


class Claims:
    """`add` takes messages that their lane lets go; `claimed` hears which of them this process may send."""

    def __init__(self, store: Store, clock: Clock, nursery: Nursery, tariffs: Tariffs, *, claimed: Claimed) -> None:
        self._store, self._clock, self._nursery, self._tariffs = store, clock, nursery, tariffs
        self._claimed = claimed
        self._waiting: dict[str, list[Due]] = {}

    def wants(self, row: Due) -> bool:
        """Whether a message is marked before it is sent."""
        return not row.again or self._costs(row)

    def add(self, lane: Lane, rows: Sequence[Due]) -> None:
        """Mark these, together with what comes while the last commit is under way."""
        under_way = lane.channel.name in self._waiting
        self._waiting.setdefault(lane.channel.name, []).extend(rows)
        if not under_way and self._nursery.start(self._mark_all(lane), "outbox: claim") is None:
            for row in self._waiting.pop(lane.channel.name):
                lane.finished(row)

    async def _mark_all(self, lane: Lane) -> None:
        name = lane.channel.name
        try:
            while rows := self._waiting[name]:
                self._waiting[name] = []
                await self._mark(lane, rows)
        finally:
            del self._waiting[name]

    async def _mark(self, lane: Lane, rows: Sequence[Due]) -> None:
        now = self._clock.now()
        taken: frozenset[int] = frozenset()
        parts = {row.id: parts_of(row, lane.channel) for row in rows if self._costs(row)}
        tariffs = self._tariffs if tariff_of(self._tariffs, lane.channel.name) else ()
        ids = [row.id for row in rows]
        try:
            taken = await self._store.write(partial(claim, now=now, ids=ids, tariffs=tariffs, parts=parts))
        except Exception as error:  # noqa: BLE001  # nothing was marked, so nothing may be sent; the sweep comes back
            log.error("messages cannot be marked as being sent", channel=lane.channel.name, exc_info=error)
        self._claimed(lane, rows, taken)

    def _costs(self, row: Due) -> bool:
        """Whether a message costs money now, so that it is paid for before it is sent."""
        tariff = tariff_of(self._tariffs, row.channel)
        return tariff is not None and not tariff.free(row.heard_at, self._clock.now())
