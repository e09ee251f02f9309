"""A broadcast reaches everybody once: after a crash, on two phones, and at its end."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.campaigns.judging import count
from models.campaigns.broadcast import Broadcast, Recipient
from models.who.people import Address
from tests.house import House
from tests.models.broadcast.kit import YOUNG, messages, queue_all, queue_some, start


def test_everybody_gets_it_once(house: House, crowd: list[str]) -> None:
    start(house)
    queue_all(house, limit=3)
    assert messages(house) == Counter({house.person_id(name): 1 for name in crowd})


def test_a_crash_between_two_chunks_repeats_and_skips_nobody(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    assert queue_some(house, 3) == 3
    assert queue_some(house, 3, crash=True) == 3
    assert queue_some(house, 3, crash=True) == 3
    queue_all(house, limit=2)
    assert messages(house) == Counter({house.person_id(name): 1 for name in crowd})
    with Session(house.database) as session:
        recipients = select(func.count()).where(Recipient.broadcast_id == broadcast_id)
        assert session.scalar(recipients) == len(crowd)


def test_the_table_itself_refuses_a_person_twice(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    queue_all(house)
    p0 = house.person_id("p0")
    with Session(house.database) as session:
        session.add(Recipient(broadcast_id=broadcast_id, person_id=p0))
        with pytest.raises(IntegrityError):
            session.flush()


def test_two_phones_of_one_person_count_and_ring_once(house: House) -> None:
    house.person("p", "sr-Latn", band="15-17", town="bor")
    p = house.person_id("p")
    with Session(house.database) as session:
        session.add(Address(person_id=p, channel="telegram", external_id="77", created_at=house.now))
        session.commit()
        assert count(session, house.rules, house.now, YOUNG).reached == 1
    start(house)
    queue_all(house)
    assert messages(house)[house.person_id("p")] == 1


def test_it_ends_by_itself_and_its_author_is_told_once(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    queue_all(house)
    house.hear("ana", "/menu")  # delivers what waits
    before = len(house.people["ana"].shown)
    for _round in range(3):
        queue_some(house)
        house.hear("p0", "/menu")
    told = [one for one in house.people["ana"].shown[before:] if "Izveštaj" in one.text or "7" in one.text]
    assert len(told) == 1
    with Session(house.database) as session:
        assert session.get_one(Broadcast, broadcast_id).state == "sent"
