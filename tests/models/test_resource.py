"""Seats by the slot: never more people than seats, the week's limit by the site's clock, both changes of the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store import SqliteStore, driver_url
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.waiting_list import cancel
from models.resources import resource, seats
from models.visits import opening
from models.visits.opening import Hours
from tests.models.programme import NOW, Programme, make_tables, until_half

FOUR = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
"""Tuesday, four in the afternoon in Belgrade."""
ALL_DAY = {day: [(900, 1140)] for day in range(7)}


def room(programme: Programme, *, seats: int = 2, week_slots: int = 0, minutes: int = 60, zone: str = "") -> Listing:
    listing = programme.listing(zone=zone)
    listing.block, listing.capacity, listing.remind_minutes = "RES", seats, [120]
    resource.add(programme.session, listing, week=ALL_DAY, slot_minutes=minutes, week_slots=week_slots)
    return listing


def take(session: Session, listing: Listing | int, person: int, at: datetime = FOUR) -> seats.Taking:
    listing_id = listing if isinstance(listing, int) else listing.id
    return seats.take(session, NOW, listing_id=listing_id, starts_at=at, person_id=person, booked_by_id=person)


def test_a_full_slot_is_full_and_nobody_waits_for_it(session: Session, programme: Programme) -> None:
    listing = room(programme, seats=2)
    people = [person.id for person in programme.people(3)]
    assert [take(session, listing, one).outcome for one in people] == ["booked", "booked", "full"]
    assert session.scalars(select(Booking.state)).all() == ["booked", "booked"], "nobody waits"
    assert take(session, listing, people[0]).outcome == "already"
    first = session.scalars(select(Booking).where(Booking.person_id == people[0])).one()
    cancel(session, NOW, booking_id=first.id, actor_id=people[0], hold=until_half)
    assert take(session, listing, people[2]).outcome == "booked", "a freed seat is simply free"
    assert session.scalar(select(func.count()).select_from(Meeting)) == 1, "a slot is one session"


def test_only_slots_within_hours_and_horizon_can_be_taken(session: Session, programme: Programme) -> None:
    listing = room(programme)
    person = programme.person().id
    assert take(session, listing, person, FOUR + timedelta(minutes=30)).outcome == "shut"
    assert take(session, listing, person, FOUR + timedelta(hours=4)).outcome == "shut"
    assert take(session, listing, person, FOUR + timedelta(days=14)).outcome == "shut", "too far ahead"
    assert take(session, listing, person, FOUR - timedelta(days=2)).outcome == "past"
    seats.set_day(session, listing.id, date(2026, 3, 3), [])
    assert take(session, listing, person).outcome == "shut", "staff have closed the day"
    seats.set_day(session, listing.id, date(2026, 3, 3), None)
    assert take(session, listing, person).outcome == "booked"
    listing.state = "closed"
    assert take(session, listing, person, FOUR + timedelta(hours=1)).outcome == "closed"


def test_the_week_of_a_quota_is_the_sites(session: Session, programme: Programme) -> None:
    """Sunday night in Belgrade is already Monday in Greenwich's west, not here: 23:30 on Sunday counts to its week."""
    listing = programme.listing()
    listing.block, listing.capacity = "RES", 5
    week = {6: [(1350, 1410)], 0: [(0, 120)]}
    resource.add(session, listing, week=week, slot_minutes=60, week_slots=1)
    person = programme.person().id
    sunday = datetime(2026, 3, 8, 21, 30, tzinfo=UTC)  # 22:30 on Sunday
    monday = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)  # 00:00 on Monday there, still Sunday in UTC
    assert take(session, listing, person, sunday).outcome == "booked"
    assert take(session, listing, person, monday).outcome == "booked", "a new week has begun at the site"
    refused = take(session, listing, person, monday + timedelta(hours=1))
    assert (refused.outcome, refused.used, refused.most) == ("quota", 1, 1)


def test_a_broken_seat_and_a_seat_that_is_taken(session: Session, programme: Programme) -> None:
    listing = room(programme, seats=3)
    people = [person.id for person in programme.people(3)]
    for one in people[:2]:
        take(session, listing, one)
    assert seats.set_seats(session, NOW, listing.id, FOUR, 1) == ("too_few", 2)
    assert seats.set_seats(session, NOW, listing.id, FOUR, 2) == ("saved", 2)
    assert take(session, listing, people[2]).outcome == "full"
    assert seats.set_seats(session, NOW, listing.id, FOUR, 4) == ("gone", 0), "never more than there are"
    assert seats.set_seats(session, NOW, listing.id, FOUR + timedelta(minutes=7), 1) == ("gone", 0)


