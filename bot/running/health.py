"""How the house is: for GET /health, and for whoever is woken by it. Nothing personal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.leases import Leases
from bot.outbox import Outbox
from bot.reminders import Ticker
from bot.running.logs import log
from bot.running.metrics import Metrics
from bot.schedule import TICKS, Schedule
from bot.store import Store
from handlers.channel import TellsState
from models.messages.message import Note, Outgoing
from models.messages.money import EURO, Tariff, Tariffs, month_of, spent

TICK_LATE = 30.0
"""Seconds without a tick after which something is wrong."""
ANSWER_MOST = 3.0
"""Seconds that the database may take to answer."""


class Health:
    """Asks each part how it is. `version` is the product's, `time` the clock that the ticker uses."""

    def __init__(
        self,
        version: str,
        store: Store,
        outbox: Outbox,
        leases: Leases,
        ticker: Ticker,
        schedule: Schedule,
        clock: Clock,
        time: Callable[[], float],
        metrics: Metrics,
        tariffs: Tariffs = (),
    ) -> None:
        self._version, self._store, self._outbox, self._leases = version, store, outbox, leases
        self._ticker, self._schedule, self._clock, self._time = ticker, schedule, clock, time
        self._metrics, self._tariffs = metrics, tariffs
        self._began = time()
        self.starting: dict[str, str] = {}
        """Channels that are not there yet, and why: "starting", or what is missing."""

        self.troubles: dict[str, str] = {}
        """What is wrong beside the channels themselves, by whom it concerns."""

    async def report(self) -> tuple[int, dict[str, Any]]:
        """The status code (200, or 503 with what is `wrong`) and the report."""
        wrong: list[str] = []
        channels = {name: self._channel(name, wrong) for name in self._outbox.lanes} | self.starting
        queues = await self._queues(wrong)
        tick = self._tick(wrong)
        wrong.extend(f"job: {name}" for name in sorted(self._schedule.failing))
        wrong.extend(f"{name}: {trouble}" for name, trouble in sorted(self.troubles.items()))
        report = {
            "status": "wrong" if wrong else "ok",
            "version": self._version,
            "database": "ok" if queues is not None else "away",
            "channels": channels,
            "last_tick": tick,
            "queues": queues or {},
            **await self._money(),
            "clock": self._clock.now().isoformat(timespec="seconds"),
            "wrong": wrong,
        }
        return (503 if wrong else 200), report

    def _channel(self, name: str, wrong: list[str]) -> str:
        lane = self._outbox.lanes[name]
        if lane.stopped:
            wrong.append(f"channel {name}: {lane.stopped}")
            return f"stopped: {lane.stopped}"
        if not lane.open:
            return "another process"
        if lane.in_trouble:
            return "the platform fails"
        state = lane.channel.state if isinstance(lane.channel, TellsState) else "receiving"
        if state not in ("starting", "receiving"):
            wrong.append(f"channel {name}: receives nothing ({state})")
            return f"receives nothing: {state}"
        return "ok"

    def _tick(self, wrong: list[str]) -> float | None:
        """Seconds since the last tick; None where another process ticks, or before the first."""
        if not self._leases.holds(TICKS):
            return None
        since = self._time() - (self._ticker.ticked_at or self._began)
        if since > TICK_LATE:
            wrong.append("no tick")
        return round(since, 1) if self._ticker.ticked_at is not None else None

    async def _money(self) -> dict[str, Any]:
        """What the channels that cost have cost this month (UTC), in euros; nothing where all are free."""
        now = self._clock.now()

        def read(session: Session) -> dict[str, Any]:
            return {tariff.channel: _spent(session, tariff, now) for tariff in self._tariffs}

        if not self._tariffs:
            return {}
        try:
            async with asyncio.timeout(ANSWER_MOST):
                told = await self._store.read(read)
        except Exception as error:  # noqa: BLE001  # that the database is away is found out beside this
            log.error("what was spent cannot be read", exc_info=error)
            return {}
        for channel, one in told.items():
            self._metrics.spent.labels(channel).set(one["spent"])
            self._metrics.budget.labels(channel).set(one["budget"])
            self._metrics.unpaid.labels(channel).set(one["unsent"])
        return {"money": told}

    async def _queues(self, wrong: list[str]) -> dict[str, int] | None:
        now = self._clock.now()

        def count(session: Session) -> tuple[dict[int, int], int, int]:
            waiting = session.execute(
                select(Outgoing.rank, func.count())
                .where(text("outgoing.state IN ('waiting', 'sending')"), Outgoing.due_at <= now)
                .group_by(Outgoing.rank)
            ).all()
            unseen = session.scalar(select(func.count()).select_from(Note).where(Note.seen_at.is_(None))) or 0
            planned = session.scalar(
                select(func.count()).where(text("outgoing.state IN ('waiting', 'sending')"), Outgoing.due_at > now)
            )
            return {row[0]: row[1] for row in waiting}, unseen, planned or 0

        try:
            async with asyncio.timeout(ANSWER_MOST):
                waiting, unseen, planned = await self._store.read(count)
        except Exception as error:  # noqa: BLE001  # that is what is to be found out
            log.error("the database does not answer", exc_info=error)
            wrong.append("database")
            return None
        for rank, name in enumerate(("answers", "reminders", "broadcasts")):
            self._metrics.waiting.labels(name).set(waiting.get(rank, 0))
        return {
            "answers": waiting.get(0, 0),
            "reminders": waiting.get(1, 0),
            "broadcasts": waiting.get(2, 0),
            "planned": planned,
            "notes": unseen,
        }


def _spent(session: Session, tariff: Tariff, now: datetime) -> dict[str, Any]:
    row = spent(session, tariff.channel, now)
    return {
        "month": month_of(now),
        "spent": round(row.micros / EURO, 4) if row else 0.0,
        "budget": round(tariff.budget / EURO, 2),
        "paid_messages": row.messages if row else 0,
        "unsent": row.unsent if row else 0,
        "platform_refuses": bool(row and row.stopped_until and now < row.stopped_until),
    }
