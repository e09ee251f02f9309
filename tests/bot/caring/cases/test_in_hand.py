"""A safety case in hand: words for one reader alone, and each reading and step recorded."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds.help import AnswerRequest, OpenRequest
from conversations.deeds.safety import CloseCase, GiveCase, MarkStep
from models.audit import Audit
from models.caring.case import Request
from models.caring.hand_over import CaseStep
from tests.bot.caring.cases.kit import ALARM, wait
from tests.bot.caring.kit import MARK, do, shown
from tests.house import House


@pytest.mark.parametrize("name", ["mila", "mama", "ana", "tuda", "petra", "direktor"])
def test_whoever_was_not_asked_reads_and_does_nothing(house: House, name: str) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    for deed in (OpenRequest("1"), AnswerRequest("1", "DEMO"), MarkStep("1", "police"), CloseCase("1", False)):
        assert do(house, name, deed) == "gone"
    for words in ("/cases", "/inbox", "/desk"):
        house.hear(name, words)
    if name != "mila":
        assert MARK not in shown(house, name)
    if name != "direktor":
        assert do(house, name, GiveCase("1", str(house.person_id("petra")))) == "gone"
    with Session(house.database) as session:
        assert session.get_one(Request, 1).state == "open"


def test_an_administrator_gives_a_case_by_its_number_without_reading_it(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    assert do(house, "vera", OpenRequest("1")) == "open"
    house.hear("direktor", "/cases")
    house.tap("direktor", "Open: case 1")
    house.tap("direktor", "Hand over")
    house.hear("direktor", f"Colleague {house.person_id('petra')}")
    assert MARK not in shown(house, "direktor")
    assert "hinted" not in shown(house, "direktor")
    assert do(house, "vera", OpenRequest("1")) == "gone"
    assert do(house, "petra", OpenRequest("1")) == "open"


@pytest.mark.parametrize("to", ["mama", "ana", "mila", "tuda", "direktor", "vera"])
def test_a_case_is_given_to_nobody_but_colleagues_of_the_safeguarding_staff(house: House, to: str) -> None:
    house.hear("mila", ALARM)
    do(house, "vera", OpenRequest("1"))
    assert do(house, "vera", GiveCase("1", str(house.person_id(to)))) == "gone"
    assert do(house, "vera", GiveCase("1", "0; drop")) == "gone"


def test_each_reading_and_each_step_is_recorded_without_a_word(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    for deed in (OpenRequest("1"), MarkStep("1", "talked"), MarkStep("1", "talked"), OpenRequest("1")):
        do(house, "vera", deed)
    assert do(house, "vera", MarkStep("1", "forged")) == "gone"
    with Session(house.database) as session:
        acts = [row.action for row in session.scalars(select(Audit).order_by(Audit.id))]
        assert (acts.count("request_read"), acts.count("case_step")) == (2, 1)
        assert MARK not in str([(row.subject, row.details) for row in session.scalars(select(Audit))])


def test_a_false_alarm_is_closed_only_after_staff_have_looked(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "it was a joke")
    with Session(house.database) as session:
        row = session.get_one(Request, 1)
        assert (row.state, row.denied_at) == ("open", house.now)
    assert do(house, "vera", CloseCase("1", True)) == "closed"
    with Session(house.database) as session:
        assert [one.step for one in session.scalars(select(CaseStep).order_by(CaseStep.id))] == [
            "asked", "seen", "false_alarm", "closed",
        ]  # fmt: skip


def test_two_who_open_a_case_at_once_do_not_both_have_it(house: House) -> None:
    house.hear("mila", ALARM)
    wait(house, minutes=15)

    async def both() -> list[str]:
        return await asyncio.gather(
            *(asyncio.to_thread(do, house, name, OpenRequest("1")) for name in ("vera", "petra"))
        )

    assert sorted(asyncio.run(both())) == ["gone", "open"]
