"""Requests as topics of the staff's group: what goes there, what comes back, and who may do what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from bot.telling import queue
from conversations.deeds.help import Concern, TakeRequest
from conversations.speech import Attachment, Spoken
from models.audit import Audit
from models.caring import desk, desk_people
from models.caring.case import Request, RequestMessage
from models.caring.desk import DeskGroup
from models.messages.message import Outgoing
from models.messages.sending import gone
from models.who import erasure
from models.who.people import Address, Person
from models.who.staff import StaffRole, invite
from tests.bot.desk.desk_kit import COMMON, SAFETY, DeskHouse

MARK = "Zvezdokljun"
"""A word that only one person writes."""


def made(folder: Path, *, safety: bool = False) -> DeskHouse:
    house = DeskHouse(folder, safety=safety)
    house.person("mila", "sr-Latn", band="15-17", town="bor")
    house.colleague("ana", 301)
    house.colleague("petra", 302)
    house.colleague("boris", 303, organisation="kazanlak")
    house.colleague("vera", 304, role="safeguarding")
    for name in ("mila", "ana"):
        house.calls_themself(name)
    return house


@pytest.fixture
def house(tmp_path: Path) -> DeskHouse:
    return made(tmp_path)


def asks(house: DeskHouse, words: str = MARK, name: str = "mila") -> int:
    """Somebody writes to the team; the thread of their topic."""
    house.hear(name, "/person")
    house.hear(name, words)
    house.look()
    return house.thread()


def request_of(house: DeskHouse) -> Request:
    with Session(house.database) as session:
        found = session.scalars(select(Request).order_by(Request.id.desc()).limit(1)).one()
        session.expunge(found)
        return found


def safety(house: DeskHouse, name: str = "mila") -> None:
    who = house.person_id(name)
    with Session(house.database) as session:
        perform(Doing(session, house.now, house.rules, who), Concern("violence"))
        session.commit()


# ---------------------------------------------------------------- there and back


def test_a_request_opens_a_topic_with_a_name_a_language_and_a_channel(house: DeskHouse) -> None:
    thread = asks(house)
    assert house.topics() == [("Mila · srpski · 💬 · #1", "open")]
    assert house.texts(thread)[0].startswith("Request 1\nMila\nsrpski · 💬")
    assert house.texts(thread)[1:] == [f"👤 {MARK}"]
    assert house.look() == [], "nothing is posted twice"


def test_what_staff_write_in_the_topic_reaches_the_person_where_they_wrote_from(house: DeskHouse) -> None:
    thread = asks(house)
    house.says("ana", "Dođi u petak.", thread=thread)
    assert house.answer == "👍"
    assert house.people["mila"].shown[-1].text == "Odgovor našeg tima:\nDođi u petak."
    assert (request_of(house).state, request_of(house).taken_by_id) == ("taken", house.person_id("ana"))
    assert house.texts(thread)[2:] == ["✋ Ana takes care of this."], "the answer itself stands there already"
    house.tap("mila", "Odgovori timu")
    house.hear("mila", "Hvala")
    house.look()
    assert house.texts(thread)[-1] == "👤 Hvala"
    assert len(house.topics()) == 1


def test_the_same_message_delivered_twice_goes_out_once(house: DeskHouse) -> None:
    thread = asks(house)
    before = len(house.people["mila"].shown)
    house.says("ana", "Dođi.", thread=thread, message_id="u77")
    house.says("ana", "Dođi.", thread=thread, message_id="u77")
    assert len(house.people["mila"].shown) == before + 1


def test_photos_and_voice_notes_go_both_ways(house: DeskHouse) -> None:
    house.hear("mila", "/person")
    photo = Attachment("photo", "p.jpg", "image/jpeg", 3, content=b"abc")
    house.hear("mila", "Vidi", attachment=photo)
    house.look()
    thread = house.thread()
    assert [(one.text, one.message.relay is not None) for one in house.posted][-1] == ("👤 Vidi", True)
    voice = Attachment("voice", "", "audio/ogg", 4, content=b"OggS")
    house.says("ana", attachment=voice, thread=thread)
    assert house.people["mila"].shown[-1].relay is not None
    house.says("ana", attachment=Attachment("other"), thread=thread)
    assert "Nothing was sent" in house.texts(thread)[-1]
    big = Attachment("file", "x.pdf", "application/pdf", 9_000_000, ref="telegrams-own-name")
    before = len(house.people["mila"].shown)
    house.says("ana", "Look", attachment=big, thread=thread)
    assert "Nothing was sent" in house.texts(thread)[-1]
    assert len(house.people["mila"].shown) == before


def test_a_note_stays_in_the_topic(house: DeskHouse) -> None:
    thread = asks(house)
    before = len(house.people["mila"].shown)
    house.says("ana", "# zovi mamu", thread=thread)
    house.says("ana", "/note i školu", thread=thread)
    assert len(house.people["mila"].shown) == before
    with Session(house.database) as session:
        assert session.query(RequestMessage).count() == 1


def test_a_command_in_a_topic_never_reaches_the_person(house: DeskHouse) -> None:
    thread = asks(house)
    before = len(house.people["mila"].shown)
    house.says("ana", "/broadcast", thread=thread)
    assert "was not sent" in house.texts(thread)[-1]
    assert len(house.people["mila"].shown) == before


def test_an_answer_given_in_the_public_bot_stands_in_the_topic_too(house: DeskHouse) -> None:
    thread = asks(house)
    house.hear("petra", "/inbox")
    house.tap("petra", "Open: Mila")
    house.tap("petra", "Answer")
    house.hear("petra", "Dođi u sredu.")
    house.look()
    petra = f"Colleague {house.person_id('petra')}"
    assert house.texts(thread)[2:] == [f"💬 {petra}: Dođi u sredu.", f"✋ {petra} takes care of this."]


def test_who_has_a_topic_of_it_is_not_told_apart(house: DeskHouse) -> None:
    """Everybody else is, and all are while the group cannot be used."""
    asks(house)
    assert house.people["petra"].shown == []
    group = house.group().id
    with Session(house.database) as session:
        desk.in_trouble(session, session.get_one(DeskGroup, group), "not a member")
        session.commit()
    house.person("luka", "sr-Latn", band="15-17", town="bor")
    house.hear("luka", "/person")
    house.hear("luka", "Treba mi pomoć oko škole")
    assert len(house.people["petra"].shown) == 1


# ---------------------------------------------------------------- take, hand over, close, reopen


def test_taking_handing_over_closing_and_opening_again(house: DeskHouse) -> None:
    thread = asks(house)
    house.presses("ana", "I take it")
    assert house.texts(thread)[-1] == "✋ Ana takes care of this."
    house.presses("ana", "Hand over")
    petra = f"Colleague {house.person_id('petra')}"
    house.presses("ana", petra)
    assert house.texts(thread)[-1] == f"✋ {petra} takes care of this."
    house.says("petra", "/close", thread=thread)
    house.look()
    assert (request_of(house).state, house.topics()[0][1]) == ("closed", "closed")
    before = len(house.people["mila"].shown)
    house.says("petra", "Još nešto", thread=thread)
    assert "Nothing was sent" in house.texts(thread)[-1]
    assert len(house.people["mila"].shown) == before
    house.presses("petra", "Open again")
    house.look()
    assert (request_of(house).state, house.topics()[0][1]) == ("taken", "open")
    house.says("petra", "Još nešto", thread=thread)
    assert house.people["mila"].shown[-1].text.endswith("Još nešto")


def test_a_closed_request_is_not_opened_again_beside_a_new_one(house: DeskHouse) -> None:
    thread = asks(house)
    house.presses("ana", "Close")
    house.look()
    new = asks(house, "opet ja")
    assert new != thread
    house.presses("ana", "Open again")
    assert house.answer == "The person has written again: go on in the new topic."
    assert [state for _name, state in house.topics()] == ["closed", "open"]


def test_back_to_everybody(house: DeskHouse) -> None:
    thread = asks(house)
    house.says("ana", "/take", thread=thread)
    house.says("ana", "/hand", thread=thread)
    house.presses("ana", "Back to everybody")
    assert house.texts(thread)[-1] == "🕗 Nobody has taken this yet."


def test_somebody_who_waits_too_long_is_told_of_in_hours_only(house: DeskHouse) -> None:
    thread = asks(house)
    house.advance(minutes=15)
    assert not [text for text in house.texts(thread) if text.startswith("⏳")]
    house.advance(minutes=30)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 1
    house.advance(minutes=30)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 1, "not again so soon"
    house.says("ana", "Tu sam.", thread=thread)
    house.now = house.now.replace(hour=21)
    house.tap("mila", "Odgovori timu")
    house.hear("mila", "Kad?")
    house.advance(hours=3)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 1, "nobody is nudged at night"
    house.advance(hours=10)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 2


# ---------------------------------------------------------------- ready answers


def test_ready_answers_are_kept_by_staff_and_sent_in_the_persons_script(house: DeskHouse) -> None:
    house.says("ana", "/answers")
    assert "no ready answers" in house.texts()[-1]
    house.says("ana", "/answers sr: radno vreme: Радимо од 8 до 16.")
    house.says("ana", "/answers en: radno vreme: We are here from 8 to 16.")
    house.says("ana", "/answers xx: radno vreme: ?")
    assert house.texts()[-1].startswith("To add one")
    thread = asks(house)
    house.presses("ana", "Ready answers")
    house.presses("ana", "radno vreme")
    assert house.people["mila"].shown[-1].text == "Odgovor našeg tima:\nRadimo od 8 do 16."
    assert "💬 Ana: Radimo od 8 do 16." in house.texts(thread)
    house.says("ana", "/answers sr: radno vreme:")
    house.says("ana", "/answers")
    assert "Радимо" not in house.texts()[-1]
    assert "We are here" in house.texts()[-1]


# ---------------------------------------------------------------- who may


def test_somebody_without_a_role_in_the_organisation_sends_nothing(house: DeskHouse) -> None:
    thread = asks(house)
    before = len(house.people["mila"].shown)
    for who in ("boris", "999"):
        house.says(who, "Ja ću", thread=thread)
        assert house.answer == "Only colleagues with a role can answer here. This was not sent."
        house.presses(who, "Close")
        assert house.answer == "Only colleagues with a role can do this."
    house.says("ana", "Ja ću", thread=thread, member=False)
    assert "was not sent" in house.answer, "who is not in the group does not act, whatever role they have"
    assert len(house.people["mila"].shown) == before
    assert request_of(house).state == "open"


def test_a_role_that_ended_ends_at_once(house: DeskHouse) -> None:
    thread = asks(house)
    ana = house.person_id("ana")
    with Session(house.database) as session:
        session.execute(update(StaffRole).where(StaffRole.person_id == ana).values(ended_at=house.now))
        session.commit()
    house.presses("ana", "I take it")
    assert house.answer == "Only colleagues with a role can do this."
    house.says("ana", "Zdravo", thread=thread)
    assert request_of(house).state == "open"


def test_a_stranger_in_a_private_chat_is_refused_once_and_leaves_no_trace(house: DeskHouse) -> None:
    with Session(house.database) as session:
        before = session.query(Address).count(), session.query(Person).count()
    house.says("999", "/today", private=True, member=False)
    assert house.answer.startswith("This chat is for the team.")
    house.says("999", "/start abc", private=True, member=False)
    assert house.answer == ""
    with Session(house.database) as session:
        assert (session.query(Address).count(), session.query(Person).count()) == before
    assert house.posted == []


def test_a_code_redeemed_at_the_desk_makes_a_colleague_but_only_of_a_member_of_the_group(house: DeskHouse) -> None:
    mine = house.group().organisation_id
    with Session(house.database) as session:
        code = invite(session, house.now, mine, "staff")
        session.commit()
    house.says("555", link=code, private=True, member=False)
    assert house.answer.startswith("This chat is for the team.")
    house.says("555", link=code, private=True)
    house.presses("555", "English")
    house.presses("555", "Yes")
    assert house.posted[-1].text.startswith("Welcome to the team!")
    thread = asks(house)
    house.says("555", "Tu sam", thread=thread)
    assert house.people["mila"].shown[-1].text.endswith("Tu sam")


# ---------------------------------------------------------------- what a group may see


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


# ---------------------------------------------------------------- erasure and time


def test_erasing_the_person_deletes_their_topic(house: DeskHouse) -> None:
    asks(house)
    mila = house.person_id("mila")
    with Session(house.database) as session:
        erasure.erase(session, house.now, mila)
        session.commit()
    house.look()
    assert house.done[-1].startswith("delete")
    assert house.topics() == [("", "gone")]
    house.look()
    assert [act.split()[0] for act in house.done] == ["open", "delete"]


def test_a_topic_is_deleted_ninety_days_after_its_request_was_closed(house: DeskHouse) -> None:
    asks(house)
    house.presses("ana", "Close")
    house.look()
    house.now += timedelta(days=89)
    house.look()
    assert house.topics()[0][1] == "closed"
    house.now += timedelta(days=2)
    house.look()
    assert house.topics() == [("", "gone")]


def test_showing_a_request_to_the_group_is_recorded(house: DeskHouse) -> None:
    asks(house)
    with Session(house.database) as session:
        acts = session.scalars(select(Audit.action).where(Audit.subject == "request 1")).all()
    assert "request_shown" in acts


# ---------------------------------------------------------------- the group itself


def test_a_topic_that_somebody_deleted_is_made_anew_with_everything(house: DeskHouse) -> None:
    thread = asks(house)
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.external_id == f"{COMMON}/{thread}")).one()
        waiting = queue(session, house.now, address.id, Spoken(MARK), "reply")
        assert gone(session, address.id, "desk: message thread not found") == [], "it moves to no other place"
        assert session.get_one(Outgoing, waiting).state == "cancelled"
        session.commit()
    house.look()
    new = house.thread()
    assert new != thread
    assert house.texts(new)[-1] == f"👤 {MARK}"


def test_a_bot_put_out_of_the_group_waits_and_posts_what_was_missed_when_it_is_back(house: DeskHouse) -> None:
    thread = asks(house)
    house.changes("out")
    assert house.group().trouble == "not a member"
    house.hear("mila", "Još nešto")
    assert house.look() == []
    with Session(house.database) as session:
        group = desk.group_at(session, COMMON)
        assert group is not None
        desk.well_again(session, group)
        session.commit()
    house.look()
    assert house.texts(thread)[-1] == "👤 Još nešto"


def test_a_group_with_a_new_number_keeps_its_topics(house: DeskHouse) -> None:
    thread = asks(house)
    house.says("ana", "/today")
    house.changes("moved", moved_to=-1007)
    house.says("ana", "Zdravo", thread=thread, chat=-1007)
    assert house.people["mila"].shown[-1].text.endswith("Zdravo")
    house.hear("mila", "Hej")
    house.look()
    assert house.texts(thread, chat=-1007)[-1] == "👤 Hej"
    assert len(house.topics()) == 1
