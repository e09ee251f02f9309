"""What the tests of visits share: deeds, free times, what somebody may look up, and what was shown."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.sending import envelope
from conversations.deeds.appointments import TakeAppointment
from conversations.facts.appointments import Wish
from conversations.speech import Spoken
from models.base import Base
from models.offers.listing import Listing
from models.who.people import Address, Person
from tests.house import House

MARKER, NAME, HOME = "Пкмркр", "Прфмркр", "Адрмркр 7"


def listing_id(house: House, code: str) -> int:
    with Session(house.database) as session:
        return session.scalars(select(Listing.id).where(Listing.code == code)).one()


def do(house: House, name: str, deed: Any) -> Any:
    """Somebody performs a deed; what it tells people is shown to them."""
    person_id = house.person_id(name)
    with Session(house.database) as session:
        address = session.scalars(select(Address.id).where(Address.person_id == person_id)).one()
        doing = Doing(session, house.now, house.rules, person_id, address, "console")
        done = perform(doing, deed)
        session.commit()
    house._deliver()
    return done


def slots(house: House, name: str, code: str) -> list[str]:
    """The keys of all free times of a service, as somebody sees them."""
    wanted, known = Wish(listing_id(house, code)), facts(house, name).appointments
    return [free.key for day, _at, _n in known.days(wanted) for free in known.times(wanted, day)]


def facts(house: House, name: str) -> Any:
    """What somebody may look up now."""
    person_id = house.person_id(name)
    session = Session(house.database.execution_options(reads_only=True))
    me = me_of(session, session.get_one(Person, person_id))
    return KnownFacts(Lookup(session, house.now, me, house.rules))


def book(house: House, name: str, code: str = "bor-razgovor", nth: int = 0, **given: Any) -> Any:
    key = slots(house, name, code)[nth]
    return do(house, name, TakeAppointment(listing_id(house, code), key, **given))


def said(message: Spoken) -> str:
    """All that a message holds, its file too."""
    body = json.dumps(envelope.to_json(message), ensure_ascii=False)
    return body + (message.document.content.decode() if message.document else "")


def shown(house: House) -> list[str]:
    return [said(message) for somebody in house.people.values() for message in somebody.shown]


def forget_shown(house: House) -> None:
    for somebody in house.people.values():
        somebody.shown.clear()


def stands(house: House, words: str, *, without: tuple[str, ...] = ()) -> list[str]:
    """The tables in which some words stand, however they are written there."""
    written = (words, json.dumps(words)[1:-1])
    found = []
    with house.database.connect() as connection:
        for table in Base.metadata.tables.values():
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')) if table.name not in without else ():
                values = [value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value) for value in row]
                if any(one in value for one in written for value in values):
                    found.append(table.name)
    return found
