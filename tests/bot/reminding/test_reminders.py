"""The reminder tick: each once, at its time or marked why not, whatever the clock does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.reminders import BATCH, Ticker, fire
from bot.reminding.composing import Composed, Missed
from bot.telling import Rules
from conversations.speech import Say, verbatim
from models.messages.reminder import Reminder
from models.who.people import Person
from tests.bot.running.runtime_kit import MONDAY, World

HOUR = timedelta(hours=1)


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """The thing itself happens `before_minutes` after the reminder was due."""
    at = reminder.due_at + timedelta(minutes=reminder.before_minutes)
    if reminder.about_id == 666:
        raise LookupError("no such booking")
    if at <= doing.now:
        return Missed("it has begun")
    return Composed(Say(verbatim(f"{reminder.about_id} in {reminder.before_minutes}")), at)


class Tick:
    """A world with a ticker."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ticker = Ticker(world.store, world.outbox, world.clock, Rules(), composers={"booking": compose})

    async def plan(self, address_id: int, due: datetime, *, about: int = 1, before: int = 120) -> int:
        recipient = await self.world.person_of(address_id)

        def add(session: Session) -> int:
            row = Reminder(about="booking", about_id=about, recipient_id=recipient, before_minutes=before, due_at=due)
            session.add(row)
            session.flush()
            return row.id

        return await self.world.store.write(add)

    async def tick(self) -> None:
        await self.ticker.tick()
        self.world.outbox.sweep()
        await self.world.settle()

    async def states(self) -> list[tuple[str, str]]:
        return await self.world.store.read(
            lambda session: [(row.state, row.reason) for row in session.scalars(select(Reminder).order_by(Reminder.id))]
        )

    @property
    def texts(self) -> list[str]:
        return self.world.channel.texts


@pytest.fixture
async def tick(tmp_path: Path) -> AsyncIterator[Tick]:
    world = World(tmp_path)
    await world.outbox.hold("fake")
    yield Tick(world)
    await world.close()


