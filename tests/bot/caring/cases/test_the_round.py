"""Who is asked first, who is away, and who may change that."""

from __future__ import annotations

import pytest

from conversations.deeds.safety import AskFirst, SetAway
from tests.bot.caring.cases.kit import ALARM, told, wait
from tests.bot.caring.kit import do
from tests.house import House


def test_who_is_away_is_passed_over_unless_nobody_else_is_there(house: House) -> None:
    assert do(house, "vera", SetAway(7)) == "done"
    house.hear("mila", ALARM)
    assert told(house) == ["petra"]
    wait(house, minutes=15)
    house.advance(minutes=1)
    assert told(house) == ["petra", "direktor"]


def test_where_everybody_is_away_somebody_is_asked_all_the_same(house: House) -> None:
    do(house, "vera", SetAway(7))
    do(house, "petra", SetAway(7))
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]


def test_an_administrator_says_who_is_asked_first(house: House) -> None:
    assert do(house, "direktor", AskFirst(str(house.person_id("petra")))) == "done"
    house.hear("mila", ALARM)
    assert told(house) == ["petra"]


@pytest.mark.parametrize("name", ["mila", "mama", "ana", "vera", "tuda"])
def test_nobody_else_changes_the_round(house: House, name: str) -> None:
    assert do(house, name, AskFirst(str(house.person_id("petra")))) == "refused"
    assert do(house, "direktor", AskFirst(str(house.person_id("tuda")))) == "refused"
    if name not in ("vera", "tuda"):
        assert do(house, name, SetAway(1)) == "refused"
