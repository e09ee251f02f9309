"""Series: one place for all units, each unit with its own reminders and its own attendance."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.attending import attendance
from models.attending.attendance import Attendance
from models.messages.reminder import Reminder, plan, plan_of, replan_session
from models.offers import listing_changes, publishing, series_changes
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import joins_until, units_of
from models.places.booking import Booking
from models.places.taking import book
from models.places.waiting_list import cancel, offer_free_places, places_waited_for
from models.who.people import Person
from tests.models.programme import NOW, Programme, make_tables

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def earlier(at: datetime, _zone: str) -> datetime:
    return at


def course(programme: Programme, *, units: int = 4, places: int = 2, late: int = 0, percent: int = 0) -> list[Meeting]:
    """A series with a unit every week from the day after tomorrow on."""
    listing = programme.listing()
    listing.enrols, listing.join_late, listing.rule_percent, listing.capacity = "series", late, percent, places
    starts = [NOW + 2 * DAY + WEEK * number for number in range(units)]
    publishing.add_sessions(programme.session, listing, starts, 60, "Europe/Belgrade")
    return listing_changes.sessions_of(programme.session, listing.id)


def wants(session: Session, meeting: Meeting, person: Person, now: datetime = NOW) -> str:
    return book(session, now, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).outcome


def placed(session: Session, meeting: Meeting, person: Person, now: datetime = NOW) -> Booking:
    made = book(session, now, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).booking
    assert made is not None
    plan(session, now, made, earlier)
    return made


def mark(session: Session, booking: Booking, unit: Meeting, state: str, now: datetime | None = None) -> bool:
    at = now or unit.starts_at
    return attendance.mark(session, at, booking_id=booking.id, session_id=unit.id, state=state, by_id=None)


# ---------------------------------------------------------------- places


def test_a_place_in_a_series_is_taken_once_whichever_unit_was_asked_for(session: Session, programme: Programme) -> None:
    units = course(programme)
    ana, ben, third = programme.people(3)
    assert [wants(session, units[0], ana), wants(session, units[2], ana)] == ["booked", "already"]
    assert [wants(session, units[3], ben), wants(session, units[1], third)] == ["booked", "waiting"]
    rows = session.scalars(select(Booking)).all()
    assert {row.session_id for row in rows} == {units[0].id}
    assert [unit.taken for unit in units] == [2, 0, 0, 0]


def last_place(engine: Engine) -> None:
    """Two people at once, by way of different units."""
    with Session(engine) as session:
        programme = Programme(session)
        ids = [unit.id for unit in course(programme, places=1)]
        people = [person.id for person in programme.people(8)]
        session.commit()

    def want(number: int) -> str:
        with Session(engine) as session:
            at, who = ids[number % len(ids)], people[number]
            ended = book(session, NOW, session_id=at, person_id=who, booked_by_id=who)
            session.commit()
            return ended.outcome

    with ThreadPoolExecutor(4) as pool:
        assert Counter(pool.map(want, range(8))) == {"booked": 1, "waiting": 7}
    with Session(engine) as session:
        taken = session.scalars(select(Meeting.taken).order_by(Meeting.id)).all()
        assert sum(taken) == 1
        assert sorted(session.scalars(select(Booking.line))) == list(range(1, 9))


def test_the_last_place_is_given_once_to_many_at_once_on_sqlite(tmp_path: Path) -> None:
    from bot.store import sqlite_engine

    engine = sqlite_engine(f"sqlite:///{tmp_path / 'series.db'}")
    make_tables(engine)
    last_place(engine)
    engine.dispose()


@pytest.mark.postgres
def test_the_last_place_is_given_once_to_many_at_once_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    make_tables(engine)
    last_place(engine)
    engine.dispose()


@pytest.mark.parametrize(("late", "open_until"), [(0, 0), (1, 1), (2, 2), (9, 3)])
def test_one_can_join_as_late_as_the_listing_says(
    session: Session, programme: Programme, late: int, open_until: int
) -> None:
    units = course(programme, late=late, places=9)
    assert joins_until(session, units[2]) == units[open_until].starts_at
    until = units[open_until].starts_at
    assert wants(session, units[0], programme.person(), until - timedelta(minutes=1)) == "booked"
    assert wants(session, units[0], programme.person(), until) == "past"


def test_a_freed_place_is_offered_only_while_one_can_join(session: Session, programme: Programme) -> None:
    units = course(programme, places=1, late=1)
    ana, ben, eva = programme.people(3)
    first = placed(session, units[0], ana)
    wants(session, units[0], ben)
    wants(session, units[0], eva)
    begun = units[0].starts_at + DAY
    freed = cancel(session, begun, booking_id=first.id, actor_id=ana.id, hold=lambda _meeting: begun + DAY)
    assert (freed.outcome, [one.person_id for one in freed.offered]) == ("cancelled", [ben.id])
    over = units[1].starts_at + DAY
    left = cancel(session, over, booking_id=freed.offered[0].id, actor_id=ben.id, hold=lambda _meeting: over + DAY)
    assert (left.outcome, left.offered) == ("cancelled", ())
    assert offer_free_places(session, over, units[0].id, lambda _meeting: over + DAY) == []
    assert places_waited_for(session, begun) == [units[0].id]
    assert (
        cancel(session, units[3].starts_at, booking_id=first.id, actor_id=ana.id, hold=lambda _m: None).outcome
        == "gone"
    )


def test_every_unit_to_come_counts_for_overlaps(session: Session, programme: Programme) -> None:
    units = course(programme, places=9, late=2)
    ana = programme.person()
    single = programme.meeting(starts=units[2].starts_at + timedelta(minutes=30))
    wants(session, single, ana)
    assert wants(session, units[0], ana) == "overlap"
    ben = programme.person()
    assert wants(session, units[0], ben) == "booked"
    assert wants(session, single, ben) == "overlap"
    eva = programme.person()
    early = programme.meeting(starts=units[0].starts_at)
    assert wants(session, early, eva) == "booked"
    assert wants(session, units[0], eva) == "overlap"
    assert wants(session, units[0], eva, units[0].ends_at) == "booked", "what is over collides with nothing"


# ---------------------------------------------------------------- reminders


def planned(session: Session, person: Person) -> Counter[int]:
    return Counter(row.session_id for row in plan_of(session, person.id))


def test_each_unit_is_reminded_of_once_for_everybody_concerned(session: Session, programme: Programme) -> None:
    units = course(programme)
    mother = programme.person()
    child = programme.child(mother, phone=True)
    booking = placed(session, units[0], mother)
    cancel(session, NOW, booking_id=booking.id, actor_id=mother.id, hold=lambda _meeting: None)
    made = book(session, NOW, session_id=units[1].id, person_id=child.id, booked_by_id=mother.id).booking
    assert made is not None
    for _again in range(3):
        plan(session, NOW, made, earlier)
    assert planned(session, child) == planned(session, mother) == {unit.id: 2 for unit in units}
    row = session.scalars(select(Reminder).where(Reminder.about_id == made.id)).first()
    assert row is not None
    given = ("about", "about_id", "session_id", "recipient_id", "before_minutes", "sequence", "due_at")
    session.add(Reminder(**{name: getattr(row, name) for name in given}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_unit_that_moves_is_planned_anew_and_no_other(session: Session, programme: Programme) -> None:
    units = course(programme)
    ana = programme.person()
    booking = placed(session, units[0], ana)
    before = {row.id: (row.session_id, row.due_at) for row in plan_of(session, ana.id)}
    attendance.say(session, NOW, booking_id=booking.id, session_id=units[2].id, state="coming", by_id=ana.id)
    to = units[2].starts_at + DAY
    assert listing_changes.move_session(session, NOW, units[2].id, to) is not None
    assert replan_session(session, NOW, units[2].id, earlier) == 2
    after = {row.id: (row.session_id, row.due_at) for row in plan_of(session, ana.id)}
    stayed = {key for key in before if before[key] == after.get(key)}
    assert Counter(before[key][0] for key in stayed) == {unit.id: 2 for unit in units if unit is not units[2]}
    new = [due for key, (at, due) in after.items() if at == units[2].id and key not in before]
    assert sorted(to - due for due in new) == [timedelta(hours=2), DAY]
    assert attendance.state_of(session, booking.id, units[2].id) == "", "they said so of the old time"


def test_who_is_excused_keeps_the_place_and_is_not_reminded(session: Session, programme: Programme) -> None:
    units = course(programme)
    ana = programme.person()
    booking = placed(session, units[0], ana)
    say = {"booking_id": booking.id, "by_id": ana.id}
    assert attendance.say(session, NOW, session_id=units[1].id, state="excused", **say)
    plan(session, NOW, booking, earlier)
    from models.messages.reminder import drop

    drop(session, "booking", booking.id, session_id=units[1].id)
    plan(session, NOW, booking, earlier)
    assert set(planned(session, ana)) == {units[0].id, units[2].id, units[3].id}
    assert (booking.state, units[0].taken) == ("booked", 1)
    assert not attendance.say(session, units[1].starts_at, session_id=units[1].id, state="", **say)
    other = programme.meeting()
    assert not attendance.say(session, NOW, session_id=other.id, state="excused", **say), "the place is not for that"


# ---------------------------------------------------------------- less and more


def test_a_unit_is_called_off_and_the_rest_goes_on(session: Session, programme: Programme) -> None:
    units = course(programme)
    ana = programme.person()
    booking = placed(session, units[0], ana)
    told = listing_changes.cancel_session(session, NOW, units[1].id)
    assert told == [booking]
    assert booking.state == "booked"
    assert set(planned(session, ana)) == {units[0].id, units[2].id, units[3].id}
    assert [unit.id for unit in units_of(session, units[3])] == [units[0].id, units[2].id, units[3].id]


def test_when_the_first_unit_is_called_off_the_next_takes_the_places(session: Session, programme: Programme) -> None:
    units = course(programme)
    ana, ben, eva = programme.people(3)
    for person in (ana, ben, eva):
        wants(session, units[0], person)
    booking = session.scalars(select(Booking).where(Booking.person_id == ana.id)).one()
    plan(session, NOW, booking, earlier)
    listing_changes.cancel_session(session, NOW, units[0].id)
    session.expire_all()
    assert [(unit.taken, unit.first_id) for unit in units] == [
        (0, units[1].id), (2, None), (0, units[1].id), (0, units[1].id),
    ]  # fmt: skip
    assert {row.session_id for row in session.scalars(select(Booking))} == {units[1].id}
    assert set(planned(session, ana)) == {unit.id for unit in units[1:]}
    assert wants(session, units[0], ana) == "already", "an old button still leads to the series"
    assert mark(session, booking, units[1], "present")


def test_calling_off_all_ends_the_bookings_unless_it_has_begun(session: Session, programme: Programme) -> None:
    units = course(programme)
    ana, ben, eva = programme.people(3)
    for person in (ana, ben, eva):
        wants(session, units[0], person)
    assert series_changes.call_off_series(session, NOW, units[2].id) is not None
    assert {row.state for row in session.scalars(select(Booking))} == {"cancelled"}
    assert series_changes.call_off_series(session, NOW, units[2].id) is None
    second = course(programme)
    kept = placed(session, second[0], ana)
    wants(session, second[0], ben)
    wants(session, second[0], eva)
    mark(session, kept, second[0], "present")
    ended = series_changes.call_off_series(session, second[0].ends_at, second[0].id)
    assert ended is not None
    assert (len(ended[0]), [unit.id for unit in ended[1]]) == (3, [unit.id for unit in second[1:]])
    states = dict(
        session.execute(select(Booking.person_id, Booking.state).where(Booking.session_id == second[0].id)).all()
    )
    assert states == {ana.id: "booked", ben.id: "booked", eva.id: "cancelled"}
    assert attendance.attended_share(session, second[0].ends_at, kept.id) == (1, 1, 1)


def test_a_unit_more_has_the_same_places_and_a_copy_has_the_same_shape(session: Session, programme: Programme) -> None:
    units = course(programme, late=1, percent=75)
    series_changes.set_topic(session, units[0].id, "sr", "Лозинке")
    added = series_changes.add_unit(session, NOW, units[0].listing_id, units[3].starts_at + WEEK)
    assert added is not None
    assert (added.first_id, added.ends_at - added.starts_at) == (units[0].id, timedelta(hours=1))
    assert series_changes.add_unit(session, NOW, units[0].listing_id, NOW) is None
    most, grown = listing_changes.set_capacity(session, NOW, units[0].listing_id, 5)
    assert (most, grown) == (0, [units[0].id])
    starts = [NOW + 90 * DAY, NOW + 97 * DAY]
    made = publishing.duplicate(session, NOW, units[0].listing_id, programme.person().id, starts, None)
    assert made is not None
    assert (made.enrols, made.join_late, made.rule_percent, made.capacity) == ("series", 1, 75, 5)
    first, second = listing_changes.sessions_of(session, made.id)
    assert (first.first_id, second.first_id, first.topic) == (None, first.id, {"sr": "Лозинке"})


# ---------------------------------------------------------------- attendance


def test_attendance_is_of_one_unit_and_only_where_there_is_a_place(session: Session, programme: Programme) -> None:
    units = course(programme, places=1)
    ana, ben = programme.people(2)
    booking = placed(session, units[0], ana)
    wants(session, units[0], ben)
    waiting = session.scalars(select(Booking).where(Booking.person_id == ben.id)).one()
    assert mark(session, booking, units[1], "present")
    assert not mark(session, booking, units[1], "present", units[1].starts_at - DAY)
    assert not mark(session, booking, units[1], "late")
    assert not mark(session, waiting, units[1], "present")
    assert not mark(session, booking, programme.meeting(), "present")
    assert [attendance.head_count(session, unit.id) for unit in units] == [0, 1, 0, 0]
    assert mark(session, booking, units[1], "absent")
    assert mark(session, booking, units[1], "")
    assert session.scalar(select(func.count()).select_from(Attendance)) == 0


@pytest.mark.parametrize(
    ("percent", "states", "done"),
    [
        (80, ("present", "present", "present", "absent"), False),
        (80, ("present", "present", "present", "present"), True),
        (75, ("present", "excused", "present", "present"), True),
        (75, ("present", "excused", "excused", "excused"), False),
        (0, ("", "", "", "present"), True),
        (0, ("", "", "", "absent"), False),
    ],
)
def test_a_series_is_completed_by_the_share_that_its_listing_asks_for(
    session: Session, programme: Programme, percent: int, states: tuple[str, ...], done: bool
) -> None:
    units = course(programme, percent=percent)
    ana = programme.person()
    booking = placed(session, units[0], ana)
    for unit, state in zip(units, states, strict=True):
        if state:
            assert mark(session, booking, unit, state)
    assert attendance.completed(session, units[3].ends_at, booking) is done
    assert attendance.has_completed(session, units[3].ends_at, ana.id, units[0].listing_id) is done
    assert not attendance.has_completed(session, units[3].ends_at, ana.id, programme.listing().id)


def test_a_unit_that_was_called_off_is_not_asked_for(session: Session, programme: Programme) -> None:
    units = course(programme, percent=100)
    ana = programme.person()
    booking = placed(session, units[0], ana)
    for unit in units[:3]:
        mark(session, booking, unit, "present")
    now = units[2].ends_at
    assert attendance.attended_share(session, now, booking.id) == (3, 3, 4)
    assert not attendance.completed(session, now, booking)
    listing_changes.cancel_session(session, now, units[3].id)
    assert attendance.attended_share(session, now, booking.id) == (3, 3, 3)
    assert attendance.completed(session, now, booking)


def test_a_meeting_on_its_own_is_completed_by_being_there(session: Session, programme: Programme) -> None:
    meeting, ana = programme.meeting(), programme.person()
    booking = placed(session, meeting, ana)
    assert not attendance.has_completed(session, meeting.ends_at, ana.id, meeting.listing_id)
    mark(session, booking, meeting, "present")
    assert attendance.has_completed(session, meeting.ends_at, ana.id, meeting.listing_id)
    assert session.get_one(Listing, meeting.listing_id).enrols == "each"
