"""What the tests of outings share: a trip, who goes along, and what was written to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from bot.sending.envelope import from_json
from conversations.deeds import Deed
from conversations.deeds import outings as deeds
from conversations.deeds.offers import Book
from conversations.speech import Done
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.people import Address, Guardianship
from tests.house import House

TRIP = "kazanlak-ekskurzia"
HOUR = timedelta(hours=1)


def link(house: House, guardian: str, child: str) -> None:
    """Guardian and child; the guardian wants no reminders, and the young person of 15 decides alone otherwise."""
    guardian_id, child_id = house.person_id(guardian), house.person_id(child)
    with Session(house.database) as session:
        row = Guardianship(guardian_id=guardian_id, child_id=child_id, relation="mother")
        row.confirmed_at, row.reminders = house.now, False
        row.grown_at = house.now if child == "ivo" else None
        session.add(row)
        session.commit()


def act(house: House, who: str, deed: Deed) -> Done:
    person_id = house.person_id(who)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id, 1, "console"), deed)
        session.commit()
        return done


def look(house: House, wanted: Any) -> list[Any]:
    with Session(house.database) as session:
        return list(session.scalars(wanted).all())


def meeting(house: House) -> Meeting:
    of = select(Listing.id).where(Listing.code == TRIP)
    found = look(house, select(Meeting).where(Meeting.listing_id.in_(of)).order_by(Meeting.starts_at))
    first: Meeting = found[0]
    return first


def goes(house: House, who: str, by: str = "", **also: Any) -> int:
    done = act(house, by or who, Book(meeting(house).id, (house.person_id(who),), **also))
    assert done.outcome in ("booked", "waiting")
    bookings = done.details["bookings"]
    assert isinstance(bookings, list)
    return int(bookings[0])


def state(house: House, booking: int) -> str:
    (found,) = look(house, select(Booking.state).where(Booking.id == booking))
    return str(found)


def written(house: House, who: str, word: str) -> int:
    """How many messages with a word were written to somebody."""
    bodies = look(
        house,
        select(Outgoing.body)
        .join(Address, Address.id == Outgoing.address_id)
        .where(Address.person_id == house.person_id(who)),
    )
    return sum(word in from_json(body).text for body in bodies)


def to_the_bus(house: House) -> None:
    house.now = meeting(house).starts_at - timedelta(minutes=10)


def travel(house: House) -> int:
    """Ivo is on the bus, with his mother's yes."""
    booking = goes(house, "ivo")
    assert act(house, "mama", deeds.AgreeToTrip(booking, 0)).outcome == "given"
    to_the_bus(house)
    return booking
