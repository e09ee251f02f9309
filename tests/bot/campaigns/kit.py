"""What the tests of news, answers and announcements share."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.campaigns import digest
from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds import campaigns as deeds
from conversations.speech import Spoken
from models.messages.message import Outgoing
from models.who.people import Address
from tests.house import House

SUNDAY = timedelta(hours=151, minutes=5)
"""From Monday ten o'clock to five past five on Sunday: the digests are due."""


def doing(house: House, session: Session, name: str = "") -> Doing:
    return Doing(session, house.now, house.rules, house.person_id(name) if name else 0)


def act(house: House, name: str, deed: Deed) -> str:
    with Session(house.database) as session:
        done = perform(doing(house, session, name), deed)
        session.commit()
    return done.outcome


def digests(house: House, name: str = "mila") -> int:
    who = house.person_id(name)
    with Session(house.database) as session:
        mine = select(Address.id).where(Address.person_id == who)
        return session.scalar(select(func.count()).where(Outgoing.kind == "digest", Outgoing.address_id.in_(mine))) or 0


def run(house: House) -> int:
    with Session(house.database) as session:
        seen = digest.step(doing(house, session))
        session.commit()
    return seen


def sunday(house: House) -> list[tuple[str, Spoken]]:
    """Sunday has come, and the digests with it."""
    house.now += SUNDAY
    run(house)
    return house._deliver()


def on(house: House, name: str, topic: str) -> str:
    return act(house, name, deeds.Subscribe(topic))
