"""Requests as topics of the staff's group: what goes there, what comes back, and what stays there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from conversations.speech import Attachment
from models.caring import desk
from models.caring.case import RequestMessage
from models.caring.desk import DeskGroup
from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_topics.kit import MARK, asks, request_of


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


def test_what_is_asked_without_a_word_is_read_in_the_topic(house: DeskHouse) -> None:
    house.hear("mila", "pozovi me")
    house.hear("mila", "060 123 45 67")
    house.hear("mila", "da")
    house.tap("mila", "Bilo kada")
    house.look()
    assert house.texts(house.thread())[-1] == "👤 Please call me."
