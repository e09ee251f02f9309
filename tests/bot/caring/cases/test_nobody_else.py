"""Guardians and other staff never hear of a safety case, and notices of it name nobody."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.facts.people.own_data import everything
from conversations.deeds.help import AnswerRequest, OpenRequest
from conversations.deeds.safety import CloseCase, MarkStep
from models.who.people import Person
from tests.bot.caring.cases.kit import ALARM, wait
from tests.bot.caring.kit import MARK, do, shown
from tests.house import House


def test_a_guardian_never_hears_of_a_case_whatever_happens_to_it(house: House) -> None:
    house.hear("mila", f"{ALARM} {MARK}")
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    for deed in (OpenRequest("1"), AnswerRequest("1", MARK), MarkStep("1", "centre"), CloseCase("1", False)):
        do(house, "vera", deed)
    house.advance(hours=40)
    for words in ("/mydata", "/children", "/bookings", "/inbox", "/cases", "/menu"):
        house.hear("mama", words)
        house.hear("ana", words)
    for person_id in (house.person_id("mama"), house.person_id("mila")):
        with Session(house.database) as session:
            exported = str(everything(session, session.get_one(Person, person_id)))
        assert MARK not in exported
        assert "safety" not in exported
        assert "self_harm" not in exported
    for name in ("mama", "ana", "tuda"):
        for sign in (MARK, "Case 1", "hinted", "safety case"):
            assert sign not in shown(house, name), (name, sign)


def test_notices_name_nobody_and_carry_no_word(house: House) -> None:
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mila")).called = MARK + "ova"
        session.commit()
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    wait(house, minutes=15)
    wait(house, minutes=15)
    house.advance(minutes=1)
    for name in ("vera", "petra", "direktor"):
        assert MARK not in shown(house, name)
        assert "hinted" not in shown(house, name)
