"""What the tests of safety cases share: the alarm, who heard of it, and time that passes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.caring import safeguarding
from bot.doing import Doing
from tests.house import House

ALARM = "he wants to kill himself"


def told(house: House) -> list[str]:
    """Who of the team heard of a case, in order."""
    return [
        name
        for name in ("vera", "petra", "direktor", "ana", "mama", "tuda")
        for message in house.people[name].shown
        if "Case 1" in message.text
    ]


def wait(house: House, **by: float) -> int:
    """Let time pass and the clocks of cases be looked at, twice: as two processes would."""
    house.now += timedelta(**by)
    moved = 0
    for _process in range(2):
        with Session(house.database) as session:
            moved += safeguarding.escalate(Doing(session, house.now, house.rules))
            session.commit()
    return moved
