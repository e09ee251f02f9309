"""What the tests of topics share: a desk, somebody who asks, and a case of safety."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.help import Concern
from models.caring.case import Request
from tests.bot.desk.desk_kit import DeskHouse

MARK = "Zvezdokljun"
"""A word that only one person writes."""


def made(folder: Path, *, safety: bool = False) -> DeskHouse:
    house = DeskHouse(folder, safety=safety)
    house.person("mila", "sr-Latn", band="15-17", town="bor")
    house.colleague("ana", 301)
    house.colleague("petra", 302)
    house.colleague("boris", 303, organisation="kazanlak")
    house.colleague("vera", 304, role="safeguarding")
    for name in ("mila", "ana"):
        house.calls_themself(name)
    return house


def asks(house: DeskHouse, words: str = MARK, name: str = "mila") -> int:
    """Somebody writes to the team; the thread of their topic."""
    house.hear(name, "/person")
    house.hear(name, words)
    house.look()
    return house.thread()


def request_of(house: DeskHouse) -> Request:
    with Session(house.database) as session:
        found = session.scalars(select(Request).order_by(Request.id.desc()).limit(1)).one()
        session.expunge(found)
        return found


def safety(house: DeskHouse, name: str = "mila") -> None:
    who = house.person_id(name)
    with Session(house.database) as session:
        perform(Doing(session, house.now, house.rules, who), Concern("violence"))
        session.commit()
