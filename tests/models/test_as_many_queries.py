"""Where many people stand behind one answer the database is asked as often as for few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models.attending import attendance
from models.attending.attendance import Attendance
from models.caring import case
from models.lessons import certificate
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places import conditions
from models.places.booking import Booking
from models.who.people import Person
from tests.models.programme import NOW, Programme

END = NOW + timedelta(days=60)


@contextmanager
def asked(session: Session) -> Iterator[list[str]]:
    """The statements that are run meanwhile, with nothing left in memory from before."""
    session.commit()
    session.expire_all()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield seen
    event.remove(session.get_bind(), "before_cursor_execute", note)


def course(session: Session, programme: Programme, people: int) -> tuple[Listing, list[Meeting], list[Booking]]:
    """Four meetings that are booked once; everybody was at three of them, and passed the exam at the last."""
    listing = programme.listing()
    listing.enrols, listing.rule_percent, listing.exam_needed = "series", 75, True
    units = [programme.meeting(listing=listing, places=99, starts=NOW + timedelta(days=day)) for day in (1, 8, 15, 22)]
    for unit in units[1:]:
        unit.first_id = units[0].id
    units[3].exam = True
    rows = [booking(session, person, units[0]) for person in programme.people(people)]
    for row in rows:
        for unit in units[1:]:
            passed = "passed" if unit.exam else ""
            session.add(Attendance(booking_id=row.id, session_id=unit.id, state="present", at=NOW, result=passed))
    session.flush()
    return listing, units, rows


def booking(session: Session, person: Person, meeting: Meeting) -> Booking:
    session.add(made := Booking(session_id=meeting.id, person_id=person.id, booked_by_id=person.id))
    made.number, made.state, made.created_at, made.changed_at = 1000 + person.id, "booked", NOW, NOW
    session.flush()
    return made


def test_who_completed_a_course_is_read_at_once(session: Session, programme: Programme) -> None:
    few, _units, _rows = course(session, programme, 2)
    many, units, rows = course(session, programme, 30)
    with asked(session) as for_few:
        assert len(certificate.completed(session, END, few)) == 2
    with asked(session) as for_many:
        done = certificate.completed(session, END, many)
    assert len(done) == 30
    assert {(one.minutes, one.first_at, one.last_at) for one in done} == {(180, units[1].starts_at, units[3].ends_at)}
    assert len(for_many) == len(for_few) <= 5
    missed, failed, once = rows[:3]
    at = {(row.booking_id, row.session_id): row for row in session.scalars(select(Attendance))}
    at[missed.id, units[1].id].state = "absent"
    at[failed.id, units[3].id].result = "failed"
    session.flush()
    left = {one.person_id for one in certificate.completed(session, END, many)}
    assert left == {row.person_id for row in rows[2:]}
    assert once.person_id in left
    assert attendance.completed(session, END, once)
    assert not attendance.completed(session, END, missed)


def test_which_groups_are_large_enough_is_read_at_once(session: Session, programme: Programme) -> None:
    def groups(count: int) -> list[Listing]:
        found = []
        for _one in range(count):
            meeting = programme.meeting(places=5, starts=NOW + timedelta(days=9))
            listing = session.get_one(Listing, meeting.listing_id)
            programme.meeting(places=5, starts=NOW + timedelta(days=20), listing=listing)
            conditions.set_least(session, listing.id, 1)
            found.append(listing)
        return found

    first = groups(2)
    with asked(session) as for_few:
        assert conditions.groups_to_look_at(session, NOW) == []
    more = groups(20)
    with asked(session) as for_many:
        assert conditions.groups_to_look_at(session, NOW) == []
    assert len(for_many) == len(for_few)
    meeting = session.scalars(select(Meeting).where(Meeting.listing_id == more[3].id)).first()
    assert meeting is not None
    booking(session, programme.person(), meeting)
    assert conditions.groups_to_look_at(session, NOW) == [(more[3], "reached")]
    told = conditions.groups_to_look_at(session, NOW + timedelta(days=7))
    assert [what for _listing, what in told] == ["asked"] * 21
    assert first[0] in [listing for listing, _what in told]
    assert conditions.groups_to_look_at(session, NOW + timedelta(days=21)) == [], "all of them have begun"


def test_how_many_requests_wait_unread_is_read_at_once(session: Session, programme: Programme) -> None:
    helper = programme.person()
    ids = []
    for person in programme.people(12):
        request, _new = case.open_request(session, NOW, person.id, None)
        case.add_message(session, NOW, request, person.id, "DEMO")
        case.add_message(session, NOW, request, person.id, "DEMO, once more")
        ids.append(request.id)
    case.add_message(session, NOW, session.get_one(case.Request, ids[0]), helper.id, "DEMO: an answer")
    for message in session.scalars(select(case.RequestMessage).where(case.RequestMessage.request_id == ids[1])):
        message.seen_at = NOW
    with asked(session) as statements:
        assert case.with_unseen(session, ids) == 11
        assert case.with_unseen(session, ids[:2]) == 1
        assert case.with_unseen(session, []) == 0
    assert len(statements) <= 4
