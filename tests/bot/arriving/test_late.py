"""Running late, in words: asked by one tap, told to the team once, of what begins about now, and of nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.language.typed import word
from bot.language.wishes import spoken_of
from models.caring.case import RequestMessage
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from tests.house import House, buttons

SAID = ("kasnim", "kasnim deset minuta", "каснећу мало", "kasnicu 10 min", "закъснявам", "shte zakusneq malko",
        "I'm running late", "I'll be late", "i will be a bit late", "autobus mi kasni", "zakasnicu na cas",
        "ivo kasni na autobus", "каснимо на аутобус", "закъснявам с 10 минути")  # fmt: skip
NOT_SAID = ("zakasnio sam sa prijavom", "da li kasnim sa prijavom", "is it too late to apply?", "late evening course",
            "it would be better later", "закъснях със записването", "kasnim 5 dana",
            "nešto kasnije popodne")  # fmt: skip
YES = "⏰ Yes, tell them"


@pytest.mark.parametrize("words", SAID)
def test_it_is_understood_in_every_language_and_script(words: str) -> None:
    assert "late" in (word(words), *spoken_of(words))


@pytest.mark.parametrize("words", NOT_SAID)
def test_an_application_a_deadline_or_days_are_something_else(words: str) -> None:
    assert "late" not in (word(words), *spoken_of(words))


def house_with(folder: Path, *, minutes: int) -> House:
    """Mila has a place, and it begins in so many minutes."""
    house = House(folder)
    house.person("mila", "en", band="15-17", town="bor")
    house.person("ana", "en", organisation="kokoro")
    who = house.person_id("mila")
    with Session(house.database) as session:
        of = Meeting.listing_id.in_(select(Listing.id).where(Listing.code == "bor-matematika"))
        meeting = session.scalars(select(Meeting).where(of).order_by(Meeting.starts_at)).first()
        assert meeting is not None
        book(session, house.now, session_id=meeting.id, person_id=who, booked_by_id=who)
        house.now = meeting.starts_at - timedelta(minutes=minutes)
        session.commit()
    return house


def told(house: House) -> list[tuple[str, str]]:
    """What stands in the requests to the team: words, and what they are about."""
    with Session(house.database) as session:
        rows = session.scalars(select(RequestMessage).order_by(RequestMessage.id))
        return [(row.text, row.about.partition(":")[0]) for row in rows]


@pytest.mark.parametrize(("minutes", "asked"), [(179, True), (-59, True), (181, False), (-61, False)])
def test_what_begins_about_now_is_asked_about(tmp_path: Path, minutes: int, asked: bool) -> None:
    house = house_with(tmp_path, minutes=minutes)
    assert (YES in [one.label for one in buttons(house.hear("mila", "late, I will be late")[0][1])]) is asked


def test_the_team_is_told_once_however_often_it_is_said(tmp_path: Path) -> None:
    house = house_with(tmp_path, minutes=20)
    for words in ("I'm running late, ten minutes", "running late"):
        house.hear("mila", words)
        assert told(house) == ([] if words.startswith("I'm") else [("I'm running late, ten minutes", "late")])
        assert "The team knows" in house.tap("mila", YES)[-2][1].text
    assert len(told(house)) == 1
    house.hear("ana", "/inbox")
    read = house.hear("ana", "1")[0][1].text
    assert "I'm running late, ten minutes" in read and "Maths" in read and "17:00" in read and "1001" in read


def test_a_no_tells_nobody(tmp_path: Path) -> None:
    house = house_with(tmp_path, minutes=20)
    house.hear("mila", "running late")
    assert house.hear("mila", "no")[0][1].text == "All right, nobody was told."
    assert told(house) == []


@pytest.mark.parametrize("gone", ["cancelled", "over"])
def test_what_is_no_more_by_the_answer_is_not_told(tmp_path: Path, gone: str) -> None:
    house = house_with(tmp_path, minutes=20)
    house.hear("mila", "running late")
    if gone == "over":
        house.now += timedelta(hours=2)
    else:
        with Session(house.database) as session:
            session.execute(update(Booking).values(state="cancelled"))
            session.commit()
    assert house.tap("mila", YES)[0][1].text.startswith("This is over or was changed.")
    assert told(house) == []
