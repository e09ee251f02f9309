"""What the tests of people share: who they are, and a child's code that a guardian confirms."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from conversations.facts import Me
from models.who.people import Person
from tests.house import House

CODE = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])")


def me(house: House, name: str) -> Me:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        return me_of(session, session.get_one(Person, person_id))


def code_for(house: House, child: str) -> str:
    house.hear(child, "my data")
    house.tap(child, "👍 Yes to booking")
    shown = house.tap(child, "Write the message")
    return next(found[0] for _name, message in shown if (found := CODE.search(message.text)))


def confirm(house: House, guardian: str, code: str, *purposes: str) -> list[str]:
    house.hear(guardian, f"/start {code}")
    house.tap(guardian, "Go on")
    house.tap(guardian, "Mother")
    for purpose in purposes:
        house.tap(guardian, purpose)
    house.tap(guardian, "Done")
    return [message.text for _name, message in house.tap(guardian, "Yes")]
