"""Somebody writes to the team and is answered: the way there and back, and who hears of it when."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds.help import AnswerRequest, OpenRequest, SendRequest, TakeRequest
from models.caring.case import Request, RequestMessage
from models.messages.message import StoredAttachment
from models.who.consent import Consent
from tests.bot.caring.kit import MARK, do
from tests.bot.caring.team.kit import ask, texts
from tests.house import House


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
