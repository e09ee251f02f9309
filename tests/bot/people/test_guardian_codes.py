"""The code that a child sends to a guardian: it works once, for a week, for adults, and is not guessed."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.conversation import Talk
from models.who.people import CodeTry, Guardianship, OneTimeCode, Person
from tests.bot.people.kit import code_for, confirm, me
from tests.house import House


def test_a_code_works_once(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    house.person("aunt", "en", band="18+")
    code = code_for(house, "kid")
    confirm(house, "mum", code, "🙋 Taking part")
    shown = house.hear("aunt", f"/start {code}")
    assert "does not work" in shown[0][1].text
    mum = house.person_id("mum")
    with Session(house.database) as session:
        assert session.scalars(select(Guardianship.guardian_id)).all() == [mum]


def test_who_said_yes_and_comes_by_the_same_link_again_is_not_frightened(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    code = code_for(house, "kid")
    house.person("mum", "en")
    house.hear("mum", f"/start {code}")
    for label in ("English", "Yes", "Go on", "Mother", "🙋 Taking part", "Done", "Yes"):
        house.tap("mum", label)
    assert house.hear("mum", f"/start {code}")[0][1].text.startswith("Your yes is here already.")
    with Session(house.database) as session:
        assert session.scalars(select(CodeTry)).all() == [], "that is no guess"
    assert "My children:" in house.hear("mum", "my children")[0][1].text, "what was named to them can be written"


def test_two_who_opened_the_same_code_cannot_both_use_it(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    code = code_for(house, "kid")
    for name in ("mum", "aunt"):
        house.person(name, "en", band="18+")
        house.hear(name, f"/start {code}")
        for label in ("Go on", "Mother", "🙋 Taking part", "Done"):
            house.tap(name, label)
    house.tap("mum", "Yes")
    assert "does not work" in house.tap("aunt", "Yes")[0][1].text


def test_a_code_dies_after_a_week(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    code = code_for(house, "kid")
    house.now += timedelta(days=7)
    assert "does not work" in house.hear("mum", f"/start {code}")[0][1].text


def test_a_child_cannot_confirm_itself_and_neither_can_another_child(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("friend", "en", band="15-17", town="bor")
    house.person("newcomer", "en")
    code = code_for(house, "kid")
    assert "send it on to them" in house.hear("kid", f"/start {code}")[0][1].text
    assert "An adult must answer" in house.hear("friend", f"/start {code}")[0][1].text
    house.hear("newcomer", f"/start {code}")
    house.tap("newcomer", "English")
    assert "An adult must answer" in house.tap("newcomer", "No")[0][1].text
    assert not me(house, "kid").may_book


def test_a_guardian_who_became_the_child_in_between_is_refused_at_the_end(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    code = code_for(house, "kid")
    house.hear("mum", f"/start {code}")
    for label in ("Go on", "Mother", "🙋 Taking part", "Done"):
        house.tap("mum", label)
    mum = house.person_id("mum")
    with Session(house.database) as session:
        session.get_one(Person, mum).band = "15-17"
        session.commit()
    assert "An adult must answer" in house.tap("mum", "Yes")[0][1].text
    assert not me(house, "kid").may_book


def test_after_ten_guesses_even_the_right_link_is_unknown(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("thief", "en", band="18+")
    code = code_for(house, "kid")
    answers = {house.hear("thief", f"/start {'A' * 20}{n:02}")[0][1].text for n in range(10)}
    answers.add(house.hear("thief", f"/start {code}")[0][1].text)
    assert len(answers) == 1, "a right guess is answered like a wrong one"
    assert house.hear("thief", "/start bor-matematika")[0][1].text not in answers, "listings still open"


def test_a_code_stays_in_no_stored_state(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    code = code_for(house, "kid")
    with Session(house.database) as session:
        stored = json.dumps([row.state for row in session.scalars(select(Talk))])
        stored += "".join(row.hash + row.details for row in session.scalars(select(OneTimeCode)))
    assert code not in stored


def test_a_double_tap_confirms_once(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    code = code_for(house, "kid")
    house.hear("mum", f"/start {code}")
    for label in ("Go on", "Mother", "🙋 Taking part", "Done"):
        house.tap("mum", label)
    tap = house.button("mum", "Yes").tap
    first, second = house.hear("mum", tap=tap), house.hear("mum", tap=tap)
    assert [name for name, _message in first].count("kid") == 1
    assert [name for name, _message in second].count("kid") == 0
