"""Who polls, sends and ticks: one process for each bot token, and another one within seconds when it dies."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.running.logs import log
from bot.sending.lane import Timer
from bot.store import Store
from models.base import inserting
from models.house import Lease

TERM = 6.0
"""Seconds that a lease lasts without being renewed: the longest that nobody sends after a process died."""
RENEW = 1.5
"""Seconds between renewals, and between the looks of those who wait."""
MARGIN = 1.0
"""Seconds before its end in which a lease that could not be renewed counts as lost."""

Told = Callable[[str], Awaitable[None]]


class Leases:
    """Keeps the leases of some names (channels, "ticks") in the database, by the database's own clock.

    `gained` and `lost` are called for each name as it comes and goes. With `alone` (SQLite, held by a
    FileLock) all are held from the start and never lost.
    """

    def __init__(
        self, store: Store, names: Iterable[str], timer: Timer, *, gained: Told, lost: Told, alone: bool = False
    ) -> None:
        self._store, self._timer, self._gained, self._lost = store, timer, gained, lost
        self._names = tuple(names)
        self._alone = alone
        self.holder = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._until: dict[str, float] = {}

    def holds(self, name: str) -> bool:
        """Whether this process has a lease right now."""
        return name in self._until

    def add(self, name: str) -> None:
        """From the next round on try to get this one as well."""
        if name not in self._names:
            self._names = (*self._names, name)

    async def renew(self) -> None:
        """One round: renew what is held, take what is free, notice what is lost. The scheduler runs it."""
        if self._alone:
            for name in self._names:
                if name not in self._until:
                    self._until[name] = float("inf")
                    await self._gained(name)
            return
        asked_at: float | None = self._timer.time()
        try:
            held = await self._store.write(self._renew)
        except Exception as error:  # noqa: BLE001  # the database is away: what is held runs out by itself
            log.error("leases cannot be renewed", exc_info=error)
            held = frozenset(name for name, until in self._until.items() if until - MARGIN > self._timer.time())
            asked_at = None
        for name in self._names:
            await self._follow(name, name in held, asked_at)

    async def give_back(self) -> None:
        """Let another process take over at once."""
        names = list(self._until)
        self._until.clear()
        for name in names:
            await self._lost(name)
        if names and not self._alone:
            with contextlib.suppress(Exception):
                await self._store.write(
                    lambda session: session.execute(
                        update(Lease).where(Lease.holder == self.holder).values(until=func.now() - timedelta(seconds=1))
                    )
                )

    async def _follow(self, name: str, held: bool, asked_at: float | None) -> None:
        if not held:
            if self._until.pop(name, None) is not None:
                log.warning("a lease was lost", lease=name)
                await self._lost(name)
            return
        new = name not in self._until
        if asked_at is not None:
            self._until[name] = asked_at + TERM
        if new:
            log.info("a lease was taken", lease=name)
            await self._gained(name)

    def _renew(self, session: Session) -> frozenset[str]:
        now = func.clock_timestamp()
        until = now + timedelta(seconds=TERM)
        for name in self._names:
            session.execute(
                inserting("postgresql")(Lease)
                .values(name=name, holder=self.holder, until=until)
                .on_conflict_do_update(
                    index_elements=["name"],
                    set_={"holder": self.holder, "until": until},
                    where=(Lease.holder == self.holder) | (Lease.until < now),
                )
            )
        held = select(Lease.name).where(Lease.holder == self.holder, Lease.name.in_(self._names))
        return frozenset(session.scalars(held))
