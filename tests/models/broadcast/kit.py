"""What the tests of broadcasts share: one is begun, and queued to its end; what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns.broadcasting import step
from bot.doing import Doing
from models.campaigns import broadcast as broadcasts
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast, outcome_counts
from models.messages.message import Outgoing
from models.offers.programme import Organisation
from models.who.people import Address, Person
from tests.house import House

TEXTS = {"sr": "Дођите на дан отворених врата.", "bg": "Елате на деня на отворените врати."}


def planned(house: House, session: Session, author: int, audience: Audience, **more: Any) -> Broadcast:
    organisation = session.scalars(select(Organisation).where(Organisation.code == "kokoro")).one()
    given: dict[str, Any] = {"texts": TEXTS, "listing_id": None, "due_at": None, "counted": 0, **more}
    return broadcasts.plan(
        session,
        house.now,
        organisation_id=organisation.id,
        author_id=author,
        audience=audience.to_json(),
        **given,
    )


YOUNG = Audience(roles=("young",))


def start(house: House, audience: Audience = YOUNG, **more: Any) -> int:
    author = house.person_id("ana")
    with Session(house.database) as session:
        row = planned(house, session, author, audience, **more)
        session.commit()
        return row.id


def queue_some(house: House, limit: int = 300, *, crash: bool = False) -> int:
    with Session(house.database) as session:
        done = step(Doing(session, house.now, house.rules), limit)
        if crash:
            session.rollback()
        else:
            session.commit()
        return done


def queue_all(house: House, limit: int = 300) -> None:
    for _round in range(50):
        if queue_some(house, limit) == 0:
            return
    raise AssertionError("a broadcast without end")


def messages(house: House) -> Counter[int]:
    with Session(house.database) as session:
        found = session.scalars(
            select(Address.person_id)
            .join(Outgoing, Outgoing.address_id == Address.id)
            .where(Outgoing.kind == "broadcast", Outgoing.state != "cancelled")
        )
        return Counter(found)


def outcomes(house: House, broadcast_id: int) -> dict[str, int]:
    with Session(house.database) as session:
        return outcome_counts(session, broadcast_id)


def change(house: House, name: str, **values: Any) -> None:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        person = session.get_one(Person, person_id)
        for key, value in values.items():
            setattr(person, key, value)
        session.commit()
