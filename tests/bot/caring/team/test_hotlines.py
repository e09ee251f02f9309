"""The numbers on the cards: who changes them, and that they are checked now and then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.caring import notices
from bot.doing import Doing
from conversations.deeds.help import ConfirmHotline, CorrectHotline, RemoveHotline
from models.caring.answer import Hotline
from tests.bot.caring.kit import do
from tests.bot.caring.team.kit import ALARM, texts
from tests.house import House


@pytest.mark.parametrize("name", ["mila", "mama", "vera"])
def test_only_staff_change_a_number(house: House, name: str) -> None:
    with Session(house.database) as session:
        line = str(session.scalars(select(Hotline.id).where(Hotline.number == "192")).one())
    for deed in (ConfirmHotline(line), CorrectHotline(line, "193"), RemoveHotline(line)):
        assert do(house, name, deed) == "refused"
    with Session(house.database) as session:
        row = session.get_one(Hotline, int(line))
        assert (row.number, row.active, row.checked_at) == ("192", True, house.now)


def test_a_corrected_number_is_on_the_next_card(house: House) -> None:
    with Session(house.database) as session:
        line = str(session.scalars(select(Hotline.id).where(Hotline.number == "0800 300 303")).one())
    assert do(house, "ana", CorrectHotline(line, "0800 300 304")) == "done"
    assert "0800 300 304" in texts(house.hear("mila", ALARM), "mila")[0]
    assert do(house, "ana", RemoveHotline(line)) == "done"
    house.advance(minutes=5)
    assert "0800 300 304" not in texts(house.hear("mila", ALARM), "mila")[0]


def test_a_lasting_number_cannot_be_taken_off(house: House) -> None:
    with Session(house.database) as session:
        lines = [str(row.id) for row in session.scalars(select(Hotline).where(Hotline.lasting))]
    assert {do(house, "ana", RemoveHotline(line)) for line in lines} == {"refused"}


def test_staff_are_asked_to_check_the_numbers_once_a_week_while_some_are_due(house: House) -> None:
    with Session(house.database) as session:
        session.execute(update(Hotline).values(checked_at=None))
        session.commit()

    def asked() -> int:
        with Session(house.database) as session:
            count = notices.ask_to_check_hotlines(Doing(session, house.now, house.rules))
            session.commit()
        return count

    assert asked() == 11
    assert asked() == 0
    assert "11 numbers on the emergency cards should be checked." in "\n".join(
        message.text for _name, message in house.advance(minutes=1)
    )
    house.now += timedelta(days=8)
    with Session(house.database) as session:
        for row in session.scalars(select(Hotline)):
            row.checked_at = house.now
        session.commit()
    assert asked() == 0
    house.now += timedelta(days=181)
    assert asked() == 11
