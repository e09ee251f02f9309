from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models.caring import answer
from models.caring.answer import AnswerCard, AnswerCount, Hotline, Refused
from tests.models.programme import NOW, Programme

TODAY = date(2026, 3, 2)


def a_number(session: Session, number: str, *, country: str = "RS", lasting: bool = False) -> Hotline:
    made = Hotline(
        country=country,
        number=number,
        name={"en": "DEMO"},
        hours={},
        concerns=[],
        source="DEMO",
        source_date="2026",
        lasting=lasting,
    )
    session.add(made)
    session.flush()
    return made


def a_card(session: Session, code: str, *, country: str = "", review: date = TODAY + timedelta(days=1)) -> AnswerCard:
    made = AnswerCard(
        code=code, topic="papers", country=country, question={}, answer={}, source="DEMO", source_date=TODAY,
        review_on=review,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_a_lasting_number_is_corrected_but_never_taken_off_or_emptied(session: Session, programme: Programme) -> None:
    staff = programme.person()
    lasting = a_number(session, "112", lasting=True)
    with pytest.raises(Refused):
        answer.remove_hotline(session, NOW, lasting.id, staff.id)
    with pytest.raises(Refused):
        answer.correct_hotline(session, NOW, lasting.id, "  ", staff.id)
    answer.correct_hotline(session, NOW, lasting.id, "113", staff.id)
    assert [row.number for row in answer.hotlines(session, "RS")] == ["113"]


def test_a_number_taken_off_is_gone_at_once_and_can_come_back(session: Session, programme: Programme) -> None:
    staff, line = programme.person(), a_number(session, "0800 000 000")
    answer.remove_hotline(session, NOW, line.id, staff.id)
    assert answer.hotlines(session, "RS") == []
    assert answer.hotlines(session, "", also_removed=True) == [line]
    answer.confirm_hotline(session, NOW, line.id, staff.id)
    assert answer.hotlines(session, "RS") == [line]


def test_a_number_stands_once_in_a_country(session: Session, programme: Programme) -> None:
    staff, line = programme.person(), a_number(session, "111 111")
    a_number(session, "222 222")
    a_number(session, "333 333", country="BG")
    with pytest.raises(Refused):
        answer.correct_hotline(session, NOW, line.id, "222 222", staff.id)
    answer.correct_hotline(session, NOW, line.id, "333 333", staff.id)


def test_numbers_are_due_at_set_up_and_every_180_days(session: Session, programme: Programme) -> None:
    staff, line = programme.person(), a_number(session, "111 111")
    assert answer.unchecked_hotlines(session, NOW) == [line]
    answer.confirm_hotline(session, NOW, line.id, staff.id)
    assert answer.unchecked_hotlines(session, NOW + timedelta(days=180, seconds=-1)) == []
    assert answer.unchecked_hotlines(session, NOW + timedelta(days=180)) == [line]


def test_a_card_is_hidden_from_the_day_of_its_review_and_in_other_countries(session: Session) -> None:
    card, _bulgarian = a_card(session, "one"), a_card(session, "two", country="BG")
    a_card(session, "three", review=TODAY)
    assert answer.cards(session, TODAY, "RS") == [card]
    assert answer.cards(session, TODAY + timedelta(days=1), "RS") == []
    assert len(answer.cards(session, TODAY, "")) == 2


def test_helped_is_counted_by_day_without_a_person(session: Session) -> None:
    card = a_card(session, "one")
    answer.count_answer(session, TODAY, card.id, helped=True)
    answer.count_answer(session, TODAY, card.id, helped=True)
    answer.count_answer(session, TODAY, card.id, helped=False)
    answer.count_answer(session, TODAY + timedelta(days=1), card.id, helped=True)
    counted = session.get_one(AnswerCount, (card.id, TODAY))
    assert (counted.helped, counted.missed) == (2, 1)
    assert "person" not in " ".join(AnswerCount.__table__.columns.keys())
