"""The money guard: what is free, what is paid for before it is sent, and what happens when nothing is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.keeping.retention import keep_no_longer
from bot.leases import Leases
from bot.reminders import Ticker
from bot.running.health import Health
from bot.running.metrics import Metrics
from bot.schedule import TICKS, Schedule
from bot.store import open_store
from bot.telling import Rules, best_address, tell
from conversations.speech import Say, verbatim
from models.messages.claiming import claim
from models.messages.message import Outgoing
from models.messages.money import Bill, PaidMessage, Spending, Tariff, pay
from models.messages.reminder import Reminder
from models.messages.sending import resend
from models.offers.programme import Town
from models.who.erasure import forget_address
from models.who.people import Address, Person
from tests.bot.runtime_kit import MONDAY, FakeChannel, World, again

DAY = timedelta(hours=24)
TARIFF = Tariff("fake", "Fake", prices=(("RS", 20_000), ("BG", 21_000)), otherwise=50_000, budget=100_000)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, tariffs=(TARIFF,))
    made.others["free"] = FakeChannel(made.timer, name="free")
    made.new_outbox()
    await made.outbox.hold("fake")
    await made.outbox.hold("free")
    yield made
    await made.close()


async def somebody(world: World, name: str, country: str = "RS", *, quiet_for: timedelta | None = DAY) -> int:
    """A person whose last words are so long ago (None: who never wrote)."""
    address = await world.address(name)

    def change(session: Session) -> None:
        town = session.scalars(select(Town).where(Town.code == country)).first()
        if town is None and country:
            town = Town(code=country, name={"en": country}, country=country, zone="Europe/Belgrade", languages=[])
            session.add(town)
            session.flush()
        row = session.get_one(Address, address)
        row.last_heard_at = MONDAY - quiet_for if quiet_for is not None else None
        session.get_one(Person, row.person_id).town_id = town.id if town else None

    await world.store.write(change)
    return address


async def spent(world: World, month: str = "2026-03") -> tuple[int, int, int]:
    """Micros, paid messages and those not sent; and the ledger must say the same."""

    def read(session: Session) -> tuple[int, int, int]:
        row = session.get(Spending, ("fake", month))
        ledger = session.scalars(select(PaidMessage).where(PaidMessage.month == month)).all()
        assert sum(one.micros for one in ledger) == (row.micros if row else 0)
        assert sum(one.messages for one in ledger) == (row.messages if row else 0)
        return (row.micros, row.messages, row.unsent) if row else (0, 0, 0)

    return await world.store.read(read)


async def a_reminder(world: World, address_id: int) -> int:
    person_id = await world.person_of(address_id)

    def add(session: Session) -> int:
        row = Reminder(about="booking", about_id=address_id, recipient_id=person_id, before_minutes=0, due_at=MONDAY)
        row.state = "queued"
        session.add(row)
        session.flush()
        return row.id

    return await world.store.write(add)


# ---------------------------------------------------------------- what costs


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


PEOPLE = (("mila", "RS"), ("stefan", "BG"), ("ivan", ""))


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


# ---------------------------------------------------------------- when nothing is left


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


# ---------------------------------------------------------------- faults


async def test_a_certain_failure_costs_nothing_and_a_doubtful_one_does(world: World) -> None:
    mila, stefan, ivan = [await somebody(world, name) for name in ("mila", "stefan", "ivan")]
    world.channel.always = {"mila": again("refused"), "stefan": again("gone"), "ivan": again("unsure")}
    for address in (mila, stefan, ivan):
        await world.say(address, "tomorrow", "reminder")
    await world.pass_time(2)
    assert await spent(world) == (20_000, 1, 0)


async def test_a_retry_is_paid_once(world: World) -> None:
    mila = await somebody(world, "mila")
    world.channel.plan = [again("retry"), again("wait", after=timedelta(seconds=3)), again("retry")]
    written = await world.say(mila, "tomorrow", "reminder")
    await world.pass_time(30)
    assert await world.states(written) == ["sent"]
    assert await spent(world) == (20_000, 1, 0)


async def test_an_answer_in_doubt_that_is_sent_again_counts_twice(world: World) -> None:
    mila = await somebody(world, "mila")
    world.channel.plan = [again("unsure")]
    await world.say(mila, "booked", "confirmation")
    await world.pass_time(5)
    assert world.channel.texts == ["booked"]
    assert await spent(world) == (40_000, 2, 0)


async def test_what_was_paid_when_the_program_stopped_counts_as_spent(world: World) -> None:
    mila = await somebody(world, "mila")
    written = await world.write(mila, "tomorrow", "reminder")
    taken = await world.store.write(lambda session: claim(session, MONDAY, [written], (TARIFF,)))
    assert taken == {written}
    world.outbox.let_go("fake")
    await world.new_outbox().hold("fake")
    await world.settle()
    assert await world.states(written) == ["unsure"]
    assert await spent(world) == (20_000, 1, 0)
    assert await world.store.write(lambda session: resend(session, MONDAY, written))
    world.outbox.sweep()
    await world.settle()
    assert await world.states(written) == ["sent"]
    assert await spent(world) == (40_000, 2, 0)


async def test_a_rolled_back_claim_spends_nothing(world: World) -> None:
    mila = await somebody(world, "mila")
    written = await world.write(mila, "tomorrow", "reminder")

    def failing(session: Session) -> None:
        claim(session, MONDAY, [written], (TARIFF,))
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await world.store.write(failing)
    assert await spent(world) == (0, 0, 0)
    assert await world.states(written) == ["waiting"]


async def test_a_platform_that_wants_money_stops_what_costs_for_a_day(world: World) -> None:
    mila, stefan, ivan = [await somebody(world, name) for name in ("mila", "stefan", "ivan")]
    talks = await somebody(world, "talks", quiet_for=timedelta(hours=1))
    world.channel.plan = [again("unpaid", "no balance")]
    first = await world.say(mila, "one", "reminder")
    await world.pass_time(1)
    second = await world.say(stefan, "two", "reminder")
    answer = await world.say(talks, "free", "reply")
    await world.pass_time(1)
    assert await world.states(first, second, answer) == ["cancelled", "cancelled", "sent"]
    assert world.channel.texts == ["free"]
    assert await spent(world) == (0, 0, 2)
    assert sorted(await world.notes()) == [("budget", "fake 2026-03"), ("unpaid", "Fake: no balance")]
    world.clock.at += timedelta(hours=25)
    third = await world.say(ivan, "three", "reminder")
    await world.pass_time(1)
    assert await world.states(third) == ["sent"]


async def test_a_call_to_many_is_paid_for_each_and_stops_at_the_budget(tmp_path: Path) -> None:
    world = World(tmp_path, many=300, tariffs=(TARIFF,))
    await world.outbox.hold("fake")
    addresses = [await somebody(world, f"p{number}") for number in range(8)]
    addresses += [await somebody(world, f"free{number}", quiet_for=timedelta(hours=1)) for number in range(3)]
    world.channel.always = {"p0": again("gone", "left")}
    ids = [await world.write(address, "news", "broadcast") for address in addresses]
    world.outbox.wake(ids)
    await world.pass_time(2)
    assert len(world.channel.calls) == 1
    assert len(world.channel.calls[0]) == 8, "five that are paid for and three that are free"
    assert await spent(world) == (80_000, 4, 3), "who had left is not paid for"
    await world.close()


# ---------------------------------------------------------------- where somebody is reached


async def test_a_free_address_is_better_than_one_that_costs(world: World) -> None:
    costs = await somebody(world, "costs", quiet_for=timedelta(hours=30))
    person = await world.person_of(costs)
    free = await world.address("free", person_id=person, channel="free")
    old = MONDAY - timedelta(days=40)
    await world.store.write(
        lambda session: session.execute(update(Address).where(Address.id == free).values(last_heard_at=old))
    )

    def best(session: Session, at: datetime, tariffs: tuple[Tariff, ...]) -> int | None:
        place = best_address(session, person, at, tariffs)
        return place.id if place else None

    assert await world.store.read(lambda session: best(session, MONDAY, (TARIFF,))) == free
    assert await world.store.read(lambda session: best(session, MONDAY, ())) == costs, "the one used last"
    in_session = MONDAY - timedelta(hours=29)
    assert await world.store.read(lambda session: best(session, in_session, (TARIFF,))) == costs


async def test_a_page_that_nobody_looked_at_for_long_is_no_better_than_a_paid_message(world: World) -> None:
    costs = await somebody(world, "costs")
    person = await world.person_of(costs)
    page = await world.address("page", person_id=person, channel="webchat")

    def best(session: Session) -> int | None:
        place = best_address(session, person, MONDAY, (TARIFF,))
        return place.id if place else None

    assert await world.store.read(best) == page
    await world.store.write(
        lambda session: session.execute(
            update(Address).where(Address.id == page).values(last_heard_at=MONDAY - timedelta(days=31))
        )
    )
    assert await world.store.read(best) == costs


async def test_what_is_told_for_later_looks_at_what_is_free_then(world: World) -> None:
    costs = await somebody(world, "costs", quiet_for=timedelta(hours=20))
    person = await world.person_of(costs)
    free = await world.address("free", person_id=person, channel="free")
    await world.store.write(
        lambda session: session.execute(
            update(Address).where(Address.id == free).values(last_heard_at=MONDAY - timedelta(days=2))
        )
    )
    rules = Rules(tariffs=(TARIFF,))

    def told(session: Session, due: datetime) -> int:
        written = tell(session, MONDAY, rules, person, Say(verbatim("x")), "offer", due_at=due)
        assert written is not None
        return session.get_one(Outgoing, written).address_id

    assert await world.store.write(lambda session: told(session, MONDAY + timedelta(hours=1))) == costs
    assert await world.store.write(lambda session: told(session, MONDAY + timedelta(hours=8))) == free


# ---------------------------------------------------------------- two processes


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


# ---------------------------------------------------------------- what is kept


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
