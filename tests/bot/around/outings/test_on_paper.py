"""The yes to a trip on paper: who ticks it, and who is told once that it is missing."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from conversations.deeds import outings as deeds
from models.offers.listing import Session as Meeting
from tests.bot.around.outings.kit import HOUR, act, goes, meeting, state, written
from tests.house import House


def test_paper_is_ticked_by_staff_of_that_organisation_alone(house: House) -> None:
    booking, session_id = goes(house, "ivo"), meeting(house).id
    assert act(house, "vesna", deeds.SeePaper(booking, session_id)).outcome == "refused"
    assert act(house, "mama", deeds.SeePaper(booking, session_id)).outcome == "refused"
    assert act(house, "ana", deeds.SeePaper(booking, session_id)).outcome == "seen"
    house.advance(days=4, hours=1)
    assert state(house, booking) == "booked"
    assert act(house, "ana", deeds.SeePaper(booking, session_id)).outcome == "taken_back"


def alone(house: House) -> int:
    """Niki, of 16, goes along: no guardian of his can be written to."""
    house.person("niki", "en", band="15-17", town="kazanlak")
    return goes(house, "niki")


def test_a_paper_that_is_missing_is_told_once_before_the_place_goes_and_only_by_day(house: House) -> None:
    """To who has the place and to staff, who collect the forms: of all of them at once, and without any name."""
    session_id = meeting(house).id
    starts = meeting(house).starts_at.replace(hour=3)  # five in the morning there: the hour of the nudge is at night
    with Session(house.database) as session:
        session.get_one(Meeting, session_id).starts_at = starts
        session.commit()
    booking = alone(house)
    house.person("petar", "en", band="15-17", town="kazanlak")
    other = goes(house, "petar")
    house.hop = HOUR
    shown: list[tuple[Any, str, str]] = []
    while house.now < starts - 25 * HOUR:
        shown += [(house.now, name, message.text) for name, message in house.advance(hours=1)]
    nudges = [(at.hour, name, text) for at, name, text in shown if "on paper" in text]
    assert sorted((hour, name) for hour, name, _text in nudges) == [
        (6, name) for name in ("ana", "niki", "petar", "rosa")
    ]
    assert all("for 2 places" in text for _hour, name, text in nudges if name in ("ana", "rosa"))
    assert {state(house, booking), state(house, other)} == {"booked"}
    house.advance(hours=4)
    assert {state(house, booking), state(house, other)} == {"cancelled"}
    assert written(house, "niki", "so the place is free for others") == 1
    assert written(house, "niki", "next in line") == 0


def test_nobody_is_told_of_a_paper_that_staff_have_seen(house: House) -> None:
    booking = alone(house)
    assert act(house, "ana", deeds.SeePaper(booking, meeting(house).id)).outcome == "seen"
    house.advance(days=4, hours=1)
    for name in ("niki", "ana", "rosa"):
        assert written(house, name, "yes on paper for this trip is still missing") == 0
        assert written(house, name, "the yes on paper is still missing") == 0
