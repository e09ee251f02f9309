"""Reads into the lanes what is due: for whom something was committed, whose time has come, and all of it at a sweep."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.running.logs import log
from bot.running.nursery import Nursery
from bot.sending.lane import Lane
from bot.store import Store
from models.messages.sending import Due, due_of_address, due_of_addresses, due_of_channel

READ = 256
"""The most messages of one rank that are read into memory for a channel."""


class Looking:
    """`wake`, `want` and `sweep` say where to look; one reading is under way at a time and takes all that gathered."""

    def __init__(
        self, store: Store, clock: Clock, nursery: Nursery, lanes: Mapping[str, Lane], moved: asyncio.Event
    ) -> None:
        self._store, self._clock, self._nursery, self._lanes, self._moved = store, clock, nursery, lanes, moved
        self._woken: set[int] = set()
        self._addresses: set[int] = set()
        self._sweeping: set[str] = set()
        self._settled: set[int] = set()
        self._stopped = False
        self.busy = False
        """True while something is being read."""

    def wake(self, ids: Iterable[int]) -> None:
        """Look for these messages, and for what is due before them at their addresses."""
        self._woken.update(ids)
        self._soon()

    def want(self, address_id: int) -> None:
        """Look for what is due at an address."""
        self._addresses.add(address_id)
        self._soon()

    def sweep(self, channels: Iterable[str]) -> None:
        """Look for everything that is due on these channels."""
        self._sweeping.update(channels)
        self._soon()

    def stop(self) -> None:
        """Begin no reading any more."""
        self._stopped = True

    def settled(self, row_id: int) -> None:
        """A message is settled while a reading may be under way that still finds it open."""
        self._settled.add(row_id)

    def runs_low(self, lane: Lane) -> bool:
        """True where hardly anything is left in memory of a rank of which the database holds more."""
        return any(_is_low(lane, rank) for rank in lane.truncated)

    def _soon(self) -> None:
        if (self._woken or self._addresses or self._sweeping) and not self.busy and not self._stopped:
            self.busy = self._nursery.start(self._look(), "outbox: read") is not None

    async def _look(self) -> None:
        try:
            while (self._woken or self._addresses or self._sweeping) and not self._stopped:
                await self._look_once()
        except Exception as error:  # noqa: BLE001  # the next sweep finds what was not read now
            log.error("the outbox cannot be read", exc_info=error)
        finally:
            self.busy = False
            self._moved.set()

    async def _look_once(self) -> None:
        woken, self._woken = self._woken, set()
        addresses, self._addresses = self._addresses, set()
        swept, self._sweeping = self._sweeping, set()
        plans = [
            (name, rank, _most(self._lanes[name]), self._lanes[name].full_addresses)
            for name in sorted(swept)
            for rank in (0, 1, 2)
            if _wants(self._lanes[name], rank)
        ]
        self._settled.clear()
        now = self._clock.now()

        def read(session: Session) -> tuple[list[Due], list[tuple[str, int, int, list[Due]]]]:
            rows = due_of_addresses(session, now, woken, 2 * READ) if woken else []
            if addresses:
                rows.extend(due_of_address(session, now, addresses, 2 * READ))
            return rows, [
                (name, rank, most, due_of_channel(session, now, name, rank, most, without))
                for name, rank, most, without in plans
            ]

        rows, sweeps = await self._store.read(read)
        for name, rank, most, found in sweeps:
            lane = self._lanes[name]
            (lane.truncated.add if len(found) == most else lane.truncated.discard)(rank)
            rows.extend(found)
        by_lane: dict[str, list[Due]] = {}
        for row in rows:
            lane_of = self._lanes.get(row.channel)
            if lane_of is not None and lane_of.open and row.id not in self._settled:
                by_lane.setdefault(row.channel, []).append(row)
        for name, of_lane in by_lane.items():
            self._lanes[name].add(of_lane)


def _wants(lane: Lane, rank: int) -> bool:
    """True where more of a rank is to be read; of a long broadcast not before most of what was read is sent."""
    return lane.count(rank) < _most(lane) and (rank not in lane.truncated or _is_low(lane, rank))


def _is_low(lane: Lane, rank: int) -> bool:
    """True where hardly anybody is left in memory to whom something of a rank is to be sent."""
    return lane.receivers(rank) < _most(lane) // 4


def _most(lane: Lane) -> int:
    """How many of one rank are read: enough for two calls, where one call takes many."""
    return max(READ, 2 * lane.many)
