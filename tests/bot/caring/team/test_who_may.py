"""Requests to the team: who sees what, who may do what, and what nobody else ever sees."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds.help import AnswerRequest, CloseRequest, HandOver, OpenRequest, TakeRequest
from conversations.engine.state import Frame, State
from models.audit import Audit
from models.caring.case import Request, RequestMessage
from models.messages.conversation import Talk
from models.who.people import Person
from tests.bot.caring.kit import MARK, do, shown
from tests.bot.caring.kit import address_of as _address
from tests.bot.caring.team.kit import ask
from tests.house import House


@pytest.mark.parametrize("name", ["mila", "luka", "mama", "boris", "vera"])
def test_who_is_not_staff_there_can_do_nothing_with_a_request(house: House, name: str) -> None:
    request = ask(house)
    deeds = (
        OpenRequest(request),
        AnswerRequest(request, "DEMO"),
        TakeRequest(request),
        HandOver(request),
        HandOver(request, str(house.person_id(name))),
        CloseRequest(request),
    )
    assert {do(house, name, deed) for deed in deeds} == {"gone"}
    with Session(house.database) as session:
        row = session.get_one(Request, int(request))
        assert (row.state, row.taken_by_id) == ("open", None)
        assert len(session.scalars(select(RequestMessage)).all()) == 1


@pytest.mark.parametrize("forged", ["", "0", "-1", "abc", "1.5", "٣", "9" * 30])
def test_a_request_number_that_is_none_is_refused(house: House, forged: str) -> None:
    ask(house)
    assert do(house, "ana", OpenRequest(forged)) == "gone"


def test_a_request_is_not_handed_to_somebody_who_may_not_read_it(house: House) -> None:
    request = ask(house)
    for name in ("luka", "boris", "mama", "vera"):
        assert do(house, "ana", HandOver(request, str(house.person_id(name)))) == "gone"
    assert do(house, "ana", HandOver(request, str(house.person_id("petra")))) == "handed"


@pytest.mark.parametrize("name", ["luka", "mama", "boris"])
def test_the_button_of_a_member_of_staff_works_for_nobody_else(house: House, name: str) -> None:
    ask(house)
    tap = house.button("ana", "Open").tap
    house.hear(name, tap=tap)
    assert MARK not in shown(house, name)


@pytest.mark.parametrize("name", ["luka", "mama", "boris"])
def test_a_forged_seed_shows_nothing(house: House, name: str) -> None:
    request = ask(house)
    for step in ("what", "to", "request", "answer"):
        with Session(house.database) as session:
            address = _address(session, house, name)
            stored = session.get(Talk, address)
            state = State((Frame("inbox", step, {"request": request}),), 7).to_json()
            if stored is None:
                session.add(Talk(address_id=address, state=state, changed_at=house.now))
            else:
                stored.state = state
            session.commit()
        for words in ("hello", "1", "2"):
            house.hear(name, words)
    assert MARK not in shown(house, name)
    assert "petra" not in shown(house, name)
    with Session(house.database) as session:
        assert len(session.scalars(select(RequestMessage)).all()) == 1


def test_reading_a_request_is_recorded_without_its_words(house: House) -> None:
    ask(house)
    ana = house.person_id("ana")
    house.tap("ana", "Open")
    with Session(house.database) as session:
        rows = session.scalars(select(Audit).where(Audit.action == "request_read")).all()
        assert [(row.actor_id, row.subject) for row in rows] == [(ana, "request 1")]
        assert MARK not in str([(row.subject, row.details) for row in session.scalars(select(Audit))])


def test_what_one_person_writes_is_shown_to_nobody_but_those_who_answer(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mila")).called = MARK + "ova"
        session.commit()
    ask(house)
    ask(house, "luka", "DEMO question")
    house.tap("ana", "Open")
    for name in ("luka", "mama", "boris", "vera", "petra"):
        for words in ("/inbox", "/cases", "/person", "/menu"):
            house.hear(name, words)
    house.advance(hours=30)
    assert MARK in shown(house, "ana")
    for name in ("luka", "mama", "boris", "vera"):
        assert MARK not in shown(house, name), name
    petra = [message.text + "".join(card.text for card in message.cards) for message in house.people["petra"].shown]
    assert not any(MARK in text.replace(MARK + "ova", "") for text in petra)
    assert MARK not in caplog.text
