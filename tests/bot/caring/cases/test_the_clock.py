"""The clock of a safety case: named people one after the other, each once, and again the next day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.running.furnishing import rules_of
from bot.settings import BadSettings, load
from conversations.deeds.help import OpenRequest
from conversations.deeds.safety import CloseCase, GiveCase, WriteHere
from models.caring.hand_over import CaseStep, SafetyCase
from tests.bot.caring.cases.kit import ALARM, told, wait
from tests.bot.caring.kit import MARK, do, shown
from tests.house import House


def test_named_people_are_asked_one_after_the_other_each_once_then_administrators(house: House) -> None:
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]
    assert [wait(house, minutes=14), wait(house, minutes=1)] == [0, 1]
    house.advance(minutes=1)
    assert told(house) == ["vera", "petra"]
    assert wait(house, minutes=14) == 1
    house.advance(minutes=1)
    assert told(house) == ["vera", "petra", "direktor"]
    assert wait(house, hours=20) == 0
    with Session(house.database) as session:
        steps = [(row.step, row.person_id) for row in session.scalars(select(CaseStep).order_by(CaseStep.id))]
    assert steps == [
        ("asked", house.person_id("vera")),
        ("asked", house.person_id("petra")),
        ("admins", house.person_id("direktor")),
    ]


def test_an_alarm_in_a_message_to_the_team_tells_its_number_once(house: House) -> None:
    """The words open the case, and are a message in it: two deeds of one turn."""
    house.hear("mila", "/person")
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]
    house.now += timedelta(minutes=5)
    house.hear("mila", "and he hits my mother")
    assert told(house) == ["vera", "vera"], "what comes later is told again"
    house.tap("vera", "Open")
    before = len(told(house))
    house.hear("mila", "I want to die, please help")
    assert len(told(house)) == before + 1, "also to who has it"


def test_nobody_is_promised_an_answer_once_the_case_is_closed(house: House) -> None:
    assert do(house, "mila", WriteHere("yes")) == "nobody"
    house.hear("mila", ALARM)
    house.tap("mila", "Yes, here")
    assert "The answer comes here" in shown(house, "mila")
    house.tap("vera", "Open")
    assert do(house, "vera", CloseCase("1", false_alarm=True)) == "closed"
    late = house.tap("mila", "Yes, here")
    assert "No answer is on its way" in late[0][1].text


def test_how_long_somebody_has_to_take_a_case_can_be_set(house: House, tmp_path: Path) -> None:
    house.rules = house.dialogue.rules = rules_of(load(data=tmp_path, safety_minutes=5))
    house.hear("mila", ALARM)
    assert [wait(house, minutes=4), wait(house, minutes=1)] == [0, 1]
    with pytest.raises(BadSettings, match="PUTOKAZ_SAFETY_MINUTES"):
        load(data=tmp_path, safety_minutes=0)


def test_a_case_that_nobody_takes_comes_round_again_the_next_day(house: House) -> None:
    house.hear("mila", ALARM)
    for _step in range(2):
        wait(house, minutes=15)
    assert wait(house, hours=24) == 1
    house.advance(minutes=1)
    assert told(house).count("vera") == 2


def test_who_opens_a_case_has_it_and_the_clock_stops(house: House) -> None:
    house.hear("mila", ALARM)
    assert do(house, "vera", OpenRequest("1")) == "open"
    assert wait(house, hours=30) == 0
    assert "petra" not in told(house)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    assert told(house) == ["vera", "vera"]


def test_at_night_the_numbers_come_and_the_clock_stands_still(house: House) -> None:
    house.advance(hours=13)
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]
    assert wait(house, hours=8) == 0
    assert wait(house, hours=1) == 1


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (datetime(2026, 10, 24, 17, 50, tzinfo=UTC), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 18, 50, tzinfo=UTC), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 9, 0, tzinfo=UTC), datetime(2026, 10, 25, 9, 15, tzinfo=UTC)),
    ],
)
def test_the_clock_is_right_in_the_nights_when_clocks_change(house: House, when: datetime, due: datetime) -> None:
    house.now = when
    house.hear("mila", ALARM)
    with Session(house.database) as session:
        assert session.scalars(select(SafetyCase.next_at)).one() == due


def test_who_was_given_a_case_and_does_not_take_it_is_followed_by_the_next(house: House) -> None:
    house.hear("mila", ALARM)
    do(house, "vera", OpenRequest("1"))
    assert do(house, "vera", GiveCase("1", str(house.person_id("petra")))) == "handed"
    assert wait(house, minutes=15) == 1
    house.advance(minutes=1)
    assert told(house) == ["vera", "vera", "petra"]
