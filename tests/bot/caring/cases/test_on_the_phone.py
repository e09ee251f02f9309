"""What a safety case leaves on the phone of the person: nothing that others may read there."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds.help import AnswerRequest
from models.caring import safety
from models.caring.case import Request
from models.caring.hand_over import SafetyCase
from models.messages.message import Outgoing
from models.who.people import Address
from tests.bot.caring.cases.kit import ALARM
from tests.bot.caring.kit import MARK, do, shown
from tests.house import House


def test_an_answer_shows_nothing_before_it_is_opened(house: House) -> None:
    house.hear("mila", ALARM)
    assert do(house, "vera", AnswerRequest("1", MARK)) == "sent"
    with Session(house.database) as session:
        assert MARK not in str(list(session.scalars(select(Outgoing.body))))
    house.hear("mila", "DEMO")
    assert MARK not in shown(house, "mila")
    house.tap("mila", "Show it")
    assert MARK in shown(house, "mila")
    tap = house.button("mila", "Show it").tap
    house.hear("mama", tap=tap)
    assert MARK not in shown(house, "mama")


def test_nobody_is_written_to_who_said_that_it_is_not_safe(house: House) -> None:
    house.hear("mila", ALARM)
    house.tap("mila", "No, not here")
    assert do(house, "vera", AnswerRequest("1", MARK)) == "not_here"
    before = len(house.people["mila"].shown)
    house.advance(hours=2)
    assert len(house.people["mila"].shown) == before
    house.tap("mila", "Yes, here")
    assert do(house, "vera", AnswerRequest("1", MARK)) == "sent"


def test_a_deleted_chat_is_empty_with_us_too(house: House) -> None:
    house.hear("mila", ALARM)
    house.tap("mila", "Delete this chat")
    with Session(house.database) as session:
        mine = select(Address.id).where(Address.person_id == house.person_id("mila"))
        bodies = session.scalars(select(Outgoing.body).where(Outgoing.address_id.in_(mine)).order_by(Outgoing.id)).all()
        assert [body for body in bodies[:-1] if body] == []
        assert session.scalars(select(SafetyCase.write_here)).one() == "no"


@pytest.mark.parametrize("where", ["/start", "/person", "/find", "/settings", "/mydata"])
def test_the_safe_word_works_in_every_state_and_leaves_it_as_it_was(house: House, where: str) -> None:
    house.hear("mila", where)
    question = house.people["mila"].shown[-1]
    seen = house.hear("mila", "ЦРВЕНИ кишобран")
    assert [name for name, _ in seen] == ["mila"]
    assert [button.label for button in seen[0][1].buttons] == ["Open the list", "Write to us", "Hide"]
    with Session(house.database) as session:
        assert session.scalars(select(Request)).all() == []
    if question.buttons:
        house.hear("mila", tap=question.buttons[0].tap)
        assert "from before" not in house.people["mila"].shown[-1].text


def test_a_word_of_ones_own_tells_staff_only_where_that_was_agreed(house: House) -> None:
    with Session(house.database) as session:
        safety.choose_word(session, house.person_id("mila"), "Šargarepa", None)
        session.commit()
    assert [name for name, _ in house.hear("mila", "шаргарепа")] == ["mila"]
    with Session(house.database) as session:
        safety.choose_word(session, house.person_id("mila"), None, True)
        session.commit()
    assert sorted(name for name, _ in house.hear("mila", "sargarepa")) == ["mila", "vera"]
    assert [name for name, _ in house.hear("mama", "sargarepa")] == ["mama"]
    assert "Your list" not in shown(house, "mama")