async def test_a_reminder_goes_out_when_it_is_due_and_only_once(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    await tick.plan(mila, MONDAY + HOUR)
    await tick.tick()
    assert tick.texts == []
    tick.world.clock.at = MONDAY + HOUR
    await tick.tick()
    await tick.tick()
    assert tick.texts == ["1 in 120"]
    assert await tick.states() == [("sent", "")]


async def test_a_clock_that_jumps_back_fires_nothing_again(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    await tick.plan(mila, MONDAY)
    for jump in (0, -24, 0, -1, 1):
        tick.world.clock.at = MONDAY + jump * HOUR
        await tick.tick()
    assert tick.texts == ["1 in 120"]


async def test_after_a_jump_forward_only_what_still_helps_is_sent(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    await tick.plan(mila, MONDAY, about=1, before=120)
    await tick.plan(mila, MONDAY, about=2, before=1440)
    tick.world.clock.at = MONDAY + 5 * HOUR
    await tick.tick()
    assert tick.texts == ["2 in 1440"]
    assert await tick.states() == [("missed", "it has begun"), ("sent", "")]


async def test_of_several_found_late_about_the_same_thing_the_last_stands_for_all(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    await tick.plan(mila, MONDAY - 10 * HOUR, before=1440)
    await tick.plan(mila, MONDAY - HOUR, before=900)
    await tick.tick()
    assert tick.texts == ["1 in 900"]
    assert await tick.states() == [("missed", "a later one stands for it"), ("sent", "")]


async def test_one_found_late_leaves_it_to_the_next_within_the_hour(tick: Tick) -> None:
    mila, mama = await tick.world.address("mila"), await tick.world.address("mama")
    await tick.plan(mila, MONDAY - 2 * HOUR, before=1440)
    await tick.plan(mila, MONDAY + HOUR / 2, before=120)
    await tick.plan(mama, MONDAY - 2 * HOUR, before=1440)
    await tick.tick()
    assert [one.to for one in tick.world.channel.shown] == ["mama"]
    assert (await tick.states())[0] == ("missed", "the next one comes within the hour")
    tick.world.clock.at = MONDAY + HOUR
    await tick.tick()
    assert [one.to for one in tick.world.channel.shown] == ["mama", "mila"]


async def test_what_falls_into_the_night_waits_for_the_morning(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    night = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    await tick.plan(mila, night - HOUR, before=1440)
    tick.world.clock.at = night
    await tick.tick()
    assert tick.texts == []
    assert await tick.states() == [("planned", "")]
    tick.world.clock.at = datetime(2026, 3, 3, 6, 59, 59, tzinfo=UTC)
    await tick.tick()
    assert tick.texts == []
    tick.world.clock.at = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    await tick.tick()
    assert tick.texts == ["1 in 1440"]


async def test_whoever_wants_no_messages_or_cannot_be_reached_is_marked_with_the_reason(tick: Tick) -> None:
    mila, gone = await tick.world.address("mila"), await tick.world.address("gone")
    stopped = await tick.world.person_of(mila)
    await tick.plan(mila, MONDAY)
    await tick.plan(gone, MONDAY)

    def change(session: Session) -> None:
        session.get_one(Person, stopped).stopped_at = MONDAY
        session.execute(text("UPDATE address SET active = 0 WHERE id = :id"), {"id": gone})

    await tick.world.store.write(change)
    await tick.tick()
    assert tick.texts == []
    assert await tick.states() == [("missed", "they want no messages"), ("missed", "they cannot be reached")]


async def test_one_that_cannot_be_put_into_words_takes_nobody_along(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    for about in (1, 666, 2, 3):
        await tick.plan(mila, MONDAY, about=about)
    await tick.tick()
    await tick.tick()
    assert tick.texts == ["1 in 120", "2 in 120", "3 in 120"]
    assert (await tick.states())[1] == ("missed", "LookupError")
    assert [kind for kind, _about in await tick.world.notes()] == ["reminder"]


async def test_a_burst_is_composed_in_small_transactions_and_all_of_it_goes_out(tick: Tick) -> None:
    addresses = [await tick.world.address(f"p{number}") for number in range(10)]
    people = [await tick.world.person_of(address) for address in addresses]

    def add(session: Session) -> None:
        session.add_all(
            Reminder(about="booking", about_id=n, recipient_id=people[n % 10], before_minutes=120, due_at=MONDAY)
            for n in range(3 * BATCH + 7)
        )

    await tick.world.store.write(add)
    sizes: list[int] = []
    write = tick.world.store.write

    async def counted(work: Any) -> Any:
        result = await write(work)
        if hasattr(result, "seen"):
            sizes.append(result.seen)
        return result

    tick.world.store.write = counted  # type: ignore[method-assign]
    await tick.tick()
    await tick.world.pass_time(5)
    assert sizes == [BATCH, BATCH, BATCH, 7]
    assert sorted(tick.texts) == sorted(f"{n} in 120" for n in range(3 * BATCH + 7))


async def test_the_due_are_found_by_their_index(tick: Tick) -> None:
    seen: list[str] = []

    def explain(session: Session) -> None:
        from sqlalchemy import event

        connection = session.connection()
        statements: list[tuple[str, Any]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _cu, statement, given, _x, _m: statements.append((statement, given)),
        )
        fire(session, MONDAY, Rules(), {"booking": compose})
        for statement, given in [one for one in statements if "FROM reminder" in one[0]]:
            plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, given).all()
            seen.append(str(plan))

    await tick.world.store.write(explain)
    assert seen
    assert "ix_reminder_due" in seen[0]
    assert "SCAN" not in seen[0]


@pytest.mark.parametrize("zone", ["Europe/Belgrade", "Europe/Sofia"])
@pytest.mark.parametrize("night", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
async def test_both_clock_change_nights_with_a_jumping_clock(tick: Tick, zone: str, night: datetime) -> None:
    rules = Rules(zone=zone, quiet_from=24, quiet_until=0, sunday_until=0)
    tick.ticker = Ticker(tick.world.store, tick.world.outbox, tick.world.clock, rules, composers={"booking": compose})
    mila = await tick.world.address("mila")
    for half_hours in range(12):
        await tick.plan(mila, night - HOUR + half_hours * HOUR / 2, about=half_hours, before=60)
    at = night - 2 * HOUR
    for step in (1, 1, 1, -2, 1, 1, 1, 1, -3, 1, 1, 1, 1, 1, 1, 1, 1, 1):
        at += step * HOUR / 2
        tick.world.clock.at = at
        await tick.tick()
    while at < night + 6 * HOUR:
        at += HOUR / 4
        tick.world.clock.at = at
        await tick.tick()
    assert sorted(tick.texts) == sorted(f"{n} in 60" for n in range(12))
