"""What the tests of several chats share: codes, questions, and what people do in between."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.speech import Spoken
from models.places.booking import Booking
from tests.house import House

SHORT = re.compile(r"(?<![\w-])[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}(?![\w-])")
YES, NO = "✅ Yes, that is me", "No, I do not know it"


def texts(shown: list[tuple[str, Spoken]], name: str) -> str:
    return "\n".join(message.text for who, message in shown if who == name)


def code_of(house: House, name: str) -> str:
    house.hear(name, "/settings")
    house.tap(name, "📱 Another phone or app")
    house.tap(name, "➕ Another phone or app")
    shown = house.tap(name, "Yes")
    return next(found[0] for _name, message in shown if (found := SHORT.search(message.text)))


def ask(house: House, name: str, code: str) -> str:
    """Use a code in a chat and confirm there: the other chat is asked."""
    shown = house.hear(name, f"/start {code}")
    if "Join this chat" in texts(shown, name) or "Is this your own phone now?" in texts(shown, name):
        shown = house.tap(name, "Yes")
    return texts(shown, name)


def link(house: House, owner: str, other: str) -> None:
    ask(house, other, code_of(house, owner))
    house.tap(owner, YES)


def book(house: House, name: str) -> None:
    house.hear(name, "/menu")
    house.hear(name, "maths")
    house.tap(name, "Maths: help with learning")
    house.hear(name, "1")
    house.tap(name, "For me")
    house.tap(name, "Yes, please")


def bookings(house: House, name: str) -> list[str]:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        return list(session.scalars(select(Booking.state).where(Booking.person_id == person_id)))


WE_ARE_TWO, TWO, ALL_MINE = "✂️ We are two people", "✅ Yes, we are two", "No, it is all mine"


def asks_to_be_two(house: House, name: str) -> str:
    """In one of the chats: we are two people. What that chat is told along the way."""
    house.hear(name, "/settings")
    house.tap(name, "📱 Another phone or app")
    asked = house.tap(name, WE_ARE_TWO)
    return texts(asked, name) + "\n" + texts(house.tap(name, "Yes"), name)
