"""How long safety cases and their words are kept, and what becomes of them with the person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.keeping import retention
from conversations.deeds.help import SendRequest
from conversations.deeds.safety import CloseCase, WriteHere
from models.caring import safety
from models.caring.case import Request, RequestMessage
from models.caring.hand_over import CaseStep, SafetyCase
from models.who import erasure, merging
from tests.bot.caring.cases.kit import ALARM, wait
from tests.bot.caring.kit import MARK, do
from tests.house import House


def test_words_of_a_closed_case_are_kept_thirty_days_and_what_it_was_about_two_years(house: House) -> None:
    house.hear("mila", ALARM)
    do(house, "mila", SendRequest(MARK))
    do(house, "vera", CloseCase("1", False))

    def kept() -> tuple[str, str, int]:
        with Session(house.database) as session:
            retention._cases(session, house.now)
            session.commit()
            return (
                session.scalars(select(RequestMessage.text)).one(),
                session.get_one(Request, 1).concern,
                len(session.scalars(select(CaseStep.id)).all()),
            )

    house.now += timedelta(days=29)
    assert kept() == (MARK, "self_harm", 3)
    house.now += timedelta(days=2)
    assert kept() == ("", "self_harm", 3)
    house.now += timedelta(days=731)
    assert kept() == ("", "", 0)


def test_somebody_erased_leaves_no_case_and_no_word(house: House) -> None:
    house.hear("mila", ALARM)
    mila = house.person_id("mila")
    with Session(house.database) as session:
        safety.choose_word(session, mila, "DEMO", True)
        erasure.erase(session, house.now, mila)
        session.commit()
    with Session(house.database) as session:
        row = session.get_one(Request, 1)
        assert (row.state, row.concern) == ("closed", "")
        assert session.scalars(select(safety.SafeWord)).all() == []
    assert wait(house, hours=3) == 0


def test_two_chats_that_are_one_person_have_one_case_and_the_earlier_clock(house: House) -> None:
    house.person("mila2", "en", band="15-17", town="bor")
    house.hear("mila", ALARM)
    with Session(house.database) as session:
        due = session.scalars(select(SafetyCase.next_at)).one()
    house.now += timedelta(minutes=5)
    house.hear("mila2", ALARM)
    do(house, "mila2", WriteHere("no"))
    with Session(house.database) as session:
        merging.merge(
            session,
            house.now,
            house.person_id("mila2"),
            house.person_id("mila"),
            lambda *_given: house.now,
            lambda *_given: house.now,
        )
        session.commit()
        alive = session.scalars(select(SafetyCase).join(Request).where(Request.state != "closed")).one()
        assert (alive.next_at, alive.write_here) == (due, "no")
