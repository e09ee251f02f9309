"""What a group of staff may see: its own requests, no cases, and nothing that is somebody's alone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.help import TakeRequest
from models.audit import Audit
from models.caring import desk_people
from models.caring.case import Request
from tests.bot.desk.desk_kit import COMMON, SAFETY, DeskHouse
from tests.bot.desk_topics.kit import MARK, asks, made, request_of, safety


def test_a_request_of_another_organisations_town_does_not_come_here(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.person("iva", "bg", band="18+", town="kazanlak")
    house.hear("iva", "/person")
    house.hear("iva", MARK)
    assert house.look() == []
    assert house.topics() == []


def test_what_another_team_takes_is_seen_here_no_longer(house: DeskHouse) -> None:
    house.person("neko", "en", band="18+")
    thread = asks(house, name="neko")
    boris, number = house.person_id("boris"), str(request_of(house).id)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, boris)
        assert perform(doing, TakeRequest(number)).outcome == "taken"
        session.commit()
    house.hear("neko", MARK + MARK)
    house.look()
    assert house.texts(thread)[-1] == "Another team goes on with this. Nothing more comes here."
    assert MARK + MARK not in "".join(house.texts(thread))
    assert house.topics()[0][1] == "closed"
    house.says("ana", "Zdravo", thread=thread)
    assert "not yours to see" in house.texts(thread)[-1]


def test_a_request_of_somebody_who_works_here_is_not_shown_to_their_colleagues(house: DeskHouse) -> None:
    house.hear("petra", "/person")
    house.hear("petra", MARK)
    assert house.look() == []


def test_a_case_never_comes_to_the_common_group(house: DeskHouse) -> None:
    safety(house)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    assert house.look() == []
    assert house.topics() == []
    common = house.group()
    with Session(house.database) as session:
        found = session.scalars(select(Request).where(Request.kind == "safety")).one()
        assert not desk_people.may_show(session, found, common)
    told = [message.text for message in house.people["vera"].shown]
    assert told, "whoever is named for safety is told, by the number alone"
    assert MARK not in "".join(told)


def test_a_case_has_a_topic_in_the_safety_group_by_its_number_alone(tmp_path: Path) -> None:
    house = made(tmp_path, safety=True)
    safety(house)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    house.look()
    number = request_of(house).id
    thread = house.thread()
    assert house.topics() == [(f"🛟 #{number}", "open")]
    assert "Mila" not in "".join(house.texts(thread, chat=SAFETY))
    assert MARK not in "".join(house.texts(thread, chat=SAFETY))
    assert house.texts(chat=COMMON) == []
    house.says("ana", "Zdravo", thread=thread, chat=SAFETY)
    assert "not yours to see" in house.texts(thread, chat=SAFETY)[-1], "staff without that role do not answer cases"
    house.says("vera", "Tu sam za tebe.", thread=thread, chat=SAFETY)
    assert house.people["mila"].shown[-1].text == "Ovde ima nešto novo."


def test_inbox_and_cases_are_not_opened_where_others_read(house: DeskHouse) -> None:
    safety(house)
    for command in ("/cases", "/inbox", "/mydata", "/bookings", "/invite"):
        house.says("vera", command)
        house.says("ana", command)
    assert {one.text for one in house.posted} <= {"That is yours alone. Write it to me in a private chat."}


def test_showing_a_request_to_the_group_is_recorded(house: DeskHouse) -> None:
    asks(house)
    with Session(house.database) as session:
        acts = session.scalars(select(Audit.action).where(Audit.subject == "request 1")).all()
    assert "request_shown" in acts