def test_the_database_itself_refuses_a_second_session_for_a_slot(session: Session, programme: Programme) -> None:
    listing = room(programme)
    take(session, listing, programme.person().id)
    meeting = session.scalars(select(Meeting)).one()
    session.add(
        Meeting(
            listing_id=listing.id,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            zone=meeting.zone,
            capacity=9,
            slot=True,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_slots_over_both_changes_of_the_clock() -> None:
    night = Hours("Europe/Belgrade", {6: ((60, 300),)})
    spring = [at.strftime("%H:%M") for at, _end in opening.slots(night, date(2026, 3, 29), 60)]
    assert spring == ["00:00", "01:00", "02:00"], "01, 03 and 04 there: two o'clock does not exist"
    autumn = opening.slots(night, date(2026, 10, 25), 60)
    assert all(one[1] <= other[0] for one, other in pairwise(autumn)), "no two overlap"
    assert {end - begins for begins, end in (*autumn, *opening.slots(night, date(2026, 3, 29), 60))} == {
        timedelta(hours=1)
    }
    assert opening.week_of(datetime(2026, 3, 29, 12, tzinfo=UTC), "Europe/Belgrade") == (
        datetime(2026, 3, 22, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


def test_no_seat_is_given_beyond_closing_time_in_the_night_of_the_clock_change() -> None:
    until_three = Hours("Europe/Belgrade", {6: ((60, 180),)})
    assert opening.slots(until_three, date(2026, 3, 29), 120) == (), "two hours from one o'clock end at four"
    ((begins, ends),) = opening.slots(until_three, date(2026, 10, 25), 120)
    assert (f"{begins:%d %H:%M}", f"{ends:%d %H:%M}") == ("24 23:00", "25 01:00")
    half_past_two = Hours("Europe/Belgrade", {6: ((60, 150),)})
    assert opening.slots(half_past_two, date(2026, 3, 29), 60) == (), "that hour jumps over closing time"
    assert opening.slots(half_past_two, date(2026, 10, 25), 120) == (), "the first half past two closes"
    whole = Hours("Europe/Sofia", {6: ((0, opening.DAY),)})
    assert [len(opening.slots(whole, day, 60)) for day in (date(2026, 3, 29), date(2026, 10, 25))] == [23, 24]


def prepare(session: Session, seats: int, people: int, week_slots: int = 0) -> tuple[int, list[int]]:
    programme = Programme(session)
    listing = room(programme, seats=seats, week_slots=week_slots)
    found = [person.id for person in programme.people(people)]
    session.commit()
    return listing.id, found


async def test_thirty_people_want_three_seats_at_once(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path / 'race.db'}")
    make_tables(store.engine)
    with Session(store.engine) as session:
        listing, people = prepare(session, 3, 30)

    def wants(person: int) -> Callable[[Session], str]:
        return lambda session: take(session, listing, person).outcome

    outcomes = await asyncio.gather(*(store.write(wants(person)) for person in people))
    assert (outcomes.count("booked"), outcomes.count("full")) == (3, 27)
    with Session(store.engine) as session:
        assert session.scalars(select(Meeting.taken)).all() == [3]
        assert session.scalar(select(func.count()).select_from(Booking)) == 3
    store.close()


@pytest.mark.postgres
def test_the_last_seat_and_the_last_turn_of_a_week_go_once_on_postgresql(postgres_url: str) -> None:
    """Eight threads: for one seat, and one person for several slots of which the week allows one."""
    from concurrent.futures import ThreadPoolExecutor

    engine = create_engine(driver_url(postgres_url), pool_size=8)
    make_tables(engine)
    with Session(engine) as session:
        listing, people = prepare(session, 1, 8, week_slots=1)
        greedy = people[0]

    def wants(person: int, at: datetime) -> str:
        with Session(engine) as session:
            outcome = take(session, listing, person, at).outcome
            session.commit()
            return outcome

    with ThreadPoolExecutor(8) as pool:
        rush = list(pool.map(lambda one: wants(one, FOUR), people))
        many = list(pool.map(lambda hour: wants(people[-1], FOUR + timedelta(days=1, hours=hour)), (0, 1, 2, -1) * 2))
    assert rush.count("booked") == 1
    assert rush.count("full") == 7
    held = 1 if rush[-1] == "booked" else 0
    assert many.count("booked") == 1 - held, "the week's limit holds against several requests at once"
    assert greedy in people
    engine.dispose()


def test_staff_cannot_move_a_slot_to_where_another_is(session: Session, programme: Programme) -> None:
    from bot.deeds.offers.staff_sessions import move
    from bot.doing import Doing
    from bot.telling import Rules
    from conversations.deeds.staff import MoveSession
    from models.who.staff import StaffRole

    listing = room(programme)
    take(session, listing, programme.person().id)
    ana = programme.person()
    session.add(StaffRole(person_id=ana.id, organisation_id=listing.organisation_id, role="staff", given_at=NOW))
    session.flush()
    meeting = session.scalars(select(Meeting)).one()
    deed = MoveSession(meeting.id, (FOUR + timedelta(hours=1)).isoformat())
    assert move(Doing(session, NOW, Rules(), ana.id), deed).outcome == "late"
    assert meeting.starts_at == FOUR
