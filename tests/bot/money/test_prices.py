"""What costs, and how much."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.messages.money import PaidMessage
from models.who.people import Address
from tests.bot.money.kit import DAY, PEOPLE, somebody, spent
from tests.bot.running.runtime_kit import World


async def test_within_the_free_hours_nothing_is_paid(world: World) -> None:
    mila = await somebody(world, "mila", quiet_for=DAY - timedelta(minutes=2))
    for kind in ("reply", "reminder", "broadcast", "confirmation"):
        await world.say(mila, kind, kind)
    await world.pass_time(1)
    assert len(world.channel.texts) == 4
    assert await spent(world) == (0, 0, 0)


async def test_outside_of_them_each_costs_the_price_of_the_country(world: World) -> None:
    mila, stefan, ivan = [await somebody(world, name, country) for name, country in PEOPLE]
    await world.say(mila, "1", "reminder")
    await world.say(stefan, "2", "broadcast")
    await world.settle()
    assert await spent(world) == (41_000, 2, 0)
    await world.say(ivan, "3", "reminder")
    await world.pass_time(1)
    assert await spent(world) == (91_000, 3, 0), "an unknown price is reckoned with the cautious one"
    assert world.channel.texts == ["1", "2", "3"]


async def test_an_answer_that_comes_too_late_costs_too_and_is_paid_before_it_is_sent(world: World) -> None:
    mila = await somebody(world, "mila")
    seen: list[int] = []

    def look(_to: str) -> None:
        with Session(world.store.engine) as session:
            seen.append(session.query(PaidMessage).count())

    world.channel.before = look
    written = await world.say(mila, "booked", "confirmation")
    await world.settle()
    assert seen == [1]
    assert await world.states(written) == ["sent"]
    assert await spent(world) == (20_000, 1, 0)


async def test_somebody_who_never_wrote_is_not_free(world: World) -> None:
    nobody = await somebody(world, "nobody", quiet_for=None)
    await world.say(nobody, "hello", "reminder")
    await world.settle()
    assert await spent(world) == (20_000, 1, 0)


async def test_other_channels_cost_nothing(world: World) -> None:
    mila = await world.address("mila", channel="free")
    await world.store.write(lambda session: session.execute(update(Address).values(last_heard_at=None)))
    await world.say(mila, "1", "reminder")
    await world.settle()
    assert world.others["free"].texts == ["1"]
    assert await spent(world) == (0, 0, 0)


async def test_each_part_of_a_long_message_is_paid(world: World) -> None:
    mila = await somebody(world, "mila")
    await world.say(mila, " ".join(f"word{number:02}" for number in range(14)), "reminder")
    await world.settle()
    assert len(world.channel.texts) == 2
    assert await spent(world) == (40_000, 2, 0)
