"""Numbers from outside: whatever is written where a number belongs is a number that nothing has."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.arriving.numbers import number
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from conversations.deeds import Deed
from conversations.deeds.calls import OpenForm
from conversations.deeds.help import ConfirmHotline, CountAnswer, HandOver, OpenRequest
from conversations.deeds.safety import GiveCase
from conversations.deeds.staff import SettleNote
from models.caring import case
from models.who.people import Person
from tests.house import House

NO_NUMBERS = ("", "²", "٣", "-1", " 7", "7 ", "1" * 19, "x")
"""The first two are digits to Python, and no number."""


@pytest.mark.parametrize("given", NO_NUMBERS)
def test_what_is_no_number_is_one_that_nothing_has(given: str) -> None:
    assert number(given) == 0


def test_a_number_is_read_whole() -> None:
    assert number("0042") == 42
    assert number("9" * 18) == 10**18 - 1


def test_no_deed_and_no_fact_stumbles_over_what_is_no_number(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("ana", "en", organisation="kokoro", town="bor")
    house.person("mia", "en", band="15-17", town="bor")
    ana, mia = house.person_id("ana"), house.person_id("mia")
    with Session(house.database) as session:
        request = case.open_request(session, house.now, mia, None)[0]
        doing = Doing(session, house.now, house.rules, ana)
        for given in NO_NUMBERS:
            deeds: dict[Deed, str] = {
                ConfirmHotline(given): "refused",
                SettleNote(given, "seen"): "gone",
                HandOver(str(request.id), given): "gone" if given else "back",
                OpenRequest(given): "gone",
                OpenForm(given): "gone",
                GiveCase(given, given): "gone",
                CountAnswer(given, helped=True): "done",
            }
            assert {deed: perform(doing, deed).outcome for deed in deeds} == deeds
            me = me_of(session, session.get_one(Person, ana))
            facts = KnownFacts(Lookup(session, house.now, me, house.rules))
            assert facts.help.hotline(given) is None
            assert facts.help.thread(given) is None
            assert facts.help.colleagues(given) == ()
            assert facts.safety.case(given) is None
            assert facts.calls.form(given) is None
