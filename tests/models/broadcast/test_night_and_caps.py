"""When a broadcast comes: not at night, not too often, and not before its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.message import Outgoing
from tests.house import MONDAY, House
from tests.models.broadcast.kit import messages, outcomes, queue_all, queue_some, start

SATURDAY_EVENING = datetime(2026, 3, 7, 20, 30, tzinfo=UTC)  # 21:30 in Belgrade, before a Sunday


def test_at_night_it_waits_for_the_morning_of_each(house: House, crowd: list[str]) -> None:
    house.now = SATURDAY_EVENING
    start(house)
    queue_all(house)
    with Session(house.database) as session:
        due = set(session.scalars(select(Outgoing.due_at).where(Outgoing.kind == "broadcast")))
    assert due == {datetime(2026, 3, 8, 9, 0, tzinfo=UTC)}  # Sunday, ten o'clock


def test_nobody_gets_two_on_a_day(house: House, crowd: list[str]) -> None:
    start(house)
    queue_all(house)
    second = start(house)
    queue_all(house)
    assert outcomes(house, second) == {"left.cap": 7}
    house.now = MONDAY + timedelta(days=1)
    third = start(house)
    queue_all(house)
    assert outcomes(house, third) == {"waiting": 7}


def test_nobody_gets_five_in_a_week(house: House) -> None:
    house.person("p", "sr-Latn", band="15-17", town="bor")
    for day in range(5):
        house.now = MONDAY + timedelta(days=day)
        last = start(house)
        queue_all(house)
    assert outcomes(house, last) == {"left.cap": 1}
    assert messages(house)[house.person_id("p")] == 4
    house.now = MONDAY + timedelta(days=7)
    start(house)
    queue_all(house)
    assert messages(house)[house.person_id("p")] == 5


def test_a_scheduled_one_does_not_begin_before_its_time(house: House, crowd: list[str]) -> None:
    start(house, due_at=MONDAY + timedelta(hours=2))
    assert queue_some(house) == 0
    house.now = MONDAY + timedelta(hours=2)
    assert queue_some(house) == 7
