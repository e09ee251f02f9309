"""What the tests of talking to the team and of safety cases share: deeds past every question, and what was shown."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from models.who.people import Address
from tests.house import House, as_line

MARK = "Zvezdokljun"
"""A word that only one person writes."""


def do(house: House, name: str, deed: Deed) -> str:
    """What a deed comes to when somebody performs it directly, past every question."""
    person_id = house.person_id(name)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, person_id, address_of(session, house, name), "console")
        outcome = perform(doing, deed).outcome
        session.commit()
    return outcome


def address_of(session: Session, house: House, name: str) -> int:
    return session.scalars(select(Address.id).where(Address.external_id == house.people[name].external_id)).one()


def shown(house: House, name: str) -> str:
    return "\n".join(as_line(message) for message in house.people[name].shown)
