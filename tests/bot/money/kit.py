"""What the tests of money share."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.money import PaidMessage, Spending, Tariff
from models.messages.reminder import Reminder
from models.offers.programme import Town
from models.who.people import Address, Person
from tests.bot.running.runtime_kit import MONDAY, World

DAY = timedelta(hours=24)
TARIFF = Tariff("fake", "Fake", prices=(("RS", 20_000), ("BG", 21_000)), otherwise=50_000, budget=100_000)


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


PEOPLE = (("mila", "RS"), ("stefan", "BG"), ("ivan", ""))
