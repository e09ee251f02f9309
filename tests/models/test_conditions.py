"""Conditions of a listing: when it opens, who may take part, how many are needed, what comes first, drop-ins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.attending import attendance, head_count
from models.attending.head_count import Counted
from models.offers import school_break
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places import conditions, eligibility, line
from models.places.booking import Booking
from models.places.deciding import decide
from models.places.eligibility import Eligibility
from models.places.taking import book, book_together
from models.places.waiting_list import CHECK_KEEPS, accept, cancel, offer_free_places
from models.who.people import Person
from tests.models.programme import NOW, Programme, until_half


def wants(session: Session, meeting: Meeting, person: Person) -> str:
    return book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).outcome


def of(session: Session, person: Person) -> Booking:
    return session.scalars(select(Booking).where(Booking.person_id == person.id).order_by(Booking.id.desc())).all()[0]


def listing_of(session: Session, meeting: Meeting) -> Listing:
    return session.get_one(Listing, meeting.listing_id)


# ---------------------------------------------------------------- when, what first, nothing to book


def test_nothing_is_booked_before_it_opens(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=1)
    opens = NOW + timedelta(hours=1)
    assert conditions.set_window(session, meeting.listing_id, opens, NOW) is False, "it would end before it begins"
    assert conditions.set_window(session, meeting.listing_id, opens, NOW + timedelta(days=1))
    person = programme.person()
    assert wants(session, meeting, person) == "early"
    later = book(session, opens, session_id=meeting.id, person_id=person.id, booked_by_id=person.id)
    assert later.outcome == "booked"


def test_a_drop_in_takes_no_bookings_and_what_is_booked_is_no_drop_in(session: Session, programme: Programme) -> None:
    meeting, booked = programme.meeting(places=1), programme.meeting(places=1)
    assert conditions.set_drop_in(session, NOW, meeting.listing_id, drop_in=True) == "saved"
    assert wants(session, meeting, programme.person()) == "drop_in"
    assert wants(session, booked, programme.person()) == "booked"
    assert conditions.set_drop_in(session, NOW, booked.listing_id, drop_in=True) == "booked"


def test_what_comes_first_has_to_be_completed(session: Session, programme: Programme) -> None:
    first, then = programme.meeting(places=2), programme.meeting(places=2, starts=NOW + timedelta(days=9))
    listing_of(session, then).organisation_id = listing_of(session, first).organisation_id
    session.flush()
    assert conditions.set_after(session, then.listing_id, first.listing_id) == "saved"
    assert conditions.set_after(session, first.listing_id, then.listing_id) == "circle"
    assert conditions.set_after(session, first.listing_id, programme.listing().id) == "gone", "another organisation's"
    person = programme.person()
    assert wants(session, then, person) == "after"
    wants(session, first, person)
    assert wants(session, then, person) == "after", "to be booked is not to have been there"
    attendance.mark(
        session, first.starts_at, booking_id=of(session, person).id, session_id=first.id, state="present", by_id=None
    )
    assert wants(session, then, person) == "booked"


# ---------------------------------------------------------------- who may take part


def checked(programme: Programme, places: int) -> Meeting:
    meeting = programme.meeting(places=places, starts=NOW + timedelta(days=9))
    conditions.set_checked(programme.session, meeting.listing_id, checked=True)
    return meeting


def asked(session: Session, person: Person) -> Eligibility:
    return session.scalars(select(Eligibility).where(Eligibility.person_id == person.id)).one()


def settle(session: Session, person: Person, *, eligible: bool, everywhere: bool = False) -> str:
    row = asked(session, person)
    return decide(session, NOW, row.id, person.id, until_half, eligible=eligible, everywhere=everywhere).outcome


def test_who_books_before_a_decision_waits_for_it_and_then_gets_the_place(
    session: Session, programme: Programme
) -> None:
    meeting = checked(programme, 1)
    first, second = programme.people(2)
    assert wants(session, meeting, first) == "checking"
    assert wants(session, meeting, first) == "checking", "asked again, nothing is there twice"
    assert wants(session, meeting, second) == "checking"
    assert meeting.taken == 0
    assert settle(session, second, eligible=True) == "decided"
    assert of(session, second).state == "waiting", "the first keeps the turn while it is checked"
    assert settle(session, first, eligible=True) == "decided"
    assert of(session, first).state == "booked"
    assert settle(session, first, eligible=False) == "gone", "a second tap decides nothing"


def test_who_is_refused_leaves_the_line_and_the_next_is_offered_the_place(
    session: Session, programme: Programme
) -> None:
    meeting = checked(programme, 1)
    first, second = programme.people(2)
    for person in (first, second):
        wants(session, meeting, person)
    settle(session, second, eligible=True)
    settle(session, first, eligible=False)
    assert (of(session, first).state, of(session, first).reason) == ("cancelled", "checked")
    assert of(session, second).state == "offered"
    assert wants(session, meeting, first) == "ineligible"


def test_a_line_does_not_stand_still_for_a_decision(session: Session, programme: Programme) -> None:
    meeting = checked(programme, 1)
    undecided, next_one = programme.people(2)
    for person in (undecided, next_one):
        wants(session, meeting, person)
    settle(session, next_one, eligible=True)
    assert offer_free_places(session, NOW, meeting.id, until_half) == []
    offered = offer_free_places(session, NOW + CHECK_KEEPS, meeting.id, until_half)
    assert [one.person_id for one in offered] == [next_one.id]
    assert of(session, undecided).state == "waiting"


def test_a_family_of_which_one_is_undecided_waits_together(session: Session, programme: Programme) -> None:
    meeting = checked(programme, 3)
    mother = programme.person()
    one, two = programme.child(mother), programme.child(mother)
    ids = [one.id, two.id]
    ended = book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id)
    assert {found.outcome for found in ended.values()} == {"checking"}
    settle(session, one, eligible=True)
    assert of(session, one).state == "waiting"
    settle(session, two, eligible=True)
    assert {of(session, child).state for child in (one, two)} == {"booked"}


def test_a_decision_can_be_for_all_and_for_a_time(session: Session, programme: Programme) -> None:
    one, other, abroad = checked(programme, 1), checked(programme, 1), checked(programme, 1)
    other.starts_at += timedelta(days=1)
    other.ends_at += timedelta(days=1)
    listing_of(session, other).organisation_id = listing_of(session, one).organisation_id
    session.flush()
    person = programme.person()
    wants(session, one, person)
    settle(session, person, eligible=True, everywhere=True)
    assert wants(session, other, person) == "booked"
    assert eligibility.decision(session, NOW, listing_of(session, abroad), person.id) is None
    for row in session.scalars(select(Eligibility)):
        row.until = NOW.date()
    session.flush()
    tomorrow = NOW + timedelta(days=1)
    assert eligibility.decision(session, tomorrow, listing_of(session, other), person.id) is None


def test_nowhere_is_a_place_for_a_ground() -> None:
    columns = {column.key for column in inspect(Eligibility).columns}
    assert columns == {
        "id",
        "organisation_id",
        "person_id",
        "listing_id",
        "eligible",
        "asked_at",
        "decided_by_id",
        "decided_on",
        "until",
    }


# ---------------------------------------------------------------- enough people


def test_staff_hear_once_that_enough_are_in_and_once_that_it_is_near_and_too_few(
    session: Session, programme: Programme
) -> None:
    meeting = programme.meeting(places=5, starts=NOW + timedelta(days=9))
    conditions.set_least(session, meeting.listing_id, 2)

    def told(days: int) -> list[str]:
        return [what for _listing, what in conditions.groups_to_look_at(session, NOW + timedelta(days=days))]

    first, second = programme.people(2)
    wants(session, meeting, first)
    assert (told(0), told(7), told(7)) == ([], ["asked"], [])
    wants(session, meeting, second)
    assert (told(7), told(7)) == (["reached"], [])
    cancel(session, NOW, booking_id=of(session, second).id, actor_id=second.id, hold=until_half)
    assert told(7) == ["asked"], "one has left: it is too small again"
    assert conditions.takes_place_anyway(session, meeting.listing_id)
    assert not conditions.takes_place_anyway(session, meeting.listing_id)
    assert told(8) == []


# ---------------------------------------------------------------- moving somebody in the line


def line_up(session: Session, programme: Programme, people: int) -> tuple[Meeting, list[Person]]:
    meeting = programme.meeting(places=1)
    everybody = programme.people(people)
    for person in everybody:
        wants(session, meeting, person)
    return meeting, everybody


def waiting(session: Session, meeting: Meeting) -> list[int]:
    return [row.person_id for row in line.waiting_in(session, meeting.id)]


def test_somebody_is_moved_and_the_others_keep_their_order(session: Session, programme: Programme) -> None:
    meeting, (_in, one, two, three, four) = line_up(session, programme, 5)
    moved = line.move(session, NOW, of(session, four).id, 2)
    assert (moved.outcome, moved.before, moved.after) == ("moved", 4, 2)
    assert waiting(session, meeting) == [one.id, four.id, two.id, three.id]
    assert line.move(session, NOW, of(session, one).id, 1).outcome == "same"
    assert line.move(session, NOW, of(session, one).id, 99).after == 4
    assert line.move(session, meeting.starts_at, of(session, one).id, 1).outcome == "gone"


def test_nobody_is_moved_past_a_place_that_is_held(session: Session, programme: Programme) -> None:
    meeting, (booked, offered, two, three) = line_up(session, programme, 4)
    cancel(session, NOW, booking_id=of(session, booked).id, actor_id=booked.id, hold=until_half)
    assert of(session, offered).state == "offered"
    line.move(session, NOW, of(session, three).id, 1)
    assert of(session, offered).state == "offered"
    assert line.move(session, NOW, of(session, offered).id, 1).outcome == "gone", "who is offered a place does not wait"
    assert accept(session, NOW, booking_id=of(session, offered).id, actor_id=offered.id).outcome == "booked"
    freed = cancel(session, NOW, booking_id=of(session, offered).id, actor_id=offered.id, hold=until_half)
    assert [one.person_id for one in freed.offered] == [three.id]
    assert waiting(session, meeting) == [two.id]


def test_who_waits_together_is_moved_together(session: Session, programme: Programme) -> None:
    meeting, (_in, one) = line_up(session, programme, 2)
    mother = programme.person()
    children = [programme.child(mother) for _child in range(2)]
    ids = [child.id for child in children]
    book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    moved = line.move(session, NOW, of(session, children[1]).id, 1)
    assert len(moved.rows) == 2
    assert waiting(session, meeting) == [*ids, one.id]


# ---------------------------------------------------------------- counting heads


def test_heads_are_counted_without_names_and_corrected(session: Session, programme: Programme) -> None:
    meeting, staff = programme.meeting(places=1), programme.person()

    def enter(counted: Counted, at: timedelta = timedelta(0)) -> tuple[str, int]:
        return head_count.enter(session, meeting.starts_at + at, meeting.id, counted, staff.id)

    assert enter(Counted(5), timedelta(hours=-2)) == ("early", 0)
    assert enter(Counted(5, girls=3, boys=3)) == ("wrong", 0)
    assert enter(Counted(5, bands={"14": 6})) == ("wrong", 0)
    assert enter(Counted(12, girls=5, boys=4, bands={"14": 3, "15-17": 0})) == ("counted", 0)
    row = session.get_one(head_count.HeadCount, meeting.id)
    assert (row.unsaid, row.bands) == (3, {"14": 3})
    assert enter(Counted(13)) == ("corrected", 12)
    with pytest.raises(IntegrityError), session.begin_nested():
        row.girls = 14
        session.flush()


def test_a_break_is_entered_once_and_only_its_own_organisation_takes_it_away(
    session: Session, programme: Programme
) -> None:
    mine = session.get_one(Organisation, programme.listing().organisation_id)
    day = NOW.date()
    row = school_break.add(session, mine.id, "RS", day, day + timedelta(days=9))
    assert row is not None
    assert school_break.add(session, mine.id, "RS", day, day + timedelta(days=9)) is row
    assert school_break.add(session, mine.id, "RS", day, day - timedelta(days=1)) is None
    assert school_break.remove(session, mine.id + 1, row.id) is False
    assert school_break.remove(session, mine.id, row.id) is True
