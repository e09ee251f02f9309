"""What comes unasked is seen last: writing the words on its button is tapping it, where they mean nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doing import Doing
from conversations.offers import words
from conversations.speech import Button, Say, Text, Words, said, verbatim
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from models.who.people import Person
from tests.house import House, buttons

CANCELLED, COMING, DONE_NOTHING = "It is cancelled.", "Thank you. See you there!", "This is over or was changed."


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Mila has two places, and is looking at the menu."""
    house = House(tmp_path)
    house.person("mila", "en", band="15-17", town="bor")
    mila = house.person_id("mila")
    with Session(house.database) as session:
        taken = 0
        for meeting in session.scalars(
            select(Meeting).where(Meeting.starts_at > house.now).order_by(Meeting.starts_at)
        ):
            done = book(session, house.now, session_id=meeting.id, person_id=mila, booked_by_id=mila)
            taken += done.outcome == "booked"
            if taken == 2:
                break
        session.commit()
    house.hear("mila", "/menu")
    return house


def bookings(house: House) -> list[Booking]:
    with Session(house.database) as session:
        return list(session.scalars(select(Booking).order_by(Booking.id)))


def speak(house: House, tag: str) -> None:
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mila")).tag = tag
        session.commit()


def reminded(house: House, which: int = 0, text: str = "Tomorrow at five.", *, asks: bool = True) -> None:
    """A reminder with its buttons comes, an hour after whatever was said last."""
    house.advance(hours=1)
    mine = bookings(house)[which]
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules)
        coming = doing.button(mine.person_id, words.COMING, "coming", {"bookings": [mine.id]})
        not_coming = doing.button(mine.person_id, words.NOT_COMING, "not_coming", {"booking": mine.id})
        both = (coming, not_coming) if asks else (not_coming,)
        doing.tell(mine.person_id, Say(verbatim(text), both), "reminder")
        session.commit()
    house._deliver()
    house.advance(minutes=5)


def told(house: House, kind: str, *ways: Button, text: Text | None = None) -> None:
    house.advance(hours=1)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules)
        doing.tell(house.person_id("mila"), Say(text or verbatim("News."), ways), kind)
        session.commit()
    house._deliver()
    house.advance(minutes=5)


def hears(house: House, text: str) -> list[str]:
    return [message.text for name, message in house.hear("mila", text) if name == "mila"]


@pytest.mark.parametrize(
    ("tag", "typed"),
    [
        ("en", "I can't come"),
        ("en", "i cant come"),
        ("sr-Latn", "Ne mogu da dođem"),
        ("sr-Latn", "ne mogu da dodjem"),
        ("sr-Latn", "не могу да дођем"),
        ("sr-Cyrl", "Ne mogu da dodem"),
        ("bg", "Не мога да дойда"),
        ("bg", "ne moga da doida"),
        ("bg", "не"),
        ("bg", "няма да дойда"),
        ("sr-Latn", "ne dolazim"),
        ("sr-Latn", "ne može doći"),
        ("bg", "не може да дойде"),
        ("en", "she can't come"),
        ("sr-Latn", "ne"),
    ],
)
def test_the_words_on_its_button_count_in_any_script_and_without_accents(house: House, tag: str, typed: str) -> None:
    speak(house, tag)
    reminded(house)
    house.hear("mila", typed)
    assert [one.state for one in bookings(house)] == ["cancelled", "booked"]


def test_yes_answers_a_reminder_that_asks_and_none_that_does_not(house: House) -> None:
    reminded(house)
    assert hears(house, "yes")[0].startswith(COMING)
    assert [one.state for one in bookings(house)] == ["booked", "booked"]
    reminded(house, asks=False)
    assert hears(house, "no")[-1].startswith("What would you like?")
    assert [one.state for one in bookings(house)] == ["booked", "booked"]


def test_after_a_friendly_word_or_one_that_was_no_answer_they_still_count_and_after_anything_else_not(
    house: House,
) -> None:
    reminded(house)
    house.hear("mila", "thanks")
    house.hear("mila", "hello")
    assert hears(house, "I'm coming")[0].startswith(COMING)
    assert hears(house, "I can't come")[0] != CANCELLED, "the answer is seen last, and it has no such button"
    reminded(house)
    house.hear("mila", "menu")
    house.hear("mila", "I can't come")
    assert [one.state for one in bookings(house)] == ["booked", "booked"]


