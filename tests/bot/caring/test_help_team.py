"""Talking to the team, seen from outside: who sees what, who may do what, and what nobody else ever sees."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.caring import notices, safeguarding
from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds.help import (
    AnswerRequest,
    CloseRequest,
    ConfirmHotline,
    CorrectHotline,
    HandOver,
    OpenRequest,
    RemoveHotline,
    SendRequest,
    TakeRequest,
)
from conversations.engine.state import Frame, State
from conversations.speech import Spoken
from models.audit import Audit
from models.caring.answer import Hotline
from models.caring.case import Request, RequestMessage
from models.messages.conversation import Talk
from models.messages.message import Outgoing, StoredAttachment
from models.who.consent import Consent
from models.who.people import Address, Guardianship, Person
from tests.house import House, as_line, buttons

MARK = "Zvezdokljun"
"""A word that only one person writes."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="15-17", town="bor")
    made.person("luka", "en", band="18+", town="bor")
    made.person("mama", "en", band="18+", town="bor")
    made.person("ana", "en", organisation="kokoro")
    made.person("petra", "en", organisation="kokoro")
    made.person("boris", "en", organisation="kazanlak")
    made.person("vera", "en", organisation="kokoro", role="safeguarding")
    with Session(made.database) as session:
        session.execute(update(Hotline).values(checked_at=made.now))  # the weekly question about them is tested apart
        session.commit()
    with Session(made.database) as session:
        session.add(
            Guardianship(
                guardian_id=made.person_id("mama"),
                child_id=made.person_id("mila"),
                relation="mother",
                confirmed_at=made.now,
            )
        )
        session.commit()
    return made


def ask(house: House, name: str = "mila", words: str = MARK) -> str:
    """Somebody writes to the team; the id of their request."""
    house.hear(name, "/person")
    house.hear(name, words)
    with Session(house.database) as session:
        newest = select(Request.id).where(Request.person_id == house.person_id(name)).order_by(Request.id.desc())
        return str(session.scalars(newest).first())


def do(house: House, name: str, deed: Deed) -> str:
    """What a deed comes to when somebody performs it directly, past every question."""
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, house.person_id(name), _address(session, house, name), "console")
        outcome = perform(doing, deed).outcome
        session.commit()
    return outcome


def _address(session: Session, house: House, name: str) -> int:
    return session.scalars(select(Address.id).where(Address.external_id == house.people[name].external_id)).one()


def shown(house: House, name: str) -> str:
    return "\n".join(as_line(message) for message in house.people[name].shown)


def texts(seen: list[tuple[str, Spoken]], name: str) -> list[str]:
    return [message.text for who, message in seen if who == name]


# ---------------------------------------------------------------- the way there and back


def test_an_answer_reaches_the_person_in_the_middle_of_something_else(house: House) -> None:
    ask(house)
    house.hear("mila", "/start valjevo-praksa")
    house.tap("mila", "✍️ Register my interest")
    house.tap("ana", "Open")
    house.tap("ana", "Answer")
    seen = house.hear("ana", "Come on Friday.")
    assert texts(seen, "mila") == ["An answer from our team:\nCome on Friday."]
    house.hear("mila", "I want to learn")
    assert "When do you have time?" in house.people["mila"].shown[-1].text


def test_the_person_writes_back_into_the_same_request(house: House) -> None:
    request = ask(house)
    house.tap("ana", "Open")
    house.tap("ana", "Answer")
    house.hear("ana", "Come on Friday.")
    house.tap("mila", "Write back")
    seen = house.hear("mila", "Thank you") + house.advance(minutes=15)
    assert texts(seen, "ana") == ["Somebody wrote to our team and waits for an answer."]
    with Session(house.database) as session:
        assert session.scalars(select(Request.id)).all() == [int(request)]
        assert len(session.scalars(select(RequestMessage)).all()) == 3


