"""Booking: places are taken once, for whom it is allowed, and nobody is in two places at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Listing
from models.places.booking import Booking, people_of_session
from models.places.taking import book, book_together
from models.who.people import Guardianship
from tests.models.programme import NOW, Programme


def test_a_free_place_is_booked_and_numbered(session: Session, programme: Programme) -> None:
    meeting, ana = programme.meeting(places=2), programme.person()
    ended = book(session, NOW, session_id=meeting.id, person_id=ana.id, booked_by_id=ana.id)
    assert ended.outcome == "booked"
    assert ended.booking is not None
    assert ended.booking.number >= 1001
    assert meeting.taken == 1


def test_numbers_are_never_given_twice(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=5)
    for person in programme.people(8):
        book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id)
    numbers = session.scalars(select(Booking.number)).all()
    assert len(set(numbers)) == 8


def test_when_it_is_full_people_wait_in_the_order_they_came(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=1)
    people = programme.people(4)
    ended = [
        book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id) for person in people
    ]
    assert [(one.outcome, one.ahead) for one in ended] == [
        ("booked", 0),
        ("waiting", 0),
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert meeting.taken == 1
    assert [person.id for _booking, person in people_of_session(session, meeting.id)] == [one.id for one in people]


def test_booking_twice_gives_the_same_booking(session: Session, programme: Programme) -> None:
    meeting, ana = programme.meeting(places=2), programme.person()
    first = book(session, NOW, session_id=meeting.id, person_id=ana.id, booked_by_id=ana.id)
    again = book(session, NOW, session_id=meeting.id, person_id=ana.id, booked_by_id=ana.id)
    assert (again.outcome, again.booking) == ("already", first.booking)
    assert meeting.taken == 1


def test_nobody_is_in_two_places_at_once(session: Session, programme: Programme) -> None:
    ana = programme.person()
    one = programme.meeting(starts=NOW + timedelta(hours=24), minutes=90)
    other = programme.meeting(starts=NOW + timedelta(hours=25), minutes=60)
    after = programme.meeting(starts=NOW + timedelta(hours=25, minutes=30), minutes=60)
    first = book(session, NOW, session_id=one.id, person_id=ana.id, booked_by_id=ana.id)
    ended = book(session, NOW, session_id=other.id, person_id=ana.id, booked_by_id=ana.id)
    assert (ended.outcome, ended.clash) == ("overlap", first.booking)
    assert other.taken == 0
    assert book(session, NOW, session_id=after.id, person_id=ana.id, booked_by_id=ana.id).outcome == "booked"


def test_what_is_over_closed_or_cancelled_cannot_be_booked(session: Session, programme: Programme) -> None:
    ana = programme.person()
    begun = programme.meeting(starts=NOW)
    called_off = programme.meeting()
    called_off.state = "cancelled"
    closed = programme.meeting()
    session.get_one(Listing, closed.listing_id).state = "closed"
    ended = programme.meeting()
    session.get_one(Listing, ended.listing_id).closes_at = NOW
    outcomes = [
        book(session, NOW, session_id=meeting.id, person_id=ana.id, booked_by_id=ana.id).outcome
        for meeting in (begun, called_off, closed, ended)
    ]
    assert outcomes == ["past", "cancelled", "closed", "closed"]


def test_somebody_of_another_age_is_told_so(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(listing=programme.listing(bands=("under14", "14")))
    grown, child = programme.person(), programme.person(band="14")
    assert book(session, NOW, session_id=meeting.id, person_id=grown.id, booked_by_id=grown.id).outcome == "age"
    assert book(session, NOW, session_id=meeting.id, person_id=child.id, booked_by_id=child.id).outcome == "booked"


def test_only_a_guardian_whose_link_stands_books_for_a_child(session: Session, programme: Programme) -> None:
    meeting, mother, stranger = programme.meeting(places=3), programme.person(), programme.person()
    child = programme.child(mother)
    denied = book(session, NOW, session_id=meeting.id, person_id=child.id, booked_by_id=stranger.id)
    assert denied.outcome == "denied"
    booked = book(session, NOW, session_id=meeting.id, person_id=child.id, booked_by_id=mother.id)
    assert booked.outcome == "booked"
    session.scalars(select(Guardianship)).one().ended_at = NOW
    later = programme.meeting(starts=NOW + timedelta(days=9))
    assert book(session, NOW, session_id=later.id, person_id=child.id, booked_by_id=mother.id).outcome == "denied"


def test_brothers_and_sisters_come_together_or_not_at_all(session: Session, programme: Programme) -> None:
    mother = programme.person()
    children = [programme.child(mother, called=f"DEMO {n}").id for n in range(2)]
    tight, wide = programme.meeting(places=1), programme.meeting(places=2, starts=NOW + timedelta(days=5))
    ended = book_together(session, NOW, session_id=tight.id, person_ids=children, booked_by_id=mother.id)
    assert {one.outcome for one in ended.values()} == {"full"}
    assert tight.taken == 0
    assert session.scalars(select(Booking)).all() == []
    ended = book_together(session, NOW, session_id=wide.id, person_ids=children, booked_by_id=mother.id)
    assert {one.outcome for one in ended.values()} == {"booked"}
    assert wide.taken == 2


def test_together_is_nobody_if_one_is_elsewhere_at_that_time(session: Session, programme: Programme) -> None:
    mother = programme.person()
    first, second = programme.child(mother), programme.child(mother)
    elsewhere, together = programme.meeting(places=5), programme.meeting(places=5)
    book(session, NOW, session_id=elsewhere.id, person_id=first.id, booked_by_id=mother.id)
    ended = book_together(
        session, NOW, session_id=together.id, person_ids=[first.id, second.id], booked_by_id=mother.id
    )
    assert (ended[first.id].outcome, ended[second.id].outcome) == ("overlap", "full")
    assert together.taken == 0


def test_together_does_not_jump_the_line(session: Session, programme: Programme) -> None:
    mother = programme.person()
    children = [programme.child(mother).id for _n in range(2)]
    meeting = programme.meeting(places=1)
    for person in programme.people(2):
        book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id)
    meeting.capacity = 3  # two places more, and one person waits for one of them
    session.flush()
    ended = book_together(session, NOW, session_id=meeting.id, person_ids=children, booked_by_id=mother.id)
    assert {one.outcome for one in ended.values()} == {"full"}
