"""A link in the middle of the welcome, "/start CODE" as it is typed, and how a parent gets to a child's request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.switchboard import clean
from conversations.offers.words import TAKE_IT
from conversations.speech import Heard, Say, verbatim
from handlers.channel import Arrival, Sender
from models.code import issue
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from tests.house import House

TELEGRAM = ("telegram", "https://t.me/putokaz_demo_bot?start=")
VIBER = ("viber", "viber://pa?chatURI=putokazdemo&context=")
WEB = ("web", "https://putokaz.example/chat?start=")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def half_welcomed(house: House, name: str, *answers: str) -> None:
    house.person(name, "en")
    for words in ("/start", *answers):
        house.hear(name, words)


def said(house: House, name: str, words: str) -> list[str]:
    return [message.text for whom, message in house.hear(name, words) if whom == name]


def guardian_code(house: House) -> str:
    house.person("kid", "en", band="under14", town="bor")
    child = house.person_id("kid")
    with Session(house.database) as session:
        code = issue(session, house.now, "guardian", child, timedelta(days=7), "")
        session.commit()
    return code


def through(house: House, name: str) -> list[str]:
    """A guardian's yes, up to what comes after it."""
    for words in ("yes", "Go on", "Mother", "🙋 Taking part", "Done"):
        house.hear(name, words)
    return said(house, name, "yes")


def test_what_needs_no_welcome_comes_first_and_then_the_welcome_goes_on(house: House) -> None:
    half_welcomed(house, "mama", "English", "All right")
    assert said(house, "mama", "/start " + guardian_code(house)) == [
        "This is for a parent or guardian. Is an adult (18 or more) reading this?"
    ]
    thanks, asked = through(house, "mama")
    assert thanks.startswith("Thank you!")
    assert asked.startswith("Which town"), "how old she is was answered on the way"
    half_welcomed(house, "vera", "English", "All right")
    assert said(house, "vera", "/start bor-tv")[0].startswith("📺")
    assert said(house, "vera", "Done")[-1] == "How old are you?", "where it was"


def test_a_language_chosen_behind_a_link_is_not_asked_for_again(house: House) -> None:
    half_welcomed(house, "mama")
    house.hear("mama", "/start " + guardian_code(house))
    house.hear("mama", "English")
    assert through(house, "mama")[-1].startswith("🔒")


def test_what_comes_after_the_welcome_does_not_begin_it_anew(house: House) -> None:
    half_welcomed(house, "luka", "English", "All right")
    card, asked = said(house, "luka", "/start bor-fizika")
    assert card.startswith("📌 Physics")
    assert "places free" in card
    assert card.endswith("It opens right after these questions.")
    assert asked == "How old are you?"
    assert said(house, "luka", "/start bor")[-1] == "It opens right after these questions.\nHow old are you?", "no card"
    assert said(house, "luka", "/start bor-matematika")[0].startswith("📌 Maths"), "the newest link counts"
    assert said(house, "luka", "menu") == ["The menu comes right after these questions.\nHow old are you?"]
    assert said(house, "luka", "/start nothing") == [
        "This link or code does not work any more. Ask for a new one, or look around:",
        "How old are you?",
    ]
    for words in ("15 to 17", "Bor", "Done"):
        house.hear("luka", words)
    done, opened = said(house, "luka", "no")
    assert done.startswith("Done!")
    assert opened.startswith("📌 Maths")
    assert said(house, "luka", "0")[-1].startswith("What would you like?"), "and nothing of it is left"


def test_what_a_newcomer_came_for_is_shown_once_in_their_language_and_the_welcome_goes_on(house: House) -> None:
    house.person("ana", "en")
    assert said(house, "ana", "/start bor-fizika") == ["Hello! I am Putokaz. Which language?"]
    card, privacy = said(house, "ana", "Български")
    assert card.startswith("📌 Физика")
    assert privacy.startswith("🔒")
    for words in ("добре", "0", "menu", "0"):
        assert not any(text.startswith("📌") for text in said(house, "ana", words))
    for code, shown in (("bor-tv", "📺"), ("kruševac-grant", "")):
        assert said(house, "ana", f"/start {code}")[0].startswith(shown)


