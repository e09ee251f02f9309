"""The waiting list: what is given back goes to the next in line, for a stated time, and nobody is skipped."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from models.places.waiting_list import (
    accept,
    cancel,
    cancel_all_future,
    decline,
    lapse_offers,
    offer_free_places,
    places_waited_for,
)
from models.who.people import Person
from tests.models.programme import NOW, Programme, until_half


def fill(session: Session, programme: Programme, *, places: int, people: int) -> tuple[Meeting, list[Person]]:
    meeting = programme.meeting(places=places)
    everybody = programme.people(people)
    for person in everybody:
        book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id)
    return meeting, everybody


def of(session: Session, person: Person) -> Booking:
    return session.scalars(select(Booking).where(Booking.person_id == person.id).order_by(Booking.id.desc())).first()  # type: ignore[return-value]


def test_a_cancelled_place_is_offered_to_the_next_in_line(session: Session, programme: Programme) -> None:
    meeting, (first, second, third) = fill(session, programme, places=1, people=3)
    freed = cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=until_half)
    assert [one.person_id for one in freed.offered] == [second.id]
    assert of(session, second).state == "offered"
    assert of(session, second).offer_until == until_half(meeting)
    assert of(session, third).state == "waiting"
    assert meeting.taken == 1


def test_a_newcomer_does_not_get_the_place_that_is_held(session: Session, programme: Programme) -> None:
    meeting, (first, _second) = fill(session, programme, places=1, people=2)
    cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=until_half)
    newcomer = programme.person()
    ended = book(session, NOW, session_id=meeting.id, person_id=newcomer.id, booked_by_id=newcomer.id)
    assert ended.outcome == "waiting"


def test_a_newcomer_does_not_pass_those_who_wait_for_a_free_place(session: Session, programme: Programme) -> None:
    meeting, (first, second) = fill(session, programme, places=1, people=2)
    cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=lambda _meeting: None)
    assert meeting.taken == 0
    newcomer = programme.person()
    ended = book(session, NOW, session_id=meeting.id, person_id=newcomer.id, booked_by_id=newcomer.id)
    assert ended.outcome == "waiting"
    mine = book(session, NOW, session_id=meeting.id, person_id=second.id, booked_by_id=second.id)
    assert mine.outcome == "booked"
    assert meeting.taken == 1


def test_declined_and_lapsed_offers_go_on_to_the_next(session: Session, programme: Programme) -> None:
    meeting, (first, second, third, fourth) = fill(session, programme, places=1, people=4)
    cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=until_half)
    freed = decline(session, NOW, booking_id=of(session, second).id, actor_id=second.id, hold=until_half)
    assert (freed.outcome, [one.person_id for one in freed.offered]) == ("declined", [third.id])
    until = of(session, third).offer_until
    assert until is not None
    lapsed, offered = lapse_offers(session, until, lambda one: one.starts_at - timedelta(minutes=1))
    assert [one.person_id for one in lapsed] == [third.id]
    assert [one.person_id for one in offered] == [fourth.id]
    assert of(session, third).state == "lapsed"
    assert meeting.taken == 1


def test_an_offer_cannot_be_taken_after_its_time(session: Session, programme: Programme) -> None:
    _meeting, (first, second) = fill(session, programme, places=1, people=2)
    cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=until_half)
    mine = of(session, second)
    assert mine.offer_until is not None
    assert accept(session, mine.offer_until, booking_id=mine.id, actor_id=second.id).outcome == "late"
    assert accept(session, NOW, booking_id=mine.id, actor_id=second.id).outcome == "booked"
    assert accept(session, NOW, booking_id=mine.id, actor_id=second.id).outcome == "already"


def test_accepted_and_then_cancelled_frees_the_place_for_good(session: Session, programme: Programme) -> None:
    meeting, (first, second, third) = fill(session, programme, places=1, people=3)
    cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=until_half)
    accept(session, NOW, booking_id=of(session, second).id, actor_id=second.id)
    freed = cancel(session, NOW, booking_id=of(session, second).id, actor_id=second.id, hold=until_half)
    assert [one.person_id for one in freed.offered] == [third.id]
    assert accept(session, NOW, booking_id=of(session, second).id, actor_id=second.id).outcome == "gone"
    assert meeting.taken == 1


def test_when_the_last_one_leaves_the_place_is_free(session: Session, programme: Programme) -> None:
    meeting, (only,) = fill(session, programme, places=1, people=1)
    cancel(session, NOW, booking_id=of(session, only).id, actor_id=only.id, hold=until_half)
    assert meeting.taken == 0
    newcomer = programme.person()
    assert (
        book(session, NOW, session_id=meeting.id, person_id=newcomer.id, booked_by_id=newcomer.id).outcome == "booked"
    )


def test_no_offer_after_the_start_and_none_of_a_cancelled_session(session: Session, programme: Programme) -> None:
    meeting, _people = fill(session, programme, places=1, people=3)
    meeting.capacity = 3
    session.flush()
    assert offer_free_places(session, meeting.starts_at, meeting.id, until_half) == []
    meeting.state = "cancelled"
    assert offer_free_places(session, NOW, meeting.id, until_half) == []
    meeting.state = "planned"
    session.flush()
    assert len(offer_free_places(session, NOW, meeting.id, until_half)) == 2


def test_more_places_are_offered_in_order_and_the_sweep_finds_them(session: Session, programme: Programme) -> None:
    meeting, people = fill(session, programme, places=1, people=4)
    assert places_waited_for(session, NOW) == []
    meeting.capacity = 3
    session.flush()
    assert places_waited_for(session, NOW) == [meeting.id]
    offered = offer_free_places(session, NOW, meeting.id, until_half)
    assert [one.person_id for one in offered] == [person.id for person in people[1:3]]
    assert places_waited_for(session, NOW) == []


def test_nobody_cancels_takes_or_declines_for_a_stranger(session: Session, programme: Programme) -> None:
    _meeting, (first, second) = fill(session, programme, places=1, people=2)
    stranger = programme.person()
    mine = of(session, first).id
    assert cancel(session, NOW, booking_id=mine, actor_id=stranger.id, hold=until_half).outcome == "denied"
    assert of(session, first).state == "booked"
    cancel(session, NOW, booking_id=mine, actor_id=first.id, hold=until_half)
    held = of(session, second).id
    assert accept(session, NOW, booking_id=held, actor_id=stranger.id).outcome == "denied"
    assert decline(session, NOW, booking_id=held, actor_id=stranger.id, hold=until_half).outcome == "denied"
    assert of(session, second).state == "offered"


def test_cancelling_twice_frees_one_place(session: Session, programme: Programme) -> None:
    meeting, (first, _second) = fill(session, programme, places=2, people=2)
    mine = of(session, first).id
    assert cancel(session, NOW, booking_id=mine, actor_id=first.id, hold=until_half).outcome == "cancelled"
    assert cancel(session, NOW, booking_id=mine, actor_id=first.id, hold=until_half).outcome == "gone"
    assert meeting.taken == 1


def test_an_offer_at_the_time_of_another_booking_says_so(session: Session, programme: Programme) -> None:
    _meeting, (first, second) = fill(session, programme, places=1, people=2)
    other = programme.meeting(places=1)
    clash = book(session, NOW, session_id=other.id, person_id=second.id, booked_by_id=second.id)
    cancel(session, NOW, booking_id=of(session, first).id, actor_id=first.id, hold=until_half)
    held = session.scalars(select(Booking).where(Booking.state == "offered")).one()
    ended = accept(session, NOW, booking_id=held.id, actor_id=second.id)
    assert (ended.outcome, ended.clash) == ("overlap", clash.booking)
    assert held.state == "offered"


def test_who_leaves_loses_what_is_to_come_and_others_get_it(session: Session, programme: Programme) -> None:
    meeting, (first, second) = fill(session, programme, places=1, people=2)
    cancelled, offered = cancel_all_future(session, NOW, first.id, "stopped", until_half)
    assert [(one.person_id, one.reason) for one in cancelled] == [(first.id, "stopped")]
    assert [one.person_id for one in offered] == [second.id]
    assert meeting.taken == 1