def test_the_words_under_the_answer_to_a_button_count_as_well(house: House) -> None:
    reminded(house)
    house.hear("mila", "I can't come")
    assert hears(house, "i can come after all")[0].startswith("📌"), "the listing is open again"
    reminded(house, 1)
    house.hear("mila", "I can't come")
    assert hears(house, "after all I can come") == ["Did you mean one of these?"]
    assert hears(house, "yes")[0].startswith("📌"), "it was the only one"


def test_a_letter_wrong_is_asked_about_and_both_ways_are_shown(house: House) -> None:
    speak(house, "sr-Latn")
    for typed in ("Dolazmi", "nemogu da dodjem"):
        reminded(house)
        ((_name, asked),) = house.hear("mila", typed)
        assert [one.label for one in buttons(asked)][:2] == ["👍 Dolazim", "Ne mogu da dođem"], typed
        assert asked.text == "Da li je nešto od ovoga?"
    assert [one.state for one in bookings(house)] == ["booked", "booked"]
    house.hear("mila", "2")
    assert [one.state for one in bookings(house)] == ["cancelled", "booked"]
    reminded(house, 1)
    house.hear("mila", "Dolazmi")
    assert hears(house, "3")[0].startswith("Toga sada nema u ponudi."), "or it was to be looked for"


def test_what_is_on_offer_is_found_and_an_emergency_and_stop_come_before_everything(house: House) -> None:
    mila = house.person_id("mila")
    reminded(house)
    assert hears(house, "maths")[0].startswith("Found")
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules)
        kill = doing.button(mila, verbatim("I want to kill myself"), "coming", {"bookings": []})
        stop = doing.button(mila, verbatim("Stop"), "coming", {"bookings": []})
        session.commit()
    told(house, "reminder", kill, stop)
    assert DONE_NOTHING not in " ".join(hears(house, "I want to kill myself"))
    told(house, "reminder", kill, stop)
    assert DONE_NOTHING not in " ".join(hears(house, "stop"))


def test_a_label_of_the_present_question_wins(house: House) -> None:
    house.hear("mila", "/find")
    open_now = next(one.label for one in buttons(house.people["mila"].shown[-1]))
    mila = house.person_id("mila")
    with Session(house.database) as session:
        same = Doing(session, house.now, house.rules).button(mila, verbatim(open_now), "coming", {"bookings": []})
        session.commit()
    told(house, "reminder", same)
    assert DONE_NOTHING not in " ".join(hears(house, open_now))


def test_where_words_are_asked_for_they_count_only_once_they_are_written_again(house: House) -> None:
    house.hear("mila", "person")
    reminded(house)
    ((_name, asked),) = house.hear("mila", "i can't come")
    assert "once more" in asked.text
    assert "I can't come" in [one.label for one in buttons(asked)]
    assert [one.state for one in bookings(house)] == ["booked", "booked"], "it may be the letter"
    assert hears(house, "I can't come")[0].startswith(CANCELLED)
    assert [one.state for one in bookings(house)] == ["cancelled", "booked"]
    reminded(house, 1)
    house.hear("mila", "I can't come")
    assert "once more" not in " ".join(hears(house, "I can't come to the office")), "anything else is the letter"
    assert [one.state for one in bookings(house)] == ["cancelled", "booked"]


def test_under_several_messages_it_is_asked_which_one_and_of_one_thing_the_newest_counts(house: House) -> None:
    reminded(house, 0, "Chess at five.")
    reminded(house, 1, "Music at six.")
    ((_name, asked),) = house.hear("mila", "I can't come")
    assert [card.text for card in asked.cards] == ["Music at six.", "Chess at five."]
    house.hear("mila", "2")
    assert [one.state for one in bookings(house)] == ["cancelled", "booked"]
    reminded(house, 1, "Music tomorrow.")
    reminded(house, 1, "Music in an hour.")
    assert hears(house, "I can't come")[0].startswith(CANCELLED)
    assert [one.state for one in bookings(house)] == ["cancelled", "cancelled"]


def test_words_name_what_a_broadcast_or_digest_leads_to(house: House) -> None:
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
        title, code = Words.of(listing.title), listing.code
    told(house, "digest", Button(said(title), f"l.{code}"), Button(verbatim("No more of this"), "e.news", quiet=True))
    told(house, "broadcast", text=verbatim("Only words."))
    assert hears(house, house.people["mila"].shown[-2].buttons[0].label)[0].startswith("📌 Maths")
