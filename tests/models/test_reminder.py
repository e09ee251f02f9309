"""Reminders: planned with the booking, moved with the session, at the right wall time on clock-change nights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.telling import Rules, earlier
from models.messages.reminder import Reminder, drop, plan, plan_of, replan_session, stop_reminding
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from models.who.people import Guardianship, Person
from tests.models.programme import NOW, Programme

EARLIER = earlier(Rules())


def at(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


def booked(
    session: Session, meeting: Meeting, person: Person, by: Person | None = None, now: datetime = NOW
) -> Booking:
    ended = book(session, now, session_id=meeting.id, person_id=person.id, booked_by_id=(by or person).id)
    assert ended.outcome == "booked"
    assert ended.booking is not None
    return ended.booking


def dues(session: Session, person: Person, zone: str = "Europe/Belgrade") -> list[str]:
    return [f"{one.due_at.astimezone(ZoneInfo(zone)):%d.%m. %H:%M}" for one in plan_of(session, person.id)]


def test_a_day_and_two_hours_before(session: Session, programme: Programme) -> None:
    ana = programme.person()
    meeting = programme.meeting(starts=at("Europe/Belgrade", 2026, 3, 5, 17, 0))
    plan(session, NOW, booked(session, meeting, ana), EARLIER)
    assert dues(session, ana) == ["04.03. 17:00", "05.03. 15:00"]


def test_the_listing_says_when(session: Session, programme: Programme) -> None:
    ana = programme.person()
    meeting = programme.meeting(
        starts=at("Europe/Belgrade", 2026, 3, 6, 17, 0), listing=programme.listing(remind=(4320, 60))
    )
    plan(session, NOW, booked(session, meeting, ana), EARLIER)
    assert dues(session, ana) == ["03.03. 17:00", "06.03. 16:00"]


def test_what_would_come_at_night_comes_before_it(session: Session, programme: Programme) -> None:
    ana = programme.person()
    meeting = programme.meeting(starts=at("Europe/Belgrade", 2026, 3, 6, 9, 0))
    plan(session, NOW, booked(session, meeting, ana), EARLIER)
    assert dues(session, ana) == ["05.03. 09:00", "05.03. 19:45"]


def test_on_a_sunday_nothing_before_ten(session: Session, programme: Programme) -> None:
    ana = programme.person()
    meeting = programme.meeting(starts=at("Europe/Belgrade", 2026, 3, 8, 11, 30))
    plan(session, NOW, booked(session, meeting, ana), EARLIER)
    assert dues(session, ana) == ["07.03. 11:30", "07.03. 19:45"]


def test_inside_the_first_window_the_nearer_one_remains(session: Session, programme: Programme) -> None:
    ana = programme.person()
    meeting = programme.meeting(starts=at("Europe/Belgrade", 2026, 3, 2, 18, 0))
    plan(session, NOW, booked(session, meeting, ana), EARLIER)
    assert dues(session, ana) == ["02.03. 16:00"]


def test_a_guardian_is_reminded_too_and_a_shared_phone_only_once(session: Session, programme: Programme) -> None:
    mother = programme.person()
    with_phone, without = programme.child(mother, phone=True), programme.child(mother)
    meeting = programme.meeting(places=2)
    for child in (with_phone, without):
        plan(session, NOW, booked(session, meeting, child, mother), EARLIER)
    assert len(plan_of(session, with_phone.id)) == 2
    assert plan_of(session, without.id) == []
    assert len(plan_of(session, mother.id)) == 4


def test_a_guardian_who_wants_none_gets_none(session: Session, programme: Programme) -> None:
    mother = programme.person()
    child = programme.child(mother, phone=True)
    session.scalars(select(Guardianship)).one().reminders = False
    plan(session, NOW, booked(session, programme.meeting(), child), EARLIER)
    assert plan_of(session, mother.id) == []
    assert len(plan_of(session, child.id)) == 2


def test_a_guardian_switches_off_and_on_again(session: Session, programme: Programme) -> None:
    mother = programme.person()
    child = programme.child(mother)
    booking = booked(session, programme.meeting(), child, mother)
    plan(session, NOW, booking, EARLIER)
    stop_reminding(session, mother.id, child.id)
    assert plan_of(session, mother.id) == []
    plan(session, NOW, booking, EARLIER)
    plan(session, NOW, booking, EARLIER)
    assert len(plan_of(session, mother.id)) == 2


def test_a_moved_session_is_planned_anew_and_nothing_old_remains(session: Session, programme: Programme) -> None:
    ana = programme.person()
    meeting = programme.meeting(starts=at("Europe/Belgrade", 2026, 3, 5, 17, 0))
    plan(session, NOW, booked(session, meeting, ana), EARLIER)
    meeting.starts_at, meeting.ends_at = (
        at("Europe/Belgrade", 2026, 3, 7, 12, 0),
        at("Europe/Belgrade", 2026, 3, 7, 13, 0),
    )
    meeting.sequence += 1
    session.flush()
    assert replan_session(session, NOW, meeting.id, EARLIER) == 2
    assert dues(session, ana) == ["06.03. 12:00", "07.03. 10:00"]
    assert {row.reason for row in session.scalars(select(Reminder).where(Reminder.state == "cancelled"))} == {"moved"}


def test_a_dropped_booking_reminds_nobody(session: Session, programme: Programme) -> None:
    ana = programme.person()
    booking = booked(session, programme.meeting(), ana)
    plan(session, NOW, booking, EARLIER)
    drop(session, "booking", booking.id)
    assert plan_of(session, ana.id) == []


@pytest.mark.parametrize("zone", ["Europe/Belgrade", "Europe/Sofia"])
@pytest.mark.parametrize("change", [(2026, 3, 29), (2026, 10, 25)])
def test_on_clock_change_nights_reminders_keep_to_the_clock_on_the_wall(
    session: Session, programme: Programme, zone: str, change: tuple[int, int, int]
) -> None:
    """The change is on a Sunday night; a session on its Sunday and one on its Monday, both at 15:00 there."""
    ana = programme.person()
    day = datetime(*change, tzinfo=UTC).date()
    long_before = datetime(*change, tzinfo=UTC) - timedelta(days=5)
    for ahead in (0, 1):
        on = day + timedelta(days=ahead)
        starts = datetime(on.year, on.month, on.day, 15, 0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        meeting = programme.meeting(places=1, starts=starts, zone=zone)
        plan(session, long_before, booked(session, meeting, ana, now=long_before), EARLIER)
    spring = change[1] == 3
    saturday, sunday, monday = ((day + timedelta(days=n)).strftime("%d.%m.") for n in (-1, 0, 1))
    # A day before means 24 hours before: the clock on the wall shows an hour less in spring, more in autumn.
    assert dues(session, ana, zone) == [
        f"{saturday} {'14:00' if spring else '16:00'}",
        f"{sunday} 13:00",
        f"{sunday} 15:00",
        f"{monday} 13:00",
    ]
