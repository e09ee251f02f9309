"""What the tests of talking to the team share."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.speech import Spoken
from models.caring.case import Request
from tests.bot.caring.kit import MARK
from tests.house import House

ALARM = "I want to kill myself"


def ask(house: House, name: str = "mila", words: str = MARK) -> str:
    """Somebody writes to the team; the id of their request."""
    house.hear(name, "/person")
    house.hear(name, words)
    with Session(house.database) as session:
        newest = select(Request.id).where(Request.person_id == house.person_id(name)).order_by(Request.id.desc())
        return str(session.scalars(newest).first())


def texts(seen: list[tuple[str, Spoken]], name: str) -> list[str]:
    return [message.text for who, message in seen if who == name]
