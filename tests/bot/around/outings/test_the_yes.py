"""Trips: only a guardian's yes to that trip counts, and a place without it goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.facts.people.own_data import everything
from conversations.deeds import outings as deeds
from conversations.deeds.staff import MoveSession
from models.offers.listing import Session as Meeting
from models.outings.trip import TripConsent
from models.who import erasure
from models.who.people import Person
from tests.bot.around.outings.kit import HOUR, act, goes, look, meeting, state, travel, written
from tests.house import House


def test_a_guardian_who_wants_no_reminders_is_asked_and_one_tap_is_enough(house: House) -> None:
    booking = goes(house, "ivo")
    assert written(house, "mama", "A yes for this trip is needed") == 1
    house._deliver()
    house.tap("mama", "✅ Yes, may go along")
    rows = look(house, select(TripConsent))
    assert [(row.child_id, row.guardian_id, row.method) for row in rows] == [
        (house.person_id("ivo"), house.person_id("mama"), "chat")
    ]
    assert rows[0].wording_id is not None
    assert written(house, "ivo", "said yes to the trip") == 1
    house.tap("mama", "✅ Yes, may go along")
    assert len(look(house, select(TripConsent))) == 1
    assert state(house, booking) == "booked"


def asked(house: House, tag: str = "en") -> int:
    """Mama is at her menu, and minutes later she is asked for the yes."""
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mama")).tag = tag
        session.commit()
    house.hear("mama", "/menu")
    house.advance(minutes=5)
    booking = goes(house, "ivo")
    house._deliver()
    house.advance(minutes=5)
    return booking


@pytest.mark.parametrize(
    ("tag", "typed"),
    [
        ("sr-Latn", "neka ide"),
        ("sr-Latn", "sme da ide"),
        ("sr-Latn", "da molim"),
        ("sr-Latn", "oću"),
        ("sr-Cyrl", "може да иде"),
        ("bg", "neka otide"),
        ("bg", "пускам я"),
        ("bg", "да, моля"),
        ("en", "she may go"),
    ],
)
def test_a_guardian_says_yes_in_words_of_their_own(house: House, tag: str, typed: str) -> None:
    booking = asked(house, tag)
    house.hear("mama", typed)
    assert [row.method for row in look(house, select(TripConsent))] == ["chat"]
    assert state(house, booking) == "booked"


@pytest.mark.parametrize(
    ("tag", "typed"),
    [("sr-Latn", "ne sme"), ("sr-Latn", "ne ide"), ("bg", "ne q puskam"), ("bg", "няма да ходи"), ("en", "can't go")],
)
def test_a_guardian_says_no_in_words_of_their_own(house: House, tag: str, typed: str) -> None:
    booking = asked(house, tag)
    house.hear("mama", typed)
    assert not look(house, select(TripConsent))
    assert state(house, booking) == "cancelled"


@pytest.mark.parametrize("typed", ["neka ide", "може да отиде", "may go", "not allowed", "не сме"])
def test_the_same_words_say_nothing_where_no_trip_is_asked_about(house: House, typed: str) -> None:
    booking = asked(house)
    house.hear("mama", "/menu")
    house.hear("mama", typed)
    house.hear("other", typed)
    assert not look(house, select(TripConsent))
    assert state(house, booking) == "booked"


@pytest.mark.parametrize("who", ["other", "ivo", "ana"])
def test_nobody_but_a_guardian_of_theirs_says_yes_or_no(house: House, who: str) -> None:
    booking = goes(house, "ivo")
    assert act(house, who, deeds.AgreeToTrip(booking, 0)).outcome == "gone"
    assert act(house, who, deeds.RefuseTrip(booking)).outcome == "gone"
    assert not look(house, select(TripConsent))
    assert state(house, booking) == "booked"


def test_the_general_consent_of_a_child_is_not_enough(house: House) -> None:
    booking = goes(house, "lili")
    assert written(house, "mama", "A yes for this trip is needed") == 1
    house.advance(days=4)
    assert state(house, booking) == "cancelled"


def test_a_guardian_who_books_gives_it_in_the_same_talk_and_is_not_asked_again(house: House) -> None:
    goes(house, "lili", "mama", trip=True)
    assert [row.child_id for row in look(house, select(TripConsent))] == [house.person_id("lili")]
    assert written(house, "mama", "A yes for this trip is needed") == 0


def test_without_a_yes_one_reminder_comes_and_then_the_next_in_line_gets_the_place(house: House) -> None:
    booking = goes(house, "ivo")
    session_id = meeting(house).id
    with Session(house.database) as session:
        session.get_one(Meeting, session_id).capacity = 1
        session.commit()
    next_one = goes(house, "lili", "mama", trip=True)
    assert state(house, next_one) == "waiting"
    house.now = meeting(house).starts_at - 25 * HOUR
    house.advance(minutes=30)
    assert state(house, booking) == "booked"
    assert written(house, "mama", "still missing") == 1
    house.advance(hours=2)
    assert state(house, booking) == "cancelled"
    assert state(house, next_one) == "offered"
    assert written(house, "ivo", "no yes for the trip in time") == 1
    assert written(house, "mama", "no yes for the trip in time") == 1
    assert written(house, "mama", "still missing") == 1


def test_a_yes_taken_back_frees_the_place(house: House) -> None:
    booking = goes(house, "ivo")
    house._deliver()
    house.tap("mama", "✅ Yes, may go along")
    house.tap("mama", "Take my yes back")
    assert state(house, booking) == "cancelled"
    assert [row.withdrawn_at is None for row in look(house, select(TripConsent))] == [False]
    assert written(house, "ivo", "did not agree") == 1


def test_a_trip_that_moves_is_asked_anew_and_the_old_button_gives_nothing(house: House) -> None:
    booking = goes(house, "ivo")
    moved = meeting(house).starts_at + 24 * HOUR
    assert act(house, "ana", MoveSession(meeting(house).id, moved.isoformat())).outcome == "moved"
    assert act(house, "mama", deeds.AgreeToTrip(booking, 0)).outcome == "gone"
    house.advance(minutes=30)
    assert written(house, "mama", "A yes for this trip is needed") == 2
    assert act(house, "mama", deeds.AgreeToTrip(booking, 1)).outcome == "given"


def test_own_data_shows_the_yes_and_erasure_ends_it(house: House) -> None:
    travel(house)
    mother_id = house.person_id("mama")
    with Session(house.database) as session:
        mother = session.get_one(Person, mother_id)
        known = everything(session, mother)
        assert [one["for"] for one in known["trips"]] == ["child"]
        erasure.erase(session, house.now, mother.id)
        session.commit()
    assert [row.withdrawn_at is None for row in look(house, select(TripConsent))] == [False]


def test_who_says_no_hears_whether_anybody_waits_for_the_place(house: House) -> None:
    booking = goes(house, "ivo")
    assert act(house, "mama", deeds.RefuseTrip(booking)).details == {"next": False}
    assert written(house, "ivo", "so the place is free for others") == 1
    again = goes(house, "ivo")
    with Session(house.database) as session:
        session.get_one(Meeting, meeting(house).id).capacity = 1
        session.commit()
    goes(house, "lili", "mama", trip=True)
    assert act(house, "mama", deeds.RefuseTrip(again)).details == {"next": True}
    assert written(house, "ivo", "the place goes to the next in line") == 1