def test_a_place_that_is_held_waits_for_no_question(house: House) -> None:
    half_welcomed(house, "mama", "English", "All right")
    house.hear("mama", "/start " + guardian_code(house))
    assert through(house, "mama")[-1].startswith("Which town"), "a parent, and in the middle of the welcome"
    child, parent = house.person_id("kid"), house.person_id("mama")
    with Session(house.database) as session:
        maths = select(Listing.id).where(Listing.code == "bor-matematika").scalar_subquery()
        ahead = select(Meeting).where(Meeting.listing_id == maths, Meeting.starts_at > house.now)
        meeting = session.scalars(ahead.order_by(Meeting.starts_at).limit(1)).one()
        row = book(session, house.now, session_id=meeting.id, person_id=child, booked_by_id=parent).booking
        assert row is not None
        row.state, row.offer_until = "offered", house.now + timedelta(hours=2)
        house.now += timedelta(minutes=1)
        doing = Doing(session, house.now, house.rules)
        take = doing.button(parent, TAKE_IT, "accept_place", {"booking": row.id})
        doing.tell(parent, Say(verbatim("A place has become free."), (take,)), "offer")
        session.commit()
        number = row.id
    house._deliver()
    house.now += timedelta(minutes=1)
    assert said(house, "mama", "take the place")[0].startswith("✅ The place is booked")
    with Session(house.database) as session:
        assert session.get_one(Booking, number).state == "booked"
    assert said(house, "mama", "0")[0].startswith("Which town"), "and the welcome goes on where it was"


def test_start_and_a_code_open_it_on_every_channel_where_they_are_typed(house: House) -> None:
    somebody = house.person("luka", "en", band="18+", town="bor")

    def typed(words: str, number: int) -> str:
        sender = Sender(somebody.external_id, "en")
        arrival = Arrival("console", f"typed{number}", sender, house.now, heard=Heard(text=words))
        with Session(house.database) as session:
            house.dialogue.take(session, clean(arrival), house.now)
            session.commit()
        return house._deliver()[-1][1].text

    assert typed("/start bor-matematika", 1).startswith("📌 Maths")
    assert typed(" /Start  bor-fizika ", 2).startswith("📌 Physics")
    assert "link or code" not in typed("/start", 3), "no code: where it was"
    assert typed("menu", 4).startswith("What would you like?")
    assert typed("/start two words", 5).startswith("What would you like?")


@pytest.mark.parametrize(
    ("links", "shown", "other"),
    [
        ((), (), "Open our chat and write: /start {code}"),
        ((TELEGRAM,), ("Telegram: https://t.me/putokaz_demo_bot?start={code}",), ""),
        (
            (TELEGRAM, VIBER),
            ("Telegram: https://t.me/putokaz_demo_bot?start={code}",),
            "On Viber: open our chat and write: /start {code}",
        ),
        ((WEB,), ("Web: https://putokaz.example/chat?start={code}",), ""),
        (
            (WEB, TELEGRAM, VIBER),
            ("Web: https://putokaz.example/chat?start={code}", "Telegram: https://t.me/putokaz_demo_bot?start={code}"),
            "On Viber: open our chat and write: /start {code}",
        ),
    ],
)
def test_the_message_for_parents_has_nothing_in_it_that_only_an_app_understands(
    house: House, links: tuple[tuple[str, str], ...], shown: tuple[str, ...], other: str
) -> None:
    house.dialogue.rules = replace(house.rules, links=links)
    house.person("kid", "en", band="under14", town="bor")
    house.hear("kid", "/start bor-matematika")
    messages = [*house.hear("kid", "1"), *house.hear("kid", "Ask my parent or guardian")]
    text = next(message.text for _name, message in messages if message.text.startswith("Your child"))
    _asks, *ways = text.splitlines()
    code = ways[-1].split("start")[-1].lstrip("= ")
    assert ways == [way.format(code=code) for way in (*shown, other) if way]
    assert "viber://" not in text
    house.person("mama", "en")
    assert said(house, "mama", f"/start {code}")[0].startswith("Hello! I am Putokaz. Which language?")
    assert said(house, "mama", "English")[-1].startswith("This is for a parent or guardian.")
