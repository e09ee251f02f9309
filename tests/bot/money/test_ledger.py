"""What is kept of money, and for how long."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.keeping.retention import keep_no_longer
from bot.leases import Leases
from bot.reminders import Ticker
from bot.running.health import Health
from bot.running.metrics import Metrics
from bot.schedule import TICKS, Schedule
from bot.telling import Rules
from models.messages.money import PaidMessage, Spending
from models.who.forgetting import forget_address
from models.who.people import Address
from tests.bot.money.kit import TARIFF, somebody, spent
from tests.bot.running.runtime_kit import MONDAY, World


async def test_the_ledger_outlives_an_address_without_naming_it(world: World) -> None:
    mila = await somebody(world, "mila")
    await world.say(mila, "tomorrow", "reminder")
    await world.settle()

    def forget(session: Session) -> None:
        forget_address(session, session.get_one(Address, mila))

    await world.store.write(forget)

    def read(session: Session) -> list[tuple[int | None, int | None, int]]:
        return [(row.address_id, row.outgoing_id, row.micros) for row in session.scalars(select(PaidMessage))]

    assert await world.store.read(read) == [(None, None, 20_000)]


async def test_after_two_years_only_the_sum_of_the_month_is_kept(world: World) -> None:
    mila = await somebody(world, "mila")
    await world.say(mila, "tomorrow", "reminder")
    await world.settle()
    await keep_no_longer(world.store, MONDAY + timedelta(days=730))
    assert await spent(world) == (20_000, 1, 0)
    await keep_no_longer(world.store, MONDAY + timedelta(days=732))

    def read(session: Session) -> tuple[int, int]:
        return session.query(PaidMessage).count(), session.get_one(Spending, ("fake", "2026-03")).micros

    assert await world.store.read(read) == (0, 20_000)


async def test_health_and_metrics_tell_sums_and_nobody(world: World) -> None:
    addresses = [await somebody(world, f"MARKER{number}") for number in range(6)]
    for address in addresses:
        await world.say(address, "MARKER", "reminder")
    await world.settle()
    metrics = Metrics()
    leases = Leases(world.store, ("fake", TICKS), world.timer, gained=_ignore, lost=_ignore, alone=True)
    ticker = Ticker(world.store, world.outbox, world.clock, Rules(), time=world.timer.time)
    schedule = Schedule(world.store, world.outbox, world.clock, Rules(), ticker, leases)
    health = Health(
        "1", world.store, world.outbox, leases, ticker, schedule, world.clock, world.timer.time, metrics, (TARIFF,)
    )
    _status, told = await health.report()
    assert told["money"] == {
        "fake": {
            "month": "2026-03",
            "spent": 0.1,
            "budget": 0.1,
            "paid_messages": 5,
            "unsent": 1,
            "platform_refuses": False,
        }
    }
    text = metrics.text().decode()
    assert 'putokaz_spent_euros{channel="fake"} 0.1' in text
    assert 'putokaz_unpaid_messages{channel="fake"} 1.0' in text
    assert "MARKER" not in text + str(told)


async def _ignore(_name: str) -> None:
    return
