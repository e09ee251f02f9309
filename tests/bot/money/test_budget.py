"""When nothing is left: who is still written to, who is told, and when it is new."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import open_store
from models.messages.claiming import claim
from models.messages.money import Bill, Tariff, pay
from models.messages.reminder import Reminder
from tests.bot.money.kit import DAY, TARIFF, a_reminder, somebody, spent
from tests.bot.running.runtime_kit import MONDAY, World


async def test_what_the_budget_does_not_allow_is_not_sent_and_staff_are_told_once(world: World) -> None:
    addresses = [await somebody(world, f"p{number}") for number in range(8)]
    reminders = [await a_reminder(world, address) for address in addresses]
    ids = [
        await world.write(address, "tomorrow", "reminder", reminder_id=reminder)
        for address, reminder in zip(addresses, reminders, strict=True)
    ]
    world.outbox.wake(ids)
    await world.pass_time(2)
    assert len(world.channel.texts) == 5
    assert await spent(world) == (100_000, 5, 3)
    rows = [await world.row(one) for one in ids]
    assert sorted((row.state, row.reason) for row in rows) == [("cancelled", "budget")] * 3 + [("sent", "")] * 5

    def told(session: Session) -> list[tuple[str, str]]:
        return [(row.state, row.reason) for row in session.scalars(select(Reminder).order_by(Reminder.id))]

    assert sorted(await world.store.read(told)) == [("missed", "budget")] * 3 + [("sent", "")] * 5
    assert await world.notes() == [("budget", "fake 2026-03")]
    await world.say(addresses[0], "more", "broadcast")
    await world.settle()
    assert await world.notes() == [("budget", "fake 2026-03")], "once a month, not for each message"
    assert (await spent(world))[2] == 4


async def test_whoever_has_a_free_address_too_is_written_to_there(world: World) -> None:
    mila = await somebody(world, "mila")
    free = await world.address("mila elsewhere", person_id=await world.person_of(mila), channel="free")
    reminder = await a_reminder(world, mila)
    before = [await world.write(mila, "before", "reminder", due_at=MONDAY + DAY) for _number in range(5)]
    await world.store.write(
        lambda session: pay(session, MONDAY, TARIFF, [Bill(one, mila, "reminder", "RS") for one in before])
    )
    written = await world.say(mila, "tomorrow", "reminder", reminder_id=reminder)
    await world.settle()
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == []
    assert world.others["free"].texts == ["tomorrow"]
    row = await world.row(written)
    assert (row.state, row.address_id) == ("sent", free)
    assert (await spent(world))[2] == 0
    assert await world.notes() == []


async def test_without_a_budget_nothing_is_ever_paid(world: World) -> None:
    world.tariffs = (Tariff("fake", "Fake"),)
    await world.new_outbox().hold("fake")
    mila = await somebody(world, "mila")
    written = await world.say(mila, "tomorrow", "reminder")
    await world.settle()
    assert await world.states(written) == ["cancelled"]
    assert world.channel.texts == []


async def test_a_safety_message_goes_out_whatever_is_left(world: World) -> None:
    world.tariffs = (Tariff("fake", "Fake"),)
    await world.new_outbox().hold("fake")
    mila = await somebody(world, "mila")
    written = await world.say(mila, "a case waits", "safety")
    await world.settle()
    assert await world.states(written) == ["sent"]
    assert await spent(world) == (50_000, 1, 0), "and it is in the books"


async def test_the_budget_is_new_with_the_month_in_utc(world: World) -> None:
    last_minute = datetime(2026, 3, 31, 23, 59, 30, tzinfo=UTC)  # 1 April 01:59 in Belgrade
    world.clock.at = last_minute
    addresses = [await somebody(world, f"p{number}") for number in range(7)]
    for address in addresses[:6]:
        await world.say(address, "march", "reminder")
    await world.settle()
    assert await spent(world, "2026-03") == (100_000, 5, 1)
    world.clock.at = datetime(2026, 4, 1, 0, 0, 5, tzinfo=UTC)
    await world.say(addresses[6], "april", "reminder")
    await world.settle()
    assert await spent(world, "2026-04") == (20_000, 1, 0)
    assert world.channel.texts[-1] == "april"


@pytest.mark.postgres
async def test_two_processes_never_spend_more_than_there_is(tmp_path: Path, postgres_url: str) -> None:
    world = World(tmp_path, store=open_store(postgres_url), tariffs=(TARIFF,))
    other = open_store(postgres_url)
    addresses = [await somebody(world, f"p{number}") for number in range(40)]
    ids = [await world.write(address, "tomorrow", "reminder") for address in addresses]

    async def claims(store: object, mine: list[int]) -> int:
        taken = 0
        for one in mine:
            taken += len(await store.write(lambda session, one=one: claim(session, MONDAY, [one], (TARIFF,))))  # type: ignore[attr-defined]
        return taken

    counts = await asyncio.gather(
        *(claims(store, ids[start::4]) for start, store in enumerate((world.store, other, world.store, other)))
    )
    assert sum(counts) == 5
    assert await spent(world) == (100_000, 5, 35)
    assert await world.notes() == [("budget", "fake 2026-03")]
    other.close()
    await world.close()
