"""Offers of places and reminders as the house makes them: never at night, never after the start, told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.offering import places
from bot.reminding.bookings import compose
from bot.reminding.composing import Composed, Missed
from bot.store import sqlite_engine
from bot.telling import Rules
from bot.times.calendar_file import Entry, calendar_file
from models.messages.message import Outgoing
from models.messages.reminder import Reminder
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book, book_together
from models.places.waiting_list import cancel
from models.who.people import Address
from tests.models.programme import NOW, Programme
from tests.templates import furnish

ZONE = ZoneInfo("Europe/Belgrade")


@pytest.fixture
def programme(tmp_path: Path) -> Iterator[Programme]:
    furnish(tmp_path / "places.db", search=False)
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'places.db'}")
    with Session(engine) as session:
        yield Programme(session)
    engine.dispose()


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "starts", "until"),
    [
        (local(2026, 3, 3, 10, 0), local(2026, 3, 9, 17, 0), local(2026, 3, 4, 8, 0)),  # twelve hours, and the night
        (local(2026, 3, 3, 9, 0), local(2026, 3, 4, 7, 0), local(2026, 3, 3, 20, 0)),  # it begins before people wake up
        (local(2026, 3, 3, 10, 0), local(2026, 3, 3, 18, 0), local(2026, 3, 3, 14, 0)),  # half of what is left
        (local(2026, 3, 3, 23, 0), local(2026, 3, 9, 17, 0), local(2026, 3, 5, 8, 0)),  # from eight in the morning
        (local(2026, 3, 3, 23, 0), local(2026, 3, 4, 8, 10), None),  # no time is left in the morning
        (local(2026, 3, 3, 10, 0), local(2026, 3, 3, 10, 0), None),  # it begins now
    ],
)
def test_how_long_a_place_is_held(
    programme: Programme, now: datetime, starts: datetime, until: datetime | None
) -> None:
    assert places.hold(now, Rules())(programme.meeting(starts=starts)) == until


def _full(programme: Programme, people: int) -> tuple[Meeting, list[Booking]]:
    meeting = programme.meeting(places=1, starts=NOW + timedelta(days=4))
    made = [
        book(programme.session, NOW, session_id=meeting.id, person_id=one.id, booked_by_id=one.id).booking
        for one in programme.people(people)
    ]
    return meeting, [one for one in made if one is not None]


def test_an_offer_made_at_night_is_told_in_the_morning(programme: Programme) -> None:
    session = programme.session
    _meeting, (first, second) = _full(programme, 2)
    night = local(2026, 3, 3, 23, 30)
    doing = Doing(session, night, Rules(), first.person_id)
    freed = cancel(session, night, booking_id=first.id, actor_id=first.person_id, hold=places.hold(night, doing.rules))
    places.tell_offers(doing, freed.offered)
    told = session.scalars(select(Outgoing)).one()
    assert (told.kind, told.due_at) == ("offer", local(2026, 3, 4, 8, 0))
    assert second.state == "offered"
    assert told.expires_at == second.offer_until


def test_an_offer_that_reaches_nobody_goes_on_at_once(programme: Programme) -> None:
    session = programme.session
    _meeting, (first, second, third) = _full(programme, 3)
    session.scalars(select(Address).where(Address.person_id == second.person_id)).one().active = False
    session.flush()
    doing = Doing(session, NOW, Rules(), first.person_id)
    freed = cancel(session, NOW, booking_id=first.id, actor_id=first.person_id, hold=places.hold(NOW, doing.rules))
    places.tell_offers(doing, freed.offered)
    assert (second.state, second.reason, third.state) == ("lapsed", "unreachable", "offered")
    assert len(session.scalars(select(Outgoing)).all()) == 1


@pytest.mark.parametrize("reaches_her", [True, False])
def test_places_that_a_mother_asked_for_together_are_hers_to_take(programme: Programme, *, reaches_her: bool) -> None:
    session, mother = programme.session, programme.person()
    children = [programme.child(mother, phone=True) for _number in range(2)]
    for address in session.scalars(select(Address).where(Address.person_id == mother.id)):
        address.active = reaches_her
    meeting, (first,) = _full(programme, 1)
    ids = [child.id for child in children]
    waiting = book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    assert {one.outcome for one in waiting.values()} == {"waiting"}
    meeting.capacity = 2
    session.flush()
    doing = Doing(session, NOW, Rules(), first.person_id)
    freed = cancel(session, NOW, booking_id=first.id, actor_id=first.person_id, hold=places.hold(NOW, doing.rules))
    places.tell_offers(doing, freed.offered)
    told = session.execute(select(Address.person_id, Outgoing.body).join(Address)).all()
    asked = {person for person, body in told if body and body.get("buttons")}
    assert {person for person, _body in told} == {*ids, mother.id} - (set() if reaches_her else {mother.id})
    assert asked == ({mother.id} if reaches_her else set(ids)), "her children only hear of it, if she does"


def test_the_sweep_ends_what_is_over_and_offers_it_to_the_next(programme: Programme) -> None:
    session = programme.session
    meeting, (first, second, third) = _full(programme, 3)
    doing = Doing(session, NOW, Rules(), first.person_id)
    freed = cancel(session, NOW, booking_id=first.id, actor_id=first.person_id, hold=places.hold(NOW, doing.rules))
    places.tell_offers(doing, freed.offered)
    later = NOW + timedelta(days=1)
    places.sweep(Doing(session, later, Rules()))
    assert (second.state, third.state) == ("lapsed", "offered")
    places.sweep(Doing(session, later, Rules()))
    assert third.state == "offered"
    assert meeting.taken == 1


# ---------------------------------------------------------------- reminders


def _planned(programme: Programme) -> tuple[Doing, Booking, Meeting, list[Reminder]]:
    session = programme.session
    meeting, ana = programme.meeting(places=3, starts=local(2026, 3, 5, 17, 0)), programme.person()
    booking = book(session, NOW, session_id=meeting.id, person_id=ana.id, booked_by_id=ana.id).booking
    assert booking is not None
    places.plan_reminders(Doing(session, NOW, Rules()), [booking])
    planned = session.scalars(select(Reminder).order_by(Reminder.due_at)).all()
    return Doing(session, planned[0].due_at, Rules()), booking, meeting, list(planned)


def test_a_reminder_found_late_still_helps_until_the_start(programme: Programme) -> None:
    doing, _booking, meeting, (day, hours) = _planned(programme)
    doing.now = day.due_at + timedelta(hours=2)
    composed = compose(doing, day)
    assert isinstance(composed, Composed)
    assert composed.expires_at == meeting.starts_at
    doing.now = meeting.starts_at
    assert compose(doing, hours) == Missed("session over")


def test_of_two_that_are_due_only_the_nearer_is_sent(programme: Programme) -> None:
    doing, _booking, _meeting, (day, hours) = _planned(programme)
    doing.now = hours.due_at
    assert isinstance(compose(doing, day), Missed)
    assert isinstance(compose(doing, hours), Composed)


def test_nobody_is_reminded_of_what_was_cancelled_or_moved(programme: Programme) -> None:
    doing, booking, meeting, (day, _hours) = _planned(programme)
    meeting.sequence += 1
    assert compose(doing, day) == Missed("session moved")
    meeting.sequence -= 1
    booking.state = "cancelled"
    assert compose(doing, day) == Missed("booking cancelled")
    booking.state, meeting.state = "booked", "cancelled"
    assert compose(doing, day) == Missed("session cancelled")


def test_brothers_and_sisters_are_one_message_on_a_shared_phone(programme: Programme) -> None:
    session, mother = programme.session, programme.person()
    meeting = programme.meeting(places=3, starts=local(2026, 3, 5, 17, 0))
    made = []
    for name in ("DEMO Ana", "DEMO Luka"):
        child = programme.child(mother, called=name)
        ended = book(session, NOW, session_id=meeting.id, person_id=child.id, booked_by_id=mother.id)
        assert ended.booking is not None
        made.append(ended.booking)
    places.plan_reminders(Doing(session, NOW, Rules()), made)
    due = session.scalars(select(Reminder).order_by(Reminder.due_at, Reminder.id)).all()
    doing = Doing(session, due[0].due_at, Rules())
    first, second = compose(doing, due[0]), compose(doing, due[1])
    assert isinstance(first, Composed)
    assert "DEMO Ana" in str(first.say.text)
    assert "DEMO Luka" in str(first.say.text)
    assert second == Missed("said with another")


# ---------------------------------------------------------------- calendar files


def test_a_calendar_entry_keeps_its_uid_and_counts_its_changes() -> None:
    made = [
        calendar_file(
            number=1001,
            now=NOW,
            entries=[
                Entry(
                    starts_at=local(2026, 3, 5, 17, 0),
                    ends_at=local(2026, 3, 5, 18, 0),
                    sequence=sequence,
                    summary="Математика; помоћ, у учењу",
                    location="Бор",
                )
            ],
        )
        for sequence in (0, 1)
    ]
    events = [Calendar.from_ical(document.content).walk("VEVENT")[0] for document in made]
    assert events[0]["UID"] == events[1]["UID"]
    assert [event.decoded("SEQUENCE") for event in events] == [0, 1]
    assert events[0].decoded("DTSTART") == local(2026, 3, 5, 17, 0)
    assert str(events[0]["SUMMARY"]) == "Математика; помоћ, у учењу"