def test_only_the_taker_hears_of_further_messages(house: House) -> None:
    request = ask(house)
    assert do(house, "ana", OpenRequest(request)) == "open"
    assert do(house, "ana", TakeRequest(request)) == "taken"
    house.advance(minutes=30)
    seen = house.hear("mila", "and one thing more")
    assert texts(seen, "ana")
    assert not texts(seen, "petra")


def test_many_requests_make_few_notices(house: House) -> None:
    for number in range(8):
        house.person(f"p{number}", "en", band="18+", town="bor")
        ask(house, f"p{number}", "DEMO")
    seen = house.advance(minutes=30)
    first = [message for message in house.people["ana"].shown if message not in [m for w, m in seen if w == "ana"]]
    assert len(first) == 1
    assert texts(seen, "ana") == ["8 people wait for an answer from our team."]


def test_staff_are_not_woken_at_night_and_are_told_in_the_morning(house: House) -> None:
    house.advance(hours=13)
    house.hear("mila", "/person")
    seen = house.hear("mila", MARK)
    assert not texts(seen, "ana")
    assert "Nobody reads right now. Our team is back" in texts(seen, "mila")[0]
    seen = house.advance(hours=12)
    assert texts(seen, "ana") == ["Somebody wrote to our team and waits for an answer."]


def test_a_voice_note_is_passed_on_to_who_opens_it(house: House) -> None:
    with Session(house.database) as session:
        stored = StoredAttachment(
            person_id=house.person_id("mila"), kind="voice", content=b"DEMO", created_at=house.now, keep_until=house.now
        )
        session.add(stored)
        session.commit()
        ref = stored.id
    assert do(house, "mila", SendRequest(attachment=str(ref))) == "sent"
    house.hear("ana", "/inbox")
    seen = house.tap("ana", "Open: Request 1")
    assert [message.relay for who, message in seen if who == "ana" and message.relay is not None] == [ref]


@pytest.mark.parametrize("ref", ["", "x", "0", "99999", "-1", "1; drop", "٣", "9" * 30])
def test_an_attachment_that_is_not_there_or_not_ones_own_is_not_sent(house: House, ref: str) -> None:
    outcome = do(house, "mila", SendRequest(attachment=ref))
    assert outcome == ("lost" if ref else "nothing")


def test_nobody_sends_an_attachment_of_somebody_else(house: House) -> None:
    with Session(house.database) as session:
        stored = StoredAttachment(
            person_id=house.person_id("mila"), kind="photo", content=b"DEMO", created_at=house.now, keep_until=house.now
        )
        session.add(stored)
        session.commit()
        ref = str(stored.id)
    assert do(house, "luka", SendRequest(attachment=ref)) == "lost"
    request = ask(house)
    assert do(house, "ana", AnswerRequest(request, attachment=ref)) == "lost"


# ---------------------------------------------------------------- who may do what


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


# ---------------------------------------------------------------- safety

ALARM = "I want to kill myself"


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


# ---------------------------------------------------------------- numbers


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


def test_no_button_of_a_card_could_be_mistaken_for_an_answer(house: House) -> None:
    house.hear("mila", ALARM)
    numbers, question = (message for message in house.people["mila"].shown if message.buttons)
    assert [button.tap for button in buttons(numbers)] == ["w.person", "w.safety", "w.misunderstood"]
    assert [button.tap for button in buttons(question)] == ["w.here_yes", "w.here_no", "w.delete_chat"]


def test_consent_is_not_asked_for_help(house: House) -> None:
    house.person("dete", "en", band="under14", town="bor")
    house.hear("dete", "/help")
    house.tap("dete", "📞 Useful numbers")
    assert "116 111" in house.people["dete"].shown[-1].text
    house.hear("dete", "/person")
    seen = house.hear("dete", "DEMO")
    assert "Your message is with our team." in texts(seen, "dete")[0]
    with Session(house.database) as session:
        assert session.scalars(select(Consent).where(Consent.person_id == house.person_id("dete"))).first() is None
