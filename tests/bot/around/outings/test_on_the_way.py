"""A trip on its way: families hear each step once, and nobody leaves who may not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.sending.envelope import from_json
from conversations.deeds import outings as deeds
from conversations.deeds.offers import Book, CancelBooking
from conversations.deeds.staff import CancelSession, MarkAttendance, MoveSession
from models.messages.message import AT_LEAST_ONCE, Outgoing
from models.offers.listing import Session as Meeting
from models.outings.steps import TripStep
from models.who.people import Person
from tests.bot.around.outings.kit import HOUR, act, goes, look, meeting, state, to_the_bus, travel, written
from tests.house import House


def test_the_bus_is_told_once_also_after_a_double_tap(house: House) -> None:
    travel(house)
    session_id = meeting(house).id
    first = act(house, "ana", deeds.CountOut(session_id, 1))
    assert (first.outcome, first.details["told"]) == ("told", 1)
    assert act(house, "rosa", deeds.CountOut(session_id, 1)).outcome == "already"
    assert written(house, "mama", "The bus is leaving") == 1
    assert act(house, "ana", deeds.SayLate(session_id, 30)).outcome == "told"
    assert act(house, "ana", deeds.SayLate(session_id, 30)).outcome == "already"
    assert written(house, "mama", "30 minutes late") == 1
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "told"
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "already"
    assert written(house, "mama", "We are back") == 1


def test_at_night_families_hear_at_once_that_the_bus_is_back(house: House) -> None:
    travel(house)
    act(house, "ana", deeds.CountOut(meeting(house).id, 1))
    house.now = house.now.replace(hour=21)
    act(house, "ana", deeds.CountBack(meeting(house).id, 1))
    (last,) = look(house, select(Outgoing).order_by(Outgoing.id.desc()).limit(1))
    assert "We are back" in from_json(last.body).text
    assert last.due_at == house.now
    assert last.kind not in AT_LEAST_ONCE, "a second one after a crash would be about another bus"


def test_a_guardian_who_said_stop_hears_nothing(house: House) -> None:
    travel(house)
    mother_id = house.person_id("mama")
    with Session(house.database) as session:
        session.get_one(Person, mother_id).stopped_at = house.now
        session.commit()
    assert act(house, "ana", deeds.CountOut(meeting(house).id, 1)).details["told"] == 0
    assert written(house, "mama", "The bus is leaving") == 0


def test_once_the_bus_has_left_no_place_on_it_is_given_up_or_given_on(house: House) -> None:
    """It may leave half an hour early: who is on board stays on the list, and their families hear of the way back."""
    booking = travel(house)
    session_id = meeting(house).id
    with Session(house.database) as session:
        session.get_one(Meeting, session_id).capacity = 1
        session.commit()
    waits = goes(house, "lili", "mama", trip=True)
    assert act(house, "ana", deeds.CountOut(session_id, 1)).outcome == "told"
    assert house.now < meeting(house).starts_at
    assert act(house, "mama", deeds.RefuseTrip(booking)).outcome == "left"
    assert act(house, "ivo", CancelBooking(booking)).outcome == "gone"
    assert act(house, "ana", CancelSession(session_id, "")).outcome == "late"
    later = meeting(house).starts_at + 24 * HOUR
    assert act(house, "ana", MoveSession(session_id, later.isoformat())).outcome == "late"
    assert act(house, "other", Book(session_id, (house.person_id("other"),))).outcome == "past"
    assert (state(house, booking), state(house, waits)) == ("booked", "waiting")
    assert act(house, "ana", deeds.SayLate(session_id, 15)).details["told"] == 1
    assert act(house, "ana", deeds.CountBack(session_id, 1)).details["told"] == 1


def test_nobody_under_18_leaves_without_a_yes(house: House) -> None:
    booking = goes(house, "ivo")
    to_the_bus(house)
    refused = act(house, "ana", deeds.CountOut(meeting(house).id, 1))
    assert refused.outcome == "consent"
    assert not look(house, select(TripStep))
    assert act(house, "ana", MarkAttendance(booking, meeting(house).id, "absent")).outcome == "marked"
    assert act(house, "ana", deeds.CountOut(meeting(house).id, 1)).outcome == "differs"
    assert written(house, "mama", "The bus is leaving") == 0


def test_a_count_that_does_not_fit_warns_staff_and_no_family(house: House) -> None:
    goes(house, "lili", "mama", trip=True)
    booking = travel(house)
    session_id = meeting(house).id
    assert act(house, "ana", deeds.CountOut(session_id, 2)).outcome == "told"
    assert written(house, "mama", "The bus is leaving") == 1, "one message about both"
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "differs"
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "differs"
    assert written(house, "rosa", "1 were counted back") == 1
    assert written(house, "mama", "We are back") == 0
    unclear = act(house, "ana", deeds.CountBack(session_id, 1, confirmed=True))
    assert unclear.outcome == "names", "who is missing has to be said"
    known = act(house, "ana", deeds.CountBack(session_id, 1, confirmed=True, without=(booking,)))
    assert (known.outcome, known.details["told"]) == ("told", 1)


@pytest.mark.parametrize(
    "deed", [deeds.CountOut(0, 1), deeds.CountBack(0, 1), deeds.SayLate(0, 30)], ids=lambda deed: type(deed).__name__
)
@pytest.mark.parametrize("who", ["vesna", "mama", "ivo"])
def test_another_organisation_and_families_do_nothing_on_a_trip(house: House, who: str, deed: Any) -> None:
    travel(house)
    of = type(deed)
    assert act(house, who, of(meeting(house).id, 1)).outcome == "refused"
    assert look(house, select(func.count()).select_from(TripStep)) == [0]
