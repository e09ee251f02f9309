"""Appointments: free times, taking, moving, cancelling and marking; two at once; both nights of the clock change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store import SqliteStore, driver_url
from models.offers.closures import Closure
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.listing_changes import sessions_of
from models.offers.publishing import add_sessions
from models.places.taking import book
from models.resources import resource, seats
from models.visits import appointing, exceptions
from models.visits.appointing import Wanted
from models.visits.appointment import Appointment, BusyTime, VisitDetail
from models.visits.opening import Hours, slots
from models.visits.professional import (
    AppointmentRules,
    DayException,
    Professional,
    ProfessionalService,
    engage,
    giving,
    set_hours,
)
from models.visits.slots import Slot, free_slots
from models.who.people import Person
from tests.models.programme import NOW, Programme, make_tables

TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)
ZONE = "Europe/Belgrade"


def never(_day: date, _country: str) -> bool:
    return False


def on_tuesday(hour: int, minute: int = 0) -> datetime:
    """A wall time in Belgrade on the Tuesday after NOW, as an instant."""
    return datetime(2026, 3, 3, hour, minute, tzinfo=ZoneInfo("Europe/Belgrade")).astimezone(UTC)


@dataclass
class Practice:
    """A service with one professional who works on Tuesdays from nine to noon."""

    session: Session
    programme: Programme
    listing: Listing
    rules: AppointmentRules
    professional: Professional

    def slots(self, now: datetime = NOW, **given: int) -> list[Slot]:
        return free_slots(self.session, now, self.rules, giving(self.session, self.listing.id), never, **given)

    def take(
        self, person: Person, at: datetime, *, moves: int = 0, by: int = 0, now: datetime = NOW
    ) -> appointing.Taken:
        site = self.listing.site_id
        assert site is not None
        wanted = Wanted(
            self.listing.id, self.professional.id, site, at, person.id, actor_id=by or person.id, moves=moves
        )
        return appointing.take(self.session, now, wanted, never)


def open_practice(session: Session, **rules: int | bool) -> Practice:
    programme = Programme(session)
    listing = programme.listing()
    listing.block = "APT"
    row = AppointmentRules(
        **{"listing_id": listing.id, "minutes": 45, "after_minutes": 15, "notice_minutes": 120, **rules}
    )
    session.add(row)
    session.flush()
    made = engage(
        session, NOW, listing, called="DEMO", profession="psychologist", gender="woman", languages=["sr", "rom"]
    )
    assert listing.site_id is not None
    set_hours(session, made.id, listing.site_id, {1: [(9 * 60, 12 * 60)]})
    return Practice(session, programme, listing, row, made)


@pytest.fixture
def practice(session: Session) -> Practice:
    return open_practice(session)


# ---------------------------------------------------------------- free times


def test_free_times_follow_hours_pauses_notice_and_horizon(practice: Practice) -> None:
    first_day = [slot.starts_at for slot in practice.slots() if slot.starts_at.date() == TUESDAY.date()]
    assert first_day == [on_tuesday(9), on_tuesday(10), on_tuesday(11)]
    late = [slot.starts_at for slot in practice.slots(on_tuesday(8, 30)) if slot.starts_at.date() == TUESDAY.date()]
    assert late == [on_tuesday(11)]
    assert max(slot.starts_at for slot in practice.slots()) <= NOW + timedelta(days=28)
    practice.rules.horizon_days = 3
    assert len(practice.slots()) == 3


def test_days_off_holidays_closures_and_extra_hours_count(practice: Practice) -> None:
    session, site = practice.session, practice.listing.site_id
    assert site is not None
    everybody = giving(session, practice.listing.id)
    holiday = free_slots(session, NOW, practice.rules, everybody, lambda day, _land: day == TUESDAY.date())
    assert TUESDAY.date() not in {slot.starts_at.date() for slot in holiday}
    wednesday = date(2026, 3, 4)
    session.add(
        DayException(
            professional_id=practice.professional.id,
            day=wednesday,
            kind="extra",
            site_id=site,
            from_minute=600,
            until_minute=660,
        )
    )
    session.flush()
    assert wednesday in {slot.starts_at.date() for slot in practice.slots()}
    session.add(
        Closure(
            site_id=site,
            organisation_id=practice.listing.organisation_id,
            created_by_id=practice.programme.person().id,
            first_day=TUESDAY.date(),
            last_day=TUESDAY.date(),
            reason={},
            created_at=NOW,
        )
    )
    session.add(DayException(professional_id=practice.professional.id, day=wednesday, kind="off"))
    session.flush()
    assert {slot.starts_at.date() for slot in practice.slots()}.isdisjoint({TUESDAY.date(), wednesday})


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (date(2026, 3, 29), "Europe/Belgrade"),
        (date(2026, 10, 25), "Europe/Belgrade"),
        (date(2026, 3, 29), "Europe/Sofia"),
        (date(2026, 10, 25), "Europe/Sofia"),
    ],
)
@pytest.mark.parametrize(("minutes", "pause"), [(30, 0), (30, 5), (45, 5), (60, 0), (90, 5), (120, 0)])
@pytest.mark.parametrize("hours", [(0, 360), (60, 180), (90, 150), (120, 240), (0, 1440)])
def test_no_time_lies_outside_the_hours_in_the_night_of_the_clock_change(
    day: date, zone: str, minutes: int, pause: int, hours: tuple[int, int]
) -> None:
    ends = None
    for starts, over in slots(Hours(zone, {day.weekday(): (hours,)}), day, minutes, pause):
        assert over - starts == timedelta(minutes=minutes)
        first, last = starts.astimezone(ZoneInfo(zone)), over.astimezone(ZoneInfo(zone))
        assert first.date() == day
        assert hours[0] <= first.hour * 60 + first.minute
        until = last.hour * 60 + last.minute + (1440 if last.date() > day else 0)
        assert until <= hours[1], f"{last} is after the hours"
        assert ends is None or starts >= ends
        ends = over + timedelta(minutes=pause)


# ---------------------------------------------------------------- taking


def test_a_time_is_taken_once_and_the_pauses_with_it(practice: Practice) -> None:
    ana, mila = practice.programme.person(), practice.programme.person()
    assert practice.take(ana, on_tuesday(10)).outcome == "booked"
    assert practice.take(mila, on_tuesday(10)).outcome == "taken"
    assert [slot.starts_at for slot in practice.slots()][:2] == [on_tuesday(9), on_tuesday(11)]
    assert practice.take(mila, on_tuesday(10, 30)).outcome == "taken"
    assert practice.take(mila, on_tuesday(9)).outcome == "booked"


def test_another_service_of_the_same_professional_has_the_same_calendar(practice: Practice) -> None:
    session = practice.session
    other = practice.programme.listing()
    other.block, other.site_id = "APT", practice.listing.site_id
    session.add(AppointmentRules(listing_id=other.id, minutes=30))
    session.add(ProfessionalService(professional_id=practice.professional.id, listing_id=other.id))
    session.flush()
    practice.take(practice.programme.person(), on_tuesday(9))
    rules = session.get_one(AppointmentRules, other.id)
    found = [slot.starts_at for slot in free_slots(session, NOW, rules, [practice.professional], never)]
    assert found[0] == on_tuesday(10)


def test_the_database_itself_refuses_overlapping_minutes(practice: Practice) -> None:
    taken = practice.take(practice.programme.person(), on_tuesday(9)).appointment
    assert taken is not None
    with pytest.raises(IntegrityError), practice.session.begin_nested():
        practice.session.add(
            BusyTime(professional_id=practice.professional.id, at=on_tuesday(9, 40), appointment_id=taken.id)
        )
        practice.session.flush()


def test_nobody_has_more_to_come_than_the_limit_or_two_things_at_once(practice: Practice) -> None:
    ana = practice.programme.person()
    practice.take(ana, on_tuesday(9))
    assert practice.take(ana, on_tuesday(11)).outcome == "limit"
    practice.rules.most_at_once = 3
    other = open_practice_beside(practice)
    assert other.take(ana, on_tuesday(9)).outcome == "overlap"
    assert practice.take(ana, on_tuesday(11)).outcome == "booked"


def test_meetings_units_of_a_series_seats_and_appointments_know_of_each_other(practice: Practice) -> None:
    session, programme = practice.session, practice.programme
    practice.rules.most_at_once = 3
    ana, ben, eva = programme.people(3)
    series = programme.listing()
    series.enrols, series.capacity = "series", 9
    weeks = [on_tuesday(9, 30) + timedelta(days=days) for days in (0, 7, 14)]
    add_sessions(session, series, weeks, 60, "Europe/Belgrade")
    first, *later = sessions_of(session, series.id)
    lab = programme.listing()
    lab.block, lab.capacity = "RES", 9
    resource.add(session, lab, week={1: [(8 * 60, 12 * 60)]}, slot_minutes=60, horizon_days=28)

    def wants(meeting: Meeting, person: Person) -> str:
        return book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).outcome

    def sits(person: Person, at: datetime) -> str:
        asked = {"listing_id": lab.id, "person_id": person.id, "booked_by_id": person.id}
        return seats.take(session, NOW, starts_at=at, **asked).outcome

    assert wants(first, ana) == "booked"
    assert [practice.take(ana, on_tuesday(9) + timedelta(days=days)).outcome for days in (0, 7, 14)] == ["overlap"] * 3
    assert sits(ana, weeks[2] - timedelta(minutes=30)) == "overlap"
    kept = practice.take(ana, on_tuesday(11) + timedelta(days=7)).appointment
    assert kept is not None
    assert sits(ana, kept.starts_at) == "overlap"
    assert practice.take(ana, kept.starts_at, moves=kept.id).outcome == "moved", "its own time is no hindrance"

    third = practice.take(ben, on_tuesday(9) + timedelta(days=14)).appointment
    assert third is not None
    assert wants(first, ben) == "overlap", "the third unit is at the time of the appointment"
    assert wants(programme.meeting(starts=third.starts_at + timedelta(minutes=30)), ben) == "overlap"
    later[1].state = "cancelled"
    assert wants(first, ben) == "booked", "a unit that does not take place is in nobody's way"

    assert sits(eva, on_tuesday(9)) == "booked"
    assert practice.take(eva, on_tuesday(9)).outcome == "overlap"
    visit = practice.take(eva, on_tuesday(10)).appointment
    assert visit is not None
    assert sits(eva, on_tuesday(10)) == "overlap"
    assert appointing.cancel(session, NOW, visit.id, eva.id) is visit
    assert sits(eva, on_tuesday(10)) == "booked"


def open_practice_beside(practice: Practice) -> Practice:
    session = practice.session
    listing = practice.programme.listing()
    listing.block = "APT"
    row = AppointmentRules(listing_id=listing.id, minutes=45, after_minutes=15)
    session.add(row)
    session.flush()
    made = engage(session, NOW, listing, called="DEMO", profession="nurse", gender="man", languages=["sr"])
    assert listing.site_id is not None
    set_hours(session, made.id, listing.site_id, {1: [(540, 720)]})
    return Practice(session, practice.programme, listing, row, made)


def test_only_who_speaks_for_somebody_books_for_them_and_ages_hold(practice: Practice) -> None:
    ana, mila = practice.programme.person(), practice.programme.person()
    assert practice.take(mila, on_tuesday(9), by=ana.id).outcome == "denied"
    practice.listing.bands = ["under14"]
    assert practice.take(mila, on_tuesday(9)).outcome == "age"
    child = practice.programme.child(ana)
    assert practice.take(child, on_tuesday(9), by=ana.id).outcome == "booked"


def test_moving_frees_the_old_time_and_is_over_when_it_is_too_near(practice: Practice) -> None:
    ana = practice.programme.person()
    row = practice.take(ana, on_tuesday(9)).appointment
    assert row is not None
    moved = practice.take(ana, on_tuesday(11), moves=row.id)
    assert (moved.outcome, moved.before, row.sequence) == ("moved", on_tuesday(9), 1)
    assert [slot.starts_at for slot in practice.slots()][:2] == [on_tuesday(9), on_tuesday(10)]
    late = practice.take(ana, on_tuesday(11), moves=row.id, now=on_tuesday(10))
    assert late.outcome == "late"
    mila = practice.programme.person()
    assert practice.take(mila, on_tuesday(10), moves=row.id).outcome == "closed"


def test_cancelling_is_possible_until_it_begins_and_only_for_who_may(practice: Practice) -> None:
    ana, mila = practice.programme.person(), practice.programme.person()
    row = practice.take(ana, on_tuesday(9)).appointment
    assert row is not None
    assert appointing.cancel(practice.session, NOW, row.id, mila.id) is None
    late = appointing.cancel(practice.session, on_tuesday(8), row.id, ana.id)
    assert late is not None
    assert (late.state, late.reason) == ("cancelled", "late")
    assert practice.session.scalars(select(BusyTime)).all() == []
    assert appointing.cancel(practice.session, on_tuesday(8), row.id, ana.id) is None


def test_a_day_off_cancels_that_day_and_gives_none_of_it_again(practice: Practice) -> None:
    ana, mila = practice.programme.people(2)
    first = practice.take(ana, on_tuesday(9)).appointment
    later = practice.take(mila, on_tuesday(9) + timedelta(days=7)).appointment
    whose, day = practice.professional.id, TUESDAY.date()
    ended = exceptions.take_off(practice.session, NOW, whose, day, exceptions.WHOLE, ZONE)
    assert ended == [first]
    assert later is not None
    assert later.state == "booked"
    assert practice.take(ana, on_tuesday(9)).outcome == "taken"


def test_some_hours_off_leave_the_rest_of_the_day_and_can_be_taken_back(practice: Practice) -> None:
    session, whose, day = practice.session, practice.professional.id, TUESDAY.date()
    ana, mila = practice.programme.people(2)
    kept, gone = practice.take(ana, on_tuesday(9)).appointment, practice.take(mila, on_tuesday(11)).appointment
    span = (10 * 60 + 30, 12 * 60)
    before = exceptions.within(session, NOW, whose, day, span, ZONE)
    assert gone is not None
    assert before == [gone.id]
    assert exceptions.take_off(session, NOW, whose, day, span, ZONE) == [gone]
    assert exceptions.take_off(session, NOW, whose, day, span, ZONE) == []
    assert kept is not None
    assert kept.state == "booked"
    free = [slot.starts_at for slot in practice.slots() if slot.starts_at.date() == day]
    assert free == []  # of nine to half past ten the first hour is taken, and what is left is too short
    assert practice.take(mila, on_tuesday(11)).outcome == "taken"
    (row,) = exceptions.to_come(session, whose, day)
    assert exceptions.take_back(session, NOW, row, ZONE, never) == []
    assert practice.take(mila, on_tuesday(11)).outcome == "booked"


def test_extra_hours_can_be_booked_and_taking_them_back_frees_who_has_no_hours_left(practice: Practice) -> None:
    session, whose, site = practice.session, practice.professional.id, practice.listing.site_id
    assert site is not None
    day = date(2026, 3, 7)
    assert exceptions.add_hours(session, whose, site, day, (600, 720), never)
    assert not exceptions.add_hours(session, whose, site, day, (600, 660), never)
    (first, *_others) = [slot.starts_at for slot in practice.slots() if slot.starts_at.date() == day]
    ana = practice.programme.person()
    taken = practice.take(ana, first).appointment
    assert taken is not None
    (row,) = exceptions.to_come(session, whose, day)
    assert exceptions.outside(session, NOW, row, ZONE, never) == [taken.id]
    assert exceptions.take_back(session, NOW, row, ZONE, never) == [taken]
    assert taken.state == "cancelled"
    assert day not in {slot.starts_at.date() for slot in practice.slots()}


def test_hours_on_a_day_off_are_on_again_and_the_rest_stays_off(practice: Practice) -> None:
    session, whose, site = practice.session, practice.professional.id, practice.listing.site_id
    assert site is not None
    day = TUESDAY.date()
    exceptions.take_off(session, NOW, whose, day, exceptions.WHOLE, ZONE)
    span = (10 * 60, 11 * 60)
    assert exceptions.add_hours(session, whose, site, day, span, never)
    free = [slot.starts_at for slot in practice.slots() if slot.starts_at.date() == day]
    assert free == [on_tuesday(10)]


def test_marking_says_how_it_ended_and_counts_who_did_not_come(practice: Practice) -> None:
    ana = practice.programme.person()
    practice.rules.most_at_once = 3
    first = practice.take(ana, on_tuesday(9)).appointment
    second = practice.take(ana, on_tuesday(9) + timedelta(days=7)).appointment
    assert first is not None
    assert second is not None
    assert not appointing.mark(practice.session, NOW, first, "absent")
    assert not appointing.mark(practice.session, on_tuesday(10), first, "why he came")
    assert appointing.mark(practice.session, on_tuesday(10), first, "absent")
    assert appointing.missed_in_a_row(practice.session, first) == 1
    assert appointing.mark(practice.session, on_tuesday(10) + timedelta(days=7), second, "absent")
    assert appointing.missed_in_a_row(practice.session, second) == 2
    assert appointing.mark(practice.session, on_tuesday(10) + timedelta(days=7), second, "done")
    assert appointing.missed_in_a_row(practice.session, second) == 0


def test_what_is_cancelled_with_a_consent_forgets_where_somebody_lives(practice: Practice) -> None:
    ana = practice.programme.person()
    row = practice.take(ana, on_tuesday(9)).appointment
    assert row is not None
    practice.session.add(VisitDetail(appointment_id=row.id, address="DEMO 7"))
    practice.session.flush()
    assert appointing.cancel_all(practice.session, NOW, ana.id, "consent") == [row]
    assert practice.session.get(VisitDetail, row.id) is None


# ---------------------------------------------------------------- two at once


def prepare(engine: Engine, people: int) -> tuple[tuple[int, int, int], list[int]]:
    with Session(engine) as session:
        practice = open_practice(session)
        wanting = [one.id for one in practice.programme.people(people)]
        site = practice.listing.site_id
        assert site is not None
        session.commit()
        return (practice.listing.id, practice.professional.id, site), wanting


def wants(place: tuple[int, int, int], person: int, at: datetime) -> Callable[[Session], str]:
    wanted = Wanted(place[0], place[1], place[2], at, person, person)
    return lambda session: appointing.take(session, NOW, wanted, never).outcome


def check(engine: Engine) -> None:
    with Session(engine) as session:
        rows = session.scalars(select(Appointment).where(Appointment.state == "booked")).all()
        assert sorted(row.starts_at for row in rows) == [on_tuesday(9), on_tuesday(10), on_tuesday(11)]
        assert session.scalar(select(func.count()).select_from(BusyTime)) == 36


async def test_many_want_three_times_on_sqlite(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path / 'race.db'}")
    make_tables(store.engine)
    place, people = prepare(store.engine, 30)
    at = [on_tuesday(9 + number % 3) for number in range(30)]
    outcomes = await asyncio.gather(
        *(store.write(wants(place, person, when)) for person, when in zip(people, at, strict=True))
    )
    assert (outcomes.count("booked"), outcomes.count("taken")) == (3, 27)
    check(store.engine)
    store.close()


@pytest.mark.postgres
def test_many_want_three_times_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    make_tables(engine)
    place, people = prepare(engine, 24)
    start = Barrier(4)

    def some(first: int) -> list[str]:
        start.wait()
        ended = []
        for number, person in enumerate(people[first::4]):
            with Session(engine) as session:
                ended.append(wants(place, person, on_tuesday(9 + number % 3))(session))
                session.commit()
        return ended

    with ThreadPoolExecutor(4) as pool:
        outcomes = [outcome for ended in pool.map(some, range(4)) for outcome in ended]
    assert (outcomes.count("booked"), outcomes.count("taken")) == (3, 21)
    check(engine)
    engine.dispose()
