"""Appointments are taken: each time once, by who may, and by nobody who is elsewhere then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.offers.listing import Session as Meeting
from models.offers.listing_changes import sessions_of
from models.offers.publishing import add_sessions
from models.places.taking import book
from models.resources import resource, seats
from models.visits import appointing
from models.visits.appointment import BusyTime
from models.visits.professional import AppointmentRules, ProfessionalService, engage, set_hours
from models.visits.slots import free_slots
from models.who.people import Person
from tests.models.appointments.practice import Practice, never, on_tuesday
from tests.models.programme import NOW


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
