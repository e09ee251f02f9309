"""Days and hours off and extra ones: what they cancel, what they leave, and how they are taken back."""

from __future__ import annotations

from datetime import date, timedelta

from models.visits import exceptions
from tests.models.appointments.practice import TUESDAY, ZONE, Practice, never, on_tuesday
from tests.models.programme import NOW


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
