"""Writes down what became of messages: marks gather for one commit, and none is lost while the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.running.logs import log
from bot.running.nursery import Nursery
from bot.sending.lane import Lane, Timer
from bot.store import Store
from handlers.channel import SendFailed
from models.messages.claiming import not_paid
from models.messages.money import Tariffs, tariff_of
from models.messages.sending import Due, Fate, gone, settle

MOST = 256
"""So many marks are written at once without waiting for more."""
LINGER = 0.05
"""Seconds in which the marks of lower ranks gather for one commit."""
LINGER_ANSWERS = 0.02
"""The same for answers: a commit for each mark would double what a turn costs. After a crash in between, the answers of
so short a time are sent once more."""

Ended = tuple[Lane, Due, Fate]
Lost = tuple[Lane, Due, SendFailed]
"""A message whose address is gone, or that could not be paid for."""
Written = Callable[[Sequence[Ended], Sequence[Lost], Sequence[int]], None]
"""Is told of marks that are committed, and of the ids of messages that moved to another address by them."""


class Marks:
    """`conclude` and `lose` take what came of a message; `written` hears of it once it is in the database."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        nursery: Nursery,
        timer: Timer,
        tariffs: Tariffs,
        *,
        written: Written,
        moved: asyncio.Event,
    ) -> None:
        self._store, self._clock, self._nursery, self._timer, self._tariffs = store, clock, nursery, timer, tariffs
        self._written, self._moved = written, moved
        self._ended: list[Ended] = []
        self._lost: list[Lost] = []
        self._lingering = False
        self._hurries = False
        self._failures = 0
        self.writing = False
        self.rests = False
        """True while the writing waits for a database that is away."""

    @property
    def busy(self) -> bool:
        """Whether anything is still to be written."""
        return self.writing or self._lingering or bool(self._ended or self._lost)

    def conclude(self, lane: Lane, row: Due, fate: Fate) -> None:
        """What became of a message."""
        self._ended.append((lane, row, fate))
        self._soon(row.rank)

    def lose(self, lane: Lane, row: Due, failed: SendFailed) -> None:
        """Its address is gone, or there is no money: everything that waits there is decided with it."""
        self._lost.append((lane, row, failed))
        self._soon(0)

    def hurry(self) -> None:
        """From now on nothing lingers: the house closes."""
        self._hurries = True
        if self._lingering:
            self._lingered()

    def _soon(self, rank: int) -> None:
        if self.writing:
            return
        if not self._hurries and not self._lost and len(self._ended) < MOST:
            if not self._lingering:
                self._lingering = True
                self._timer.call_later(LINGER if rank > 0 else LINGER_ANSWERS, self._lingered)
            return
        self.writing = self._nursery.start(self._write(), "outbox: mark") is not None

    def _lingered(self) -> None:
        self._lingering = False
        self._moved.set()
        if (self._ended or self._lost) and not self.writing:
            self.writing = self._nursery.start(self._write(), "outbox: mark") is not None

    async def _write(self) -> None:
        """Write the marks. One that cannot be written is kept and tried again: the sending happened."""
        try:
            while self._ended or self._lost:
                ended, self._ended = self._ended, []
                lost, self._lost = self._lost, []
                try:
                    moved = await self._store.write(partial(self._write_down, ended=ended, lost=lost))
                except Exception as error:  # noqa: BLE001  # the database is away: keep all of it
                    log.error("what was sent cannot be marked", count=len(ended), exc_info=error)
                    self._ended, self._lost = ended + self._ended, lost + self._lost
                    self._failures += 1
                    await self._pause(min(5.0, 0.2 * 2.0**self._failures))
                    continue
                self._failures = 0
                self._written(ended, lost, moved)
                break
        finally:
            self.writing = False
            self._moved.set()
        if self._ended or self._lost:  # what came meanwhile gathers again: else quick answers get a commit each
            self._soon(1)

    def _write_down(self, session: Session, ended: Sequence[Ended], lost: Sequence[Lost]) -> list[int]:
        now = self._clock.now()
        settle(session, now, [fate for _lane, _row, fate in ended])
        moved: list[int] = []
        for _lane, row, failed in lost:
            tariff = tariff_of(self._tariffs, row.channel)
            if failed.kind == "unpaid" and tariff is not None:
                not_paid(session, now, [row.id], tariff, self._tariffs, failed.reason)
            else:
                moved.extend(gone(session, row.address_id, failed.reason))
        return moved

    async def _pause(self, seconds: float) -> None:
        over = asyncio.Event()
        self._timer.call_later(seconds, over.set)
        self.rests = True
        await over.wait()
        self.rests = False
