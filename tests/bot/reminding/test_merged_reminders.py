"""Reminders that fall together are one message where each message costs; else each is its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.reminders import Ticker
from bot.reminding.composing import Composed, Missed
from bot.telling import Rules
from conversations.merging import TOGETHER_MOST
from conversations.speech import Button, Document, Say, verbatim
from models.messages.message import Outgoing
from models.messages.money import PaidMessage, Tariff
from models.messages.reminder import Reminder
from models.who.people import Address
from tests.bot.running.runtime_kit import MONDAY, World, again

TARIFF = Tariff("fake", "Fake", prices=(("", 20_000),), otherwise=20_000, budget=1_000_000)


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """Number 99 comes with a file; each is good for as many minutes as it is `before`."""
    at = reminder.due_at + timedelta(minutes=reminder.before_minutes)
    if at <= doing.now:
        return Missed("it has begun")
    document = Document("a.ics", "text/calendar", b"x") if reminder.about_id == 99 else None
    button = Button(verbatim("Yes"), f"s.{reminder.about_id}")
    return Composed(Say(verbatim(f"course {reminder.about_id}"), (button,), document=document), at)


class Tick:
    def __init__(self, world: World) -> None:
        self.world = world
        rules = Rules(tariffs=tuple(world.tariffs))
        self.ticker = Ticker(world.store, world.outbox, world.clock, rules, composers={"booking": compose})

    async def plan(self, address_id: int, about: int, *, before: int = 120) -> int:
        recipient = await self.world.person_of(address_id)

        def add(session: Session) -> int:
            row = Reminder(about="booking", about_id=about, recipient_id=recipient, before_minutes=before)
            row.due_at = MONDAY
            session.add(row)
            session.flush()
            return row.id

        return await self.world.store.write(add)

    async def tick(self, *, seconds: float = 1.0) -> None:
        await self.ticker.tick()
        self.world.outbox.sweep()
        await self.world.pass_time(seconds)

    async def states(self) -> list[tuple[str, str]]:
        return await self.world.store.read(
            lambda session: [(row.state, row.reason) for row in session.scalars(select(Reminder).order_by(Reminder.id))]
        )

    async def paid(self) -> int:
        return await self.world.store.read(lambda session: session.query(PaidMessage).count())


@pytest.fixture
async def tick(tmp_path: Path) -> AsyncIterator[Tick]:
    world = World(tmp_path, tariffs=(TARIFF,))
    await world.outbox.hold("fake")
    yield Tick(world)
    await world.close()


async def quiet(world: World, name: str) -> int:
    address = await world.address(name)
    long_ago = MONDAY - timedelta(days=2)
    await world.store.write(
        lambda session: session.execute(update(Address).where(Address.id == address).values(last_heard_at=long_ago))
    )
    return address


async def test_what_falls_together_for_one_person_is_one_paid_message(tick: Tick) -> None:
    mila, stefan = await quiet(tick.world, "mila"), await quiet(tick.world, "stefan")
    for about in (1, 2, 3):
        await tick.plan(mila, about)
    await tick.plan(stefan, 4)
    await tick.tick()
    shown = {one.to: one for one in tick.world.channel.shown}
    assert shown["mila"].text == "1. course 1\n\n2. course 2\n\n3. course 3"
    assert [(button.label, button.tap) for button in shown["mila"].message.buttons] == [
        ("1. Yes", "s.1"),
        ("2. Yes", "s.2"),
        ("3. Yes", "s.3"),
    ]
    assert shown["stefan"].text == "course 4"
    assert await tick.states() == [("sent", "")] * 4
    assert await tick.paid() == 2


async def test_where_it_is_free_each_is_its_own_message(tick: Tick) -> None:
    mila = await tick.world.address("mila")
    for about in (1, 2):
        await tick.plan(mila, about)
    await tick.tick()
    assert tick.world.channel.texts == ["course 1", "course 2"]
    assert await tick.paid() == 0


async def test_there_are_never_too_many_in_one(tick: Tick) -> None:
    mila = await quiet(tick.world, "mila")
    for about in range(1, 7):
        await tick.plan(mila, about)
    await tick.tick()
    assert [text.count("course") for text in tick.world.channel.texts] == [TOGETHER_MOST, 2]


async def test_what_comes_with_a_file_stays_alone(tick: Tick) -> None:
    mila = await quiet(tick.world, "mila")
    for about in (1, 99, 2):
        await tick.plan(mila, about)
    await tick.tick()
    assert sorted(text.split("\n")[0] for text in tick.world.channel.texts) == ["1. course 1", "course 99"]


async def test_all_of_a_message_in_doubt_is_in_doubt(tick: Tick) -> None:
    mila = await quiet(tick.world, "mila")
    for about in (1, 2):
        await tick.plan(mila, about)
    tick.world.channel.always["mila"] = again("unsure", "cut")
    await tick.tick()
    assert await tick.states() == [("unsure", "cut")] * 2


async def test_without_money_all_of_it_is_missed_with_the_reason(tmp_path: Path) -> None:
    world = World(tmp_path, tariffs=(Tariff("fake", "Fake"),))
    await world.outbox.hold("fake")
    tick = Tick(world)
    mila = await quiet(world, "mila")
    for about in (1, 2):
        await tick.plan(mila, about)
    await tick.tick()
    assert await tick.states() == [("missed", "budget")] * 2
    await world.close()


async def test_when_one_of_them_is_called_off_the_others_are_said_anew(tick: Tick) -> None:
    mila = await quiet(tick.world, "mila")
    ids = [await tick.plan(mila, about) for about in (1, 2, 3)]
    tick.world.outbox.let_go("fake")
    await tick.ticker.tick()
    await tick.world.store.write(
        lambda session: session.execute(
            update(Reminder).where(Reminder.id == ids[1]).values(state="cancelled", reason="moved")
        )
    )
    await tick.world.outbox.hold("fake")
    await tick.world.pass_time(1)
    assert tick.world.channel.texts == []
    await tick.tick()
    assert tick.world.channel.texts == ["1. course 1\n\n2. course 3"]
    assert await tick.states() == [("sent", ""), ("cancelled", "moved"), ("sent", "")]
    assert await tick.paid() == 1


async def test_what_is_over_does_not_take_the_others_along(tick: Tick) -> None:
    mila = await quiet(tick.world, "mila")
    await tick.plan(mila, 1, before=10)
    await tick.plan(mila, 2, before=600)
    tick.world.outbox.let_go("fake")
    await tick.ticker.tick()
    tick.world.clock.at = MONDAY + timedelta(minutes=20)
    await tick.world.outbox.hold("fake")
    await tick.world.pass_time(1)
    await tick.tick()
    assert tick.world.channel.texts == ["course 2"]
    assert await tick.states() == [("missed", "it has begun"), ("sent", "")]
    states = await tick.world.store.read(lambda session: list(session.scalars(select(Outgoing.state))))
    assert states == ["cancelled", "sent"]
