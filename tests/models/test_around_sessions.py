"""Around a session: feedback once, codes only in the room, streaks noted once, certificates only for who completed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from models.attending import absences, room_code
from models.attending.attendance import mark
from models.base import Base
from models.lessons import certificate, feedback, leading, leaning, lesson_question, material
from models.messages.message import StoredAttachment
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from models.who import erasure
from models.who.merging import merge
from models.who.people import Person
from tests.models.programme import NOW, Programme

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def weekly(programme: Programme, count: int, *, listing: Listing | None = None) -> list[Meeting]:
    """Single meetings of one listing, a week apart, the first in an hour."""
    of = listing or programme.listing()
    return [programme.meeting(places=20, listing=of, starts=NOW + HOUR + n * WEEK) for n in range(count)]


def placed(session: Session, person: Person, meetings: list[Meeting]) -> list[Booking]:
    made = []
    for meeting in meetings:
        ended = book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id)
        assert ended.booking is not None
        made.append(ended.booking)
    return made


def marked(session: Session, booking: Booking, meeting: Meeting, state: str) -> None:
    at = meeting.ends_at
    assert mark(session, at, booking_id=booking.id, session_id=meeting.id, state=state, by_id=None)


# ---------------------------------------------------------------- feedback


def test_somebody_is_asked_once_about_a_session_and_answers_once(session: Session, programme: Programme) -> None:
    person, (meeting,) = programme.person(), weekly(programme, 1)
    (booking,) = placed(session, person, [meeting])
    later = meeting.ends_at + HOUR
    assert feedback.to_ask(session, later) == [], "who was there is not known yet"
    marked(session, booking, meeting, "present")
    assert feedback.to_ask(session, meeting.ends_at + timedelta(minutes=5)) == [], "too soon"
    assert feedback.to_ask(session, later) == [(person.id, [meeting])]
    row = feedback.ask(session, later, meeting.id, person.id)
    assert row is not None
    assert feedback.ask(session, later, meeting.id, person.id) is None
    assert feedback.to_ask(session, later) == []
    stranger = programme.person()
    assert feedback.answer(session, later, row, stranger.id, "good") == "gone"
    assert feedback.answer(session, later, row, person.id, "good") == "thanks"
    assert feedback.answer(session, later, row, person.id, "bad") == "already"
    assert session.get_one(feedback.Feedback, row).mood == "good"


def test_no_more_than_two_questions_a_week_and_then_together(session: Session, programme: Programme) -> None:
    person = programme.person()
    meetings = [programme.meeting(places=5, starts=NOW + HOUR + n * DAY) for n in range(5)]
    for booking, meeting in zip(placed(session, person, meetings), meetings, strict=True):
        marked(session, booking, meeting, "present")
    asked: list[tuple[datetime, int]] = []
    for day in range(12):
        at = NOW + day * DAY + 6 * HOUR
        for person_id, some in feedback.to_ask(session, at):
            asked.append((at, len(some)))
            for meeting in some:
                feedback.ask(session, at, meeting.id, person_id)
    for at, _some in asked:
        assert sum(at - WEEK < other <= at for other, _n in asked) <= feedback.A_WEEK
    assert asked[0][1] == 1
    assert asked[2][1] > 1, "what came in between is asked in one message"


def test_nothing_is_shown_below_five_answers(session: Session, programme: Programme) -> None:
    listing = programme.listing()
    (meeting,) = weekly(programme, 1, listing=listing)
    for n, person in enumerate(programme.people(5)):
        row = feedback.ask(session, NOW, meeting.id, person.id)
        assert row is not None
        feedback.answer(session, NOW, row, person.id, "good" if n else "bad")
        assert feedback.add_words(session, row, person.id, f"DEMO {n}")
        shown = feedback.counts(session, listing.id), feedback.words_of(session, listing.id)
        assert (shown == ({}, ())) is (n < 4)
    assert feedback.counts(session, listing.id) == {"good": 4, "bad": 1}
    assert feedback.forget_names(session, NOW + 31 * DAY, 100) == 5
    assert session.scalar(select(func.count()).where(feedback.Feedback.person_id.is_not(None))) == 0
    assert feedback.counts(session, listing.id) == {"good": 4, "bad": 1}, "the taps stay, as nobody's"


# ---------------------------------------------------------------- attendance by code


def test_a_code_works_only_with_a_place_and_only_during_the_meeting(session: Session, programme: Programme) -> None:
    inside, outside = programme.people(2)
    meeting, other = weekly(programme, 2)
    (booking,) = placed(session, inside, [meeting])
    (elsewhere,) = placed(session, outside, [other])
    assert room_code.show(session, meeting.starts_at - HOUR, meeting) == ""
    during = meeting.starts_at + timedelta(minutes=5)
    code = room_code.show(session, during, meeting)
    assert room_code.show(session, during, meeting) == code
    assert len(room_code.plain(code)) >= 6

    def use(at: datetime, row: Booking, typed: str, who: Person) -> str:
        return room_code.may_use(session, at, meeting, row, typed, who.id)

    assert use(meeting.starts_at - HOUR, booking, code, inside) == "early"
    assert use(meeting.ends_at, booking, code, inside) == "over"
    assert use(during, elsewhere, code, outside) == "no_place"
    assert use(during, booking, "AAAA-AAAA", inside) == "wrong"
    assert use(during, booking, f" {code.lower()} ", inside) == "right"
    assert mark(session, during, booking_id=booking.id, session_id=meeting.id, state="present", by_id=inside.id)
    assert use(during, booking, code, inside) == "already"
    marked(session, booking, meeting, "absent")
    assert use(during, booking, code, inside) == "absent", "what staff say stays"


def test_guessing_a_code_ends_after_ten_tries(session: Session, programme: Programme) -> None:
    person, (meeting,) = programme.person(), weekly(programme, 1)
    (booking,) = placed(session, person, [meeting])
    during = meeting.starts_at
    code = room_code.show(session, during, meeting)
    for _n in range(10):
        assert room_code.may_use(session, during, meeting, booking, "WRNG-CODE", person.id) == "wrong"
    assert room_code.may_use(session, during, meeting, booking, code, person.id) == "blocked"


def test_a_code_typed_with_cyrillic_letters_is_the_same() -> None:
    assert room_code.plain("авсе-нкмр") == "ABCEHKMP"


# ---------------------------------------------------------------- absences


def test_three_absences_in_a_row_are_noted_once(session: Session, programme: Programme) -> None:
    person, meetings = programme.person(), weekly(programme, 8)
    bookings = placed(session, person, meetings)
    found: list[int] = []
    for n, state in enumerate(("absent", "absent", "absent", "absent", "present", "absent", "absent", "absent")):
        marked(session, bookings[n], meetings[n], state)
        noted = absences.find(session, meetings[n].ends_at)
        assert absences.find(session, meetings[n].ends_at + HOUR) == []
        found.append(len(noted))
    assert found == [0, 0, 1, 0, 0, 0, 0, 1]


def test_being_excused_is_no_absence(session: Session, programme: Programme) -> None:
    person, meetings = programme.person(), weekly(programme, 4)
    bookings = placed(session, person, meetings)
    for n, state in enumerate(("absent", "absent", "excused", "absent")):
        marked(session, bookings[n], meetings[n], state)
        assert len(absences.find(session, meetings[n].ends_at)) == (n == 3)


def test_a_mark_that_is_corrected_makes_no_second_notice(session: Session, programme: Programme) -> None:
    person, meetings = programme.person(), weekly(programme, 4)
    bookings = placed(session, person, meetings)
    for n in range(3):
        marked(session, bookings[n], meetings[n], "absent")
    assert len(absences.find(session, meetings[2].ends_at)) == 1
    marked(session, bookings[0], meetings[0], "present")
    marked(session, bookings[3], meetings[3], "absent")
    assert absences.find(session, meetings[3].ends_at) == [], "it is the same streak, told a week ago"


# ---------------------------------------------------------------- certificates


def test_only_who_completed_gets_a_certificate_and_only_one(session: Session, programme: Programme) -> None:
    listing = programme.listing()
    meeting, second = weekly(programme, 2, listing=listing)
    there, away, cancelled = programme.people(3)
    rows = [placed(session, one, [meeting, second]) for one in (there, away, cancelled)]
    for booking in rows[0]:
        marked(session, booking, session.get_one(Meeting, booking.session_id), "present")
    marked(session, rows[1][0], meeting, "absent")
    marked(session, rows[2][0], meeting, "present")
    rows[2][0].state = rows[2][1].state = "cancelled"
    session.flush()
    now = second.ends_at
    made = certificate.issue(session, now, listing, there.id)
    assert [(one.person_id, one.minutes) for one in made] == [(there.id, 120)]
    assert certificate.issue(session, now, listing, there.id) == []
    assert len(made[0].code) == 22, "128 bits"
    assert certificate.claim(session, made[0].id, "Мила Петровић", public=False)
    assert not certificate.claim(session, made[0].id, "Somebody Else", public=True)
    assert certificate.initials(made[0].name) == "М. П."
    assert certificate.revoke(session, now, made[0].id, "DEMO")
    assert not certificate.revoke(session, now, made[0].id, "DEMO")
    again = certificate.issue(session, now, listing, there.id)
    assert [one.number for one in again] == [made[0].number + 1]


def test_a_series_is_completed_by_its_rule(session: Session, programme: Programme) -> None:
    listing = programme.listing()
    listing.enrols, listing.rule_percent = "series", 75
    first, *others = weekly(programme, 4, listing=listing)
    for one in others:
        one.first_id = first.id
    session.flush()
    often, seldom = programme.people(2)
    (much,), (little,) = placed(session, often, [first]), placed(session, seldom, [first])
    for n, unit in enumerate([first, *others]):
        if n < 3:
            marked(session, much, unit, "present")
        if n < 2:
            marked(session, little, unit, "present")
    made = certificate.issue(session, others[-1].ends_at, listing, often.id)
    assert [(one.person_id, one.minutes) for one in made] == [(often.id, 180)]


def test_of_two_people_who_are_one_the_older_certificate_stays(session: Session, programme: Programme) -> None:
    listing = programme.listing()
    one, two = programme.people(2)
    meetings = weekly(programme, 2, listing=listing)
    for person, meeting in zip((one, two), meetings, strict=True):
        (booking,) = placed(session, person, [meeting])
        marked(session, booking, meeting, "present")
    certificate.issue(session, meetings[1].ends_at, listing, one.id)
    merged = merge(session, meetings[1].ends_at, one.id, two.id, lambda _meeting: None, lambda at, _zone: at)
    assert merged.outcome == "merged"
    rows = certificate.register(session, listing.id)
    assert [(row.person_id, row.revoked_at is None) for row in rows] == [(one.id, False), (one.id, True)]


# ---------------------------------------------------------------- leaders, materials, questions, interests


def test_a_leader_sees_their_own_meetings_until_two_weeks_after(session: Session, programme: Programme) -> None:
    listing = programme.listing()
    mine, theirs = weekly(programme, 2, listing=listing)
    tutor = programme.person(called="DEMO")
    leader = leading.add(session, NOW, listing.organisation_id, "Ivana")
    assert leading.add(session, NOW, listing.organisation_id, "ivana").id == leader.id
    assert leading.become(session, leader.id, tutor.id) is not None
    assert leading.become(session, leader.id, programme.person().id) is None, "somebody is this leader already"
    assert leading.lead(session, NOW, mine.id, leader) == (True, None)
    assert leading.lead(session, NOW, mine.id, leader) == (False, leader)
    assert leading.leads_session(session, NOW, tutor.id, mine)
    assert not leading.leads_session(session, NOW, tutor.id, theirs)
    assert [meeting.id for meeting, _of in leading.led_by(session, NOW, tutor.id)] == [mine.id]
    assert not leading.leads_session(session, mine.ends_at + 15 * DAY, tutor.id, mine)
    assert leading.lead(session, mine.ends_at, mine.id, None)[0] is False, "it is over"
    assert leading.end(session, NOW, leader) == [mine.id]
    assert not leading.leads_session(session, NOW, tutor.id, mine)


def test_materials_for_after_wait_for_the_end(session: Session, programme: Programme) -> None:
    person, (meeting, other) = programme.person(), weekly(programme, 2)
    (booking,) = placed(session, person, [meeting])
    rows = [("before", None), ("after", None), ("after", meeting.id), ("after", other.id)]
    for part, of in rows:
        session.add(
            material.Material(
                listing_id=meeting.listing_id,
                session_id=of,
                part=part,
                kind="text",
                name=part,
                words="-",
                created_at=NOW,
            )
        )
    session.flush()
    assert [one.part for one in material.readable(session, NOW, booking)] == ["before"]
    later = material.readable(session, meeting.ends_at, booking)
    assert [one.part for one in later] == ["before", "after", "after"]
    assert other.id not in {one.session_id for one in later}
    assert material.tell_once(session, NOW, meeting.id, person.id)
    assert not material.tell_once(session, NOW, meeting.id, person.id)


def test_a_question_is_gone_two_weeks_after_the_lesson(session: Session, programme: Programme) -> None:
    person, (meeting,) = programme.person(), weekly(programme, 1)
    (booking,) = placed(session, person, [meeting])
    sent = StoredAttachment(person_id=person.id, kind="photo", content=b"DEMO", created_at=NOW, keep_until=NOW)
    session.add(sent)
    session.flush()
    assert lesson_question.ask(session, NOW, booking, meeting, "", sent) == "kept"
    assert sent.keep_until == meeting.ends_at + lesson_question.KEEP
    for _n in range(4):
        assert lesson_question.ask(session, NOW, booking, meeting, "DEMO", None) == "kept"
    assert lesson_question.ask(session, NOW, booking, meeting, "DEMO", None) == "many"
    assert lesson_question.ask(session, meeting.ends_at, booking, meeting, "DEMO", None) == "late"
    assert len(lesson_question.of_session(session, meeting)) == 5
    assert lesson_question.over(session, meeting.ends_at + 13 * DAY, 100) == 0
    assert lesson_question.over(session, meeting.ends_at + 15 * DAY, 100) == 5
    assert session.scalar(select(func.count()).select_from(StoredAttachment)) == 0


def test_interests_are_the_persons_alone_and_end_by_themselves(session: Session, programme: Programme) -> None:
    person, other = programme.people(2)
    until = leaning.keep(session, NOW, person.id, ("hands", "tech"))
    assert until == NOW + 30 * DAY
    mine = leaning.mine(session, NOW, person.id)
    assert mine is not None
    assert mine.areas == ["hands", "tech"]
    assert leaning.mine(session, NOW, other.id) is None
    assert leaning.mine(session, until, person.id) is None


def test_erasing_takes_everything_around_sessions_along(session: Session, programme: Programme) -> None:
    listing = programme.listing()
    meetings = weekly(programme, 3, listing=listing)
    person = programme.person(called="DEMO")
    bookings = placed(session, person, meetings)
    marked(session, bookings[0], meetings[0], "present")
    now = meetings[0].ends_at
    (made,) = certificate.issue(session, now, listing, person.id)
    certificate.claim(session, made.id, "DEMO DEMO", public=True)
    row = feedback.ask(session, now, meetings[0].id, person.id)
    assert row is not None
    feedback.answer(session, now, row, person.id, "bad")
    feedback.add_words(session, row, person.id, "DEMO")
    leaning.keep(session, now, person.id, ("art",))
    lesson_question.ask(session, now, bookings[1], meetings[1], "DEMO", None)
    leader = leading.add(session, now, listing.organisation_id, "DEMO")
    leading.become(session, leader.id, person.id)
    erasure.erase(session, now, person.id)
    assert (made.name, made.person_id, made.revoked_at) == ("", None, now)
    kept = session.get_one(feedback.Feedback, row)
    assert (kept.person_id, kept.words, kept.mood) == (None, "", "bad")
    assert (leader.called, leader.person_id) == ("", None)
    assert session.scalar(select(func.count()).select_from(leaning.Leaning)) == 0
    assert session.scalar(select(func.count()).select_from(lesson_question.LessonQuestion)) == 0


# ---------------------------------------------------------------- two at once


def race(engine: Engine) -> None:
    """Two askers, two streak finders and two issuers at once: everything is there once."""
    with Session(engine) as session:
        programme = Programme(session)
        listing = programme.listing()
        meetings = weekly(programme, 4, listing=listing)
        person = programme.person()
        bookings = placed(session, person, meetings)
        for booking, meeting, state in zip(bookings, meetings, ("present", *("absent",) * 3), strict=True):
            marked(session, booking, meeting, state)
        session.commit()
        ids = listing.id, person.id, meetings[0].id
        now = meetings[-1].ends_at

    def act(_n: int) -> tuple[bool, int, int]:
        with Session(engine) as session:
            asked = feedback.ask(session, now, ids[2], ids[1]) is not None
            noted = len(absences.find(session, now))
            made = len(certificate.issue(session, now, session.get_one(Listing, ids[0]), ids[1]))
            session.commit()
            return asked, noted, made

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(act, range(4)))
    assert [sum(column) for column in zip(*done, strict=True)] == [1, 1, 1]


def test_two_at_once_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'race.db'}")
    Base.metadata.create_all(engine)
    race(engine)
    engine.dispose()


@pytest.mark.postgres
def test_two_at_once_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    Base.metadata.create_all(engine)
    race(engine)
    engine.dispose()
