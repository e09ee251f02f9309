"""Where somebody is reached: free of charge, if they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.telling import Rules, best_address, tell
from conversations.speech import Say, verbatim
from models.messages.message import Outgoing
from models.messages.money import Tariff
from models.who.people import Address
from tests.bot.money.kit import TARIFF, somebody
from tests.bot.running.runtime_kit import MONDAY, World


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
