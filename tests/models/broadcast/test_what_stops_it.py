"""What stops a broadcast on its way: a stop, a consent taken back, a chat that was left."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns.judging import count
from models.campaigns import broadcast as broadcasts
from models.who.consent import Consent
from tests.house import House
from tests.models.broadcast.kit import YOUNG, change, messages, outcomes, queue_all, queue_some, start


def withdraw(house: House, name: str) -> None:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        for row in session.scalars(select(Consent).where(Consent.person_id == person_id)):
            row.withdrawn_at = house.now
        session.commit()


def test_a_stop_on_the_way_spares_those_who_still_wait(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    queue_some(house, 3)
    house.hear("p6", "/menu")  # the first three are delivered
    queue_some(house, 2)
    with Session(house.database) as session:
        assert broadcasts.stop(session, house.now, broadcast_id) == 2
        session.commit()
    queue_all(house)
    assert sum(messages(house).values()) == 3
    assert outcomes(house, broadcast_id) == {"sent": 3, "cancelled": 2}
    with Session(house.database) as session:
        assert broadcasts.stop(session, house.now, broadcast_id) is None


def test_who_stops_between_the_count_and_the_sending_gets_nothing(house: House, crowd: list[str]) -> None:
    with Session(house.database) as session:
        assert count(session, house.rules, house.now, YOUNG).reached == 7
    broadcast_id = start(house)
    queue_some(house, 2)
    change(house, "p4", stopped_at=house.now)
    withdraw(house, "p5")
    queue_all(house, 2)
    assert house.person_id("p4") not in messages(house)
    assert house.person_id("p5") not in messages(house)
    assert outcomes(house, broadcast_id) == {"waiting": 5, "left.stopped": 1, "left.consent": 1}


def test_who_has_left_is_counted_as_out_of_reach(house: House, crowd: list[str]) -> None:
    house.event("p1", "left")
    broadcast_id = start(house)
    queue_all(house)
    assert outcomes(house, broadcast_id)["left.unreachable"] == 1
