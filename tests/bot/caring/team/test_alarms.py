"""Words of an emergency: answered first, told by a number alone, and read by safeguarding alone."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.caring import safeguarding
from bot.doing import Doing
from conversations.deeds.help import OpenRequest
from models.caring.case import Request, RequestMessage
from models.messages.message import Outgoing
from tests.bot.caring.kit import MARK, do, shown
from tests.bot.caring.team.kit import ALARM, texts
from tests.house import House, buttons


def test_words_of_an_emergency_are_answered_first_and_told_by_number_alone(house: House) -> None:
    seen = house.hear("mila", ALARM)
    card = texts(seen, "mila")[0]
    assert "You matter, and you are not alone." in card
    assert "116 111" in card
    assert "192" in card
    assert texts(seen, "vera") == ["Case 1 needs you."]
    assert {name for name, _message in seen} == {"mila", "vera"}


def test_a_safety_case_holds_no_word_and_no_guardian_or_staff_can_open_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.hear("mila", f"{ALARM} {MARK}")
    for name in ("mama", "ana", "boris", "luka"):
        assert do(house, name, OpenRequest("1")) == "gone"
        house.hear(name, "/inbox")
        house.hear(name, "/cases")
        assert "Case" not in shown(house, name)
    assert do(house, "vera", OpenRequest("1")) == "open"
    house.tap("vera", "Open")
    assert MARK not in shown(house, "vera")
    assert "kill" not in shown(house, "vera")
    with Session(house.database) as session:
        assert session.scalars(select(RequestMessage)).all() == []
        assert MARK not in str([row.body for row in session.scalars(select(Outgoing))])
    assert MARK not in caplog.text
    assert "kill" not in caplog.text


def test_what_is_written_to_the_team_after_an_alarm_is_for_safeguarding_alone(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    seen = house.hear("mila", MARK)
    assert {name for name, _message in seen} == {"mila", "vera"}
    house.hear("ana", "/inbox")
    assert MARK not in shown(house, "ana")
    house.tap("vera", "Open")
    assert MARK in shown(house, "vera")


def test_safeguarding_hears_at_night_too_and_the_card_says_when_somebody_reads(house: House) -> None:
    house.advance(hours=13)
    seen = house.hear("mila", ALARM)
    assert texts(seen, "vera") == ["Case 1 needs you."]
    assert "A person from our team will write to you tomorrow from 08:00." in texts(seen, "mila")[0]
    house.advance(hours=3)
    assert "A person from our team will write to you today from 08:00." in texts(house.hear("mila", ALARM), "mila")[0]


def test_the_same_alarm_again_is_answered_again_but_not_told_again(house: House) -> None:
    house.hear("mila", ALARM)
    seen = house.hear("mila", ALARM)
    assert texts(seen, "mila")
    assert not texts(seen, "vera")
    house.advance(hours=2)
    assert texts(house.hear("mila", ALARM), "vera") == ["Case 1 needs you."]


def test_a_case_nobody_takes_is_told_again_once_and_to_admins(house: House) -> None:
    house.person("direktor", "en", organisation="kokoro", role="admin")
    house.hear("mila", ALARM)
    told: list[str] = []
    for minutes in (14, 1, 30):
        house.now += timedelta(minutes=minutes)
        with Session(house.database) as session:
            doing = Doing(session, house.now, house.rules)
            told.append(str(safeguarding.escalate(doing)))
            session.commit()
    assert told == ["0", "1", "0"]
    house.advance(minutes=1)
    assert "Case 1 still waits. Nobody has taken it yet." in shown(house, "direktor")
    assert shown(house, "vera").count("Case 1") == 1, "who was asked is asked once a round"


def test_an_admin_who_is_told_of_a_case_sees_no_words_of_it_while_there_is_safeguarding(house: House) -> None:
    house.person("direktor", "en", organisation="kokoro", role="admin")
    house.hear("mila", ALARM)
    assert do(house, "direktor", OpenRequest("1")) == "gone"


def test_the_card_is_never_empty_even_without_a_single_number_entered(tmp_path: Path) -> None:
    house = House(tmp_path, sample=False)
    house.person("nina", "bg")
    house.person("dunja", "sr-Latn")
    for name in ("nina", "dunja"):
        card = texts(house.hear(name, ALARM), name)[0]
        assert "116 111" in card
        assert "112" in card
        assert "192" in card


def test_the_card_needs_no_welcome_and_no_consent(house: House) -> None:
    house.person("nina", "en")
    card = texts(house.hear("nina", ALARM), "nina")
    assert "116 111" in card[0]
    house.tap("nina", "Write to our team")
    assert "Write what you need" in house.people["nina"].shown[-1].text


def test_you_misunderstood_me_leads_back_and_closes_nothing(house: House) -> None:
    house.hear("mila", "/start valjevo-praksa")
    house.hear("mila", ALARM)
    house.tap("mila", "You misunderstood me")
    assert "Valjevo" in house.people["mila"].shown[-1].text
    with Session(house.database) as session:
        row = session.get_one(Request, 1)
        assert row.state == "open"
        assert row.denied_at == house.now


def test_no_button_of_a_card_could_be_mistaken_for_an_answer(house: House) -> None:
    house.hear("mila", ALARM)
    numbers, question = (message for message in house.people["mila"].shown if message.buttons)
    assert [button.tap for button in buttons(numbers)] == ["w.person", "w.safety", "w.misunderstood"]
    assert [button.tap for button in buttons(question)] == ["w.here_yes", "w.here_no", "w.delete_chat"]
