"""Trips: whose yes counts, until when it is waited for, and that nothing on the way happens twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from bot.store import sqlite_engine
from models.migrating import migrate
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings import buddy, steps, trip
from models.places.booking import Booking
from models.places.taking import book
from models.who.people import Guardianship, Person
from tests.models.programme import NOW, Programme

DAY = timedelta(days=1)


def a_trip(programme: Programme, *, starts: timedelta = 5 * DAY) -> Meeting:
    listing = programme.listing()
    listing.trip = True
    made = Meeting(
        listing_id=listing.id,
        site_id=listing.site_id,
        starts_at=NOW + starts,
        ends_at=NOW + starts + timedelta(hours=8),
        zone="Europe/Sofia",
        capacity=1,
    )
    programme.session.add(made)
    programme.session.flush()
    return made


def family(programme: Programme, band: str = "under14") -> tuple[Person, Person]:
    child = Person(tag="bg", called="", band=band, created_at=NOW)
    mother = Person(tag="bg", called="", band="18+", created_at=NOW)
    programme.session.add_all([child, mother])
    programme.session.flush()
    link = Guardianship(guardian_id=mother.id, child_id=child.id, relation="mother", confirmed_at=NOW)
    programme.session.add(link)
    programme.session.flush()
    return child, mother


def placed(programme: Programme, meeting: Meeting, person: Person) -> Booking:
    ended = book(programme.session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id)
    assert ended.outcome == "booked" and ended.booking is not None
    return ended.booking


@pytest.mark.parametrize(("band", "lacks"), [("under14", True), ("14", True), ("15-17", True), ("18+", False)])
def test_everybody_under_18_needs_a_yes(programme: Programme, band: str, lacks: bool) -> None:
    child, _mother = family(programme, band)
    assert trip.lacks_consent(programme.session, placed(programme, a_trip(programme), child)) is lacks


def test_a_yes_is_for_one_trip_alone(programme: Programme) -> None:
    child, mother = family(programme)
    one, two = (placed(programme, a_trip(programme, starts=days * DAY), child) for days in (3, 5))
    assert trip.agree(programme.session, NOW, one, guardian_id=mother.id) == "given"
    assert not trip.lacks_consent(programme.session, one)
    assert trip.lacks_consent(programme.session, two)
    assert trip.agree(programme.session, NOW, one, guardian_id=mother.id) == "already"
    rows = programme.session.scalars(select(trip.TripConsent)).all()
    assert [(row.session_id, row.guardian_id, row.method) for row in rows] == [(one.session_id, mother.id, "chat")]


def test_a_trip_that_was_moved_is_agreed_to_anew(programme: Programme) -> None:
    child, mother = family(programme)
    meeting = a_trip(programme)
    booking = placed(programme, meeting, child)
    trip.begin(programme.session, NOW, booking)
    trip.agree(programme.session, NOW, booking, guardian_id=mother.id)
    assert not trip.unasked(programme.session, NOW)
    meeting.sequence += 1
    programme.session.flush()
    assert trip.lacks_consent(programme.session, booking)
    assert [one.id for one in trip.unasked(programme.session, NOW)] == [booking.id]
    again = trip.begin(programme.session, NOW, booking)
    assert again is not None and again.ended_at is None
    assert trip.agree(programme.session, NOW, booking, guardian_id=mother.id) == "given"
    ended = programme.session.scalars(select(trip.TripConsent.withdrawn_at).order_by(trip.TripConsent.id)).all()
    assert [at is None for at in ended] == [False, True], "the yes to the old time is kept as one that ended"


def test_no_two_yeses_stand_for_one_place(programme: Programme) -> None:
    child, mother = family(programme)
    meeting = a_trip(programme)
    for _time in range(2):
        row = trip.TripConsent(session_id=meeting.id, child_id=child.id, guardian_id=mother.id)
        row.channel, row.method, row.sequence, row.given_at = "console", "chat", 0, NOW
        programme.session.add(row)
    with pytest.raises(IntegrityError):
        programme.session.flush()


def test_it_is_waited_for_until_a_day_before_and_reminded_before_that(programme: Programme) -> None:
    child, _mother = family(programme)
    meeting = a_trip(programme)
    row = trip.begin(programme.session, NOW, placed(programme, meeting, child))
    assert row is not None
    assert (row.remind_at, row.until) == (meeting.starts_at - 2 * DAY, meeting.starts_at - DAY)
    assert trip.begin(programme.session, NOW, programme.session.get_one(Booking, row.booking_id)) is None, "asked once"


def test_nearer_to_the_start_half_of_the_time_is_left_for_the_answer(programme: Programme) -> None:
    child, _mother = family(programme)
    row = trip.begin(programme.session, NOW, placed(programme, a_trip(programme, starts=timedelta(hours=10)), child))
    assert row is not None and row.until == NOW + timedelta(hours=5)


def test_a_yes_in_the_last_moment_keeps_the_place(programme: Programme) -> None:
    child, mother = family(programme)
    meeting = a_trip(programme)
    booking = placed(programme, meeting, child)
    row = trip.begin(programme.session, NOW, booking)
    assert row is not None
    over = row.until + timedelta(minutes=1)
    assert trip.agree(programme.session, over, booking, guardian_id=mother.id) == "given"
    programme.session.refresh(row)
    assert trip.still_missing(programme.session, over, row) is None
    assert not trip.over(programme.session, over)


def test_without_a_yes_the_place_is_named_once(programme: Programme) -> None:
    child, _mother = family(programme)
    booking = placed(programme, a_trip(programme), child)
    row = trip.begin(programme.session, NOW, booking)
    assert row is not None
    assert trip.still_missing(programme.session, row.until, row) == booking
    assert trip.still_missing(programme.session, row.until, row) is None


def test_once_it_has_begun_no_guardian_agrees_any_more_but_staff_may_have_seen_the_paper(programme: Programme) -> None:
    child, mother = family(programme)
    meeting = a_trip(programme)
    booking = placed(programme, meeting, child)
    begun = meeting.starts_at + timedelta(minutes=1)
    assert trip.agree(programme.session, begun, booking, guardian_id=mother.id) == "gone"
    assert trip.agree(programme.session, begun, booking, seen_by_id=mother.id) == "given"


def test_what_an_erased_person_agreed_to_stands_no_more(programme: Programme) -> None:
    child, mother = family(programme)
    booking = placed(programme, a_trip(programme), child)
    trip.agree(programme.session, NOW, booking, guardian_id=mother.id)
    trip.forget(programme.session, NOW, mother.id)
    assert trip.lacks_consent(programme.session, booking)


def test_a_step_is_noted_once(programme: Programme) -> None:
    child, _mother = family(programme)
    meeting = a_trip(programme)
    assert steps.note(programme.session, NOW, meeting.id, steps.LEFT, 5, child.id)
    assert not steps.note(programme.session, NOW, meeting.id, steps.LEFT, 6, child.id)
    assert steps.note(programme.session, NOW, meeting.id, steps.LATE, 5, child.id, 30)
    assert steps.note(programme.session, NOW, meeting.id, steps.LATE, 5, child.id, 60)
    late = steps.step_of(programme.session, meeting.id, steps.LATE)
    assert late is not None and late.number == 60


def test_buddies_are_proposed_once_and_named_after_both_said_yes(programme: Programme) -> None:
    meeting = a_trip(programme)
    meeting.capacity = 2
    listing = programme.session.get_one(Listing, meeting.listing_id)
    newcomer, helper = family(programme)
    staff = family(programme)[1]
    buddy.wish(programme.session, NOW, listing.id, newcomer.id, "wants")
    buddy.wish(programme.session, NOW, listing.id, helper.id, "is")
    assert not buddy.wishing(programme.session, listing.id, "is"), "not coming, or not any more"
    for one in (newcomer, helper):
        booking = placed(programme, meeting, one)
        assert buddy.number_of(programme.session, listing.id, one.id) == booking.number
    assert buddy.propose(programme.session, NOW, listing.id, helper.id, newcomer.id, staff.id) is None, "the wrong way"
    pair = buddy.propose(programme.session, NOW, listing.id, newcomer.id, helper.id, staff.id)
    assert pair is not None
    assert not buddy.wishing(programme.session, listing.id, "is"), "in a pair already"
    assert buddy.answer(programme.session, NOW, pair.id, staff.id, yes=True)[0] == "gone", "not one of the two"
    assert buddy.answer(programme.session, NOW, pair.id, newcomer.id, yes=True)[0] == "waits"
    assert pair.told_at is None
    assert buddy.answer(programme.session, NOW, pair.id, helper.id, yes=True)[0] == "both"
    assert buddy.answer(programme.session, NOW, pair.id, helper.id, yes=True)[0] == "gone", "told once"


# ---------------------------------------------------------------- the revision

OLD = (
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at) VALUES (1, '', 'bg', {yes}, '14', {at})",
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO project (id, code, organisation_id, title, aliases, partners, funders, targets)"
    " VALUES (1, 'demo', 1, '{{}}', '[]', '[]', '[]', '[]')",
    "INSERT INTO listing (id, code, organisation_id, project_id, block, kind, title, summary, bring, criteria, bands,"
    " capacity, remind_minutes, services, state, created_at, invented)"
    " VALUES (1, 'demo', 1, 1, 'OFF', 'visit', '{{}}', '{{}}', '{{}}', '{{}}', '[]', 0, '[]', '[]', 'open',"
    " {at}, {yes})",
    "INSERT INTO session (id, listing_id, starts_at, ends_at, zone, capacity, taken, state, sequence)"
    " VALUES (1, 1, {at}, '2026-03-02 10:00:00', 'Europe/Sofia', 5, 1, 'planned', 0)",
    "INSERT INTO booking (id, number, session_id, person_id, booked_by_id, state, line, reason, created_at, changed_at)"
    " VALUES (1, 1001, 1, 1, 1, 'booked', 1, '', {at}, {at})",
)
NEW = (
    "UPDATE listing SET trip = {yes}, meeting_point = '{{}}'",
    "UPDATE booking SET tools = 'brings'",
    "INSERT INTO trip_consent (id, session_id, child_id, guardian_id, channel, method, sequence, given_at)"
    " VALUES (1, 1, 1, 1, 'console', 'chat', 0, {at})",
    "INSERT INTO trip_step (session_id, step, number, heads, by_id, at) VALUES (1, 'left', 0, 1, 1, {at})",
    "INSERT INTO buddy_wish (listing_id, person_id, wish, at) VALUES (1, 1, 'is', {at})",
    "INSERT INTO request (id, person_id, kind, concern, state, created_at, changed_at)"
    " VALUES (1, 1, 'talk', '', 'open', {at}, {at}), (2, 1, 'place', '', 'open', {at}, {at})",
)


def climb(url: str) -> None:
    engine = sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)
    words = {"yes": "1" if engine.dialect.name == "sqlite" else "true", "at": "'2026-03-02 09:00:00'"}
    for to, rows in (("0004", OLD), ("0010", NEW)):
        migrate(engine, to=to)
        with engine.begin() as connection:
            for row in rows:
                connection.execute(text(row.format(**words)))
    migrate(engine, to="0009")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id, number, session_id FROM booking")).all() == [(1, 1001, 1)]
        states = connection.execute(text("SELECT kind, state FROM request ORDER BY id")).all()
        assert states == [("talk", "open"), ("talk", "closed")], "at most one talk of a person is open"
    assert "trip_consent" not in inspect(engine).get_table_names()
    migrate(engine, to="0010")
    with engine.begin() as connection:
        assert not connection.execute(text("SELECT trip FROM listing")).scalar()
    engine.dispose()


def test_rows_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    climb(f"sqlite:///{tmp_path / 'm.db'}")


@pytest.mark.postgres
def test_rows_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    climb(postgres_url)
