"""The card of an emergency: who is to be called first, nothing below it, and what it stops."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conversations.speech import Spoken
from models.asking.box import BoxEntry
from models.messages.conversation import Talk
from tests.house import House

BEATEN, HURT, DIE = "my father beats me", "he took too many pills and does not wake up", "I want to die"
GENTLE = "May I ask something? Is somebody hurting you, or is anybody in danger?"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = House(tmp_path_factory.mktemp("card"))
    made.person("vera", "en", organisation="kokoro", role="safeguarding")
    return made


def said(seen: list[tuple[str, Spoken]], name: str) -> list[str]:
    return [message.text for who, message in seen if who == name]


def numbers(text: str) -> list[str]:
    return [line.split(":")[0].removeprefix("📞 ") for line in text.split("\n") if line.startswith("📞")]


def test_the_first_number_is_one_that_is_for_whoever_writes(house: House) -> None:
    for name, band, town in (
        ("boy", "15-17", "bor"),
        ("father", "18+", "bor"),
        ("girl", "14", "kazanlak"),
        ("mother", "18+", "kazanlak"),
    ):
        house.person(name, "en", band=band, town=town)
    first = {
        (name, words): numbers(said(house.hear(name, words), name)[0])
        for name in ("boy", "father", "girl", "mother")
        for words in (BEATEN, HURT, DIE)
    }
    assert first["boy", BEATEN] == ["116 111", "0800 222 003", "192"]
    assert first["father", BEATEN] == ["192", "0800 222 003", "116 111"]
    assert first["boy", DIE] == ["116 111", "0800 300 303", "192"]
    assert first["father", DIE] == ["0800 300 303", "192", "116 111"], "a children's line is the last for adults"
    assert first["girl", BEATEN][0] == "116 111"
    assert first["mother", BEATEN][0] == "112"
    assert first["mother", BEATEN][-1] == "116 111"
    assert first["boy", HURT][0] == first["father", HURT][0] == "194"
    assert first["girl", HURT][0] == first["mother", HURT][0] == "112", "who does not wake up needs an ambulance first"
    assert all({"116 111"} <= set(shown) for shown in first.values()), "the lasting ones are always there"


def test_below_the_numbers_there_is_one_question_and_no_menu(house: House) -> None:
    house.person("dara", "en", band="15-17", town="bor")
    for before in ("/menu", "/find", "/help", "/settings"):
        house.hear("dara", before)
        asked = house.people["dara"].shown[-1]
        numbered, question = [message for who, message in house.hear("dara", DIE) if who == "dara"]
        assert "116 111" in numbered.text
        assert "A person from our team will write to you. Today we read until 20:00." in numbered.text
        assert [button.label for button in numbered.buttons] == [
            "Write to our team", "More numbers", "You misunderstood me",
        ]  # fmt: skip
        assert question.text == "Is it safe to write to you here?"
        assert [button.label for button in question.buttons] == ["Yes, here", "No, not here", "Delete this chat"]
        house.hear("dara", tap=asked.buttons[0].tap)
        assert "from before" not in house.people["dara"].shown[-1].text, "what was asked before still is"
    house.hear("dara", "/help")
    house.tap("dara", "More")
    house.tap("dara", "🧹 Report a place to clean")
    house.tap("dara", "Without a photo")
    assert said(house.hear("dara", DIE), "dara")[-1].startswith("Thank you! "), "it is done, and no menu"
    assert "What would you like?" in said(house.hear("dara", "/menu"), "dara")[-1]


def test_an_emergency_in_a_box_goes_into_no_box(house: House) -> None:
    house.person("tata", "en", band="18+", town="bor")
    house.hear("tata", "/start BOR-PARENTS")
    house.tap("tata", "✍️ Ask something")
    house.tap("tata", "Without a name")
    seen = said(house.hear("tata", BEATEN), "tata")
    assert seen[-1] == "Is it safe to write to you here?", "nobody asks whether others may read that"
    with Session(house.database) as session:
        assert session.scalar(select(func.count()).select_from(BoxEntry)) == 0
        assert BEATEN not in str([talk.state for talk in session.scalars(select(Talk))])
    house.tap("tata", "You misunderstood me")
    assert house.people["tata"].shown[-1].text.startswith("Write it here, or send a voice note.")
    assert "May others read it?" in said(house.hear("tata", "Does the school begin at eight?"), "tata")[-1]


def test_where_a_place_is_asked_for_nobody_is_asked_whether_they_are_in_danger(house: House) -> None:
    house.person("luka", "sr-Cyrl", band="14", town="bor")
    where = "иза пијаце, код контејнера"
    house.hear("luka", "/help")
    house.hear("luka", "Пријави место за чишћење")
    house.tap("luka", "Без слике")
    assert said(house.hear("luka", where), "luka")[0].startswith("Хвала!")
    house.hear("luka", "/person")
    assert "Може ли једно питање?" in said(house.hear("luka", where), "luka")[0], "only where a place is asked for"


def test_the_useful_numbers_are_one_line_each_and_another_country_is_behind_a_button(house: House) -> None:
    house.person("gost", "en", band="15-17", town="bor")
    mine = said(house.hear("gost", "/sos"), "gost")[0].split("\n")
    assert mine[0] == "Call whenever you need to."
    assert all(line.startswith("📞") for line in mine[1:])
    assert len(mine) == 8
    assert "source" not in str(mine)
    house.tap("gost", "📞 Bulgaria")
    theirs = house.people["gost"].shown[-1].text
    assert "112" in theirs
    assert "192" not in theirs
    house.tap("gost", "Back")
    assert house.people["gost"].shown[-1].text.split("\n") == mine
    house.person("direktor", "en", organisation="kokoro", role="admin")
    assert "source: k-1tv.rs, 2023-05" in str(house.hear("direktor", "/hotlines"))
