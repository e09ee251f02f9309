"""Codes for another chat: once, not for long, typed as one likes, and never guessed."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.who.people import OneTimeCode
from tests.bot.people.chats.kit import ask, code_of, texts
from tests.house import House


def test_a_code_works_once_and_not_for_long(house: House) -> None:
    code = code_of(house, "mila")
    ask(house, "tablet", code)
    assert "does not work" in ask(house, "other", code)
    late = code_of(house, "mila")
    house.now += timedelta(minutes=11)
    assert "does not work" in ask(house, "other", late)


def test_a_new_code_ends_the_earlier_one(house: House) -> None:
    old, new = code_of(house, "mila"), code_of(house, "mila")
    assert "does not work" in ask(house, "tablet", old)
    assert "look at the other chat" in ask(house, "tablet", new)


def test_a_code_can_be_typed_in_small_letters_without_its_hyphen(house: House) -> None:
    code = code_of(house, "mila")
    house.hear("other", "/settings")
    house.tap("other", "📱 Another phone or app")
    house.tap("other", "🔑 I have a code")
    assert "Join this chat" in texts(house.hear("other", code.replace("-", "").lower()), "other")


def test_who_guesses_too_often_learns_nothing_any_more(house: House) -> None:
    code = code_of(house, "mila")
    for number in range(10):
        house.hear("other", f"/start 2222-22{number}2")
    assert "does not work" in ask(house, "other", code)
    assert "look at the other chat" in ask(house, "tablet", code), "others do not suffer from it"


def test_only_hashes_of_codes_are_kept(house: House) -> None:
    code = code_of(house, "mila")
    with Session(house.database) as session:
        rows = session.scalars(select(OneTimeCode)).all()
        assert len(rows) == 2
        kept = json.dumps([[row.hash, row.details] for row in rows])
    assert code not in kept
    assert code.replace("-", "") not in kept
