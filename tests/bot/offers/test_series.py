"""Series as people and staff meet them: who is told, who may, what is found, what nobody else sees."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.deeds.offers.series import PERFORM
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from conversations.deeds import Deed
from conversations.deeds import series as deeds
from conversations.deeds.offers import Book, CancelBooking
from conversations.deeds.staff import CancelSession, MarkAttendance, MoveSession
from conversations.speech import Done
from models.attending.attendance import Attendance
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.consent import Consent, Wording
from models.who.people import Address, Guardianship, Person
from tests.house import House

DAY = timedelta(days=1)
COURSE = "bor-internet"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("vesna", "en", organisation="valjevo", town="valjevo")
    made.person("mama", "en", band="18+", town="bor")
    made.person("mila", "en", band="under14", town="bor")
    made.person("beba", "en", band="15-17", town="bor")
    mother, child = made.person_id("mama"), made.person_id("mila")
    with Session(made.database) as session:
        wording = session.scalars(select(Wording.id)).first()
        assert wording is not None
        session.add(Guardianship(guardian_id=mother, child_id=child, relation="mother", confirmed_at=made.now))
        for purpose in ("attend", "messages"):
            given = Consent(person_id=child, given_by_id=mother, purpose=purpose, wording_id=wording)
            given.channel, given.given_at = "console", made.now
            session.add(given)
        session.commit()
    return made


def act(house: House, who: str, deed: Deed) -> Done:
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, house.person_id(who), 1, "console"), deed)
        session.commit()
        return done


def look(house: House, wanted: Any) -> list[Any]:
    with Session(house.database) as session:
        return list(session.scalars(wanted).all())


def units(house: House, code: str = COURSE) -> list[Meeting]:
    of = select(Listing.id).where(Listing.code == code)
    return look(house, select(Meeting).where(Meeting.listing_id.in_(of)).order_by(Meeting.starts_at))


def enrol(house: House, by: str, who: str) -> int:
    done = act(house, by, Book(units(house)[0].id, (house.person_id(who),)))
    assert done.outcome == "booked"
    bookings = done.details["bookings"]
    assert isinstance(bookings, list)
    return int(bookings[0])


def told(house: House, what: str) -> Counter[int]:
    """To whom a message with these words was written, and how often."""
    with Session(house.database) as session:
        rows = session.execute(
            select(Address.person_id, Outgoing.body).join(Outgoing, Outgoing.address_id == Address.id)
        ).all()
        return Counter(person for person, body in rows if what in body.get("text", ""))


def facts(house: House, session: Session, who: str) -> KnownFacts:
    at = select(Address.person_id).where(Address.external_id == f"console-{who}")
    person = session.get_one(Person, session.scalars(at).one())
    return KnownFacts(Lookup(session, house.now, me_of(session, person), house.rules))


def test_every_unit_is_reminded_of_once_at_each_time_and_none_twice(house: House) -> None:
    enrol(house, "mama", "mila")
    shown = house.advance(days=45)
    reminders = [(name, say.text) for name, say in shown if say.text.startswith("🔔")]
    assert Counter(name for name, _text in reminders) == {"mila": 10, "mama": 10}
    assert set(Counter(reminders).values()) == {2}, "a day and two hours before each of five"


def test_a_unit_that_moves_tells_everybody_once_and_the_others_stay(house: House) -> None:
    enrol(house, "mama", "mila")
    _first, second, third, *_rest = units(house)
    to = (second.starts_at + DAY).isoformat()
    assert act(house, "ana", MoveSession(second.id, to)) == Done("moved", {"told": 2})
    people = {house.person_id("mila"): 1, house.person_id("mama"): 1}
    assert told(house, "🔁") == people
    assert [unit.sequence for unit in units(house)] == [0, 1, 0, 0, 0]
    assert act(house, "ana", CancelSession(third.id, "ill")) == Done("cancelled", {"told": 2})
    assert told(house, "❌") == people
    assert look(house, select(Booking.state)) == ["booked"]
    assert act(house, "ana", deeds.CancelSeries(second.listing_id, "few")).details == {"told": 2}
    assert told(house, "All 4 meetings") == people
    assert look(house, select(Booking.state)) == ["cancelled"]


def test_a_guardian_sees_and_excuses_their_own_child_and_no_other(house: House) -> None:
    mine, other = enrol(house, "mama", "mila"), enrol(house, "beba", "beba")
    first, second, *_rest = units(house)
    assert act(house, "mama", deeds.Excuse(mine, second.id)).outcome == "noted"
    assert act(house, "mama", deeds.Excuse(mine, second.id)).outcome == "noted"
    assert told(house, "The team knows: absent this once.") == {house.person_id("mila"): 1}
    assert act(house, "mama", deeds.Excuse(other, second.id)).outcome == "denied"
    assert act(house, "beba", deeds.Excuse(mine, second.id)).outcome == "denied"
    house.now = first.starts_at
    for booking, state in ((mine, "absent"), (other, "present")):
        assert act(house, "ana", MarkAttendance(booking, first.id, state)).outcome == "marked"
    with Session(house.database) as session:
        seen = facts(house, session, "mama").offers
        assert seen.booking(other) is None
        (only,) = seen.bookings()
        assert only.gathering.course is not None
        assert [unit.attends for unit in only.gathering.course.units] == ["absent", "excused", "", "", ""]
        staff = {one.booking_id: one.attends for one in facts(house, session, "ana").staff.people(second.id)}
        assert staff == {mine: "excused", other: ""}
        assert facts(house, session, "mama").staff.people(second.id) == ()
        assert facts(house, session, "mama").series.progress(first.listing_id) == ()


def test_who_is_excused_is_reminded_of_the_others_only_and_can_come_after_all(house: House) -> None:
    mine = enrol(house, "beba", "beba")
    first, second, *_rest = units(house)
    act(house, "beba", deeds.Excuse(mine, first.id))
    act(house, "beba", deeds.Excuse(mine, second.id))
    act(house, "beba", deeds.Excuse(mine, second.id, away=False))
    house.hear("beba", "/bookings")
    assert "⏰ A reminder comes before each meeting, the next: Friday 13 March" in house.hear("beba", "1")[0][1].text
    shown = house.advance(days=13)
    reminded = [say.text for name, say in shown if name == "beba" and say.text.startswith("🔔")]
    assert len(reminded) == 2
    assert all("14 March" in text for text in reminded)
    assert look(house, select(Meeting.taken).where(Meeting.id == first.id)) == [1], "the place stays"
    assert act(house, "beba", CancelBooking(mine)).outcome == "cancelled"
    assert look(house, select(Meeting.taken).where(Meeting.id == first.id)) == [0]


def test_only_staff_of_the_organisation_change_a_series(house: House) -> None:
    booking = enrol(house, "mama", "mila")
    first, *_rest = units(house)
    listing, later = first.listing_id, (first.starts_at + 60 * DAY).isoformat()
    every: list[Deed] = [
        deeds.NameUnit(first.id, "en", "Passwords"),
        deeds.AddUnit(listing, later),
        deeds.SetSeries(listing, "rule_percent", 60),
        deeds.SetPaper(listing, "en", "a note"),
        deeds.SeePaper(booking, seen=True),
        deeds.CancelSeries(listing, "few"),
    ]
    assert {type(deed) for deed in every} == set(PERFORM) - {deeds.Excuse}
    for deed in every:
        for who in ("mila", "mama", "vesna"):
            assert act(house, who, deed).outcome == "refused", (deed, who)
    for deed in every:
        assert act(house, "ana", deed).outcome != "refused", deed
    assert act(house, "ana", deeds.SetSeries(listing, "capacity", 5)).outcome == "refused"
    assert act(house, "ana", deeds.SetSeries(listing, "rule_percent", 101)).outcome == "refused"
    single = look(house, select(Listing.id).where(Listing.code == "bor-matematika"))[0]
    assert act(house, "ana", deeds.SetSeries(single, "join_late", 1)).outcome == "refused"
    assert act(house, "ana", deeds.CancelSeries(single, "few")).outcome == "refused"


def test_a_unit_more_is_told_once_and_reminded_of_like_the_others(house: House) -> None:
    enrol(house, "mama", "mila")
    *_first, last = units(house)
    added = act(house, "ana", deeds.AddUnit(last.listing_id, (last.starts_at + 7 * DAY).isoformat()))
    assert added.details["told"] == 2
    shown = house.advance(days=45)
    reminders = Counter(name for name, say in shown if say.text.startswith("🔔"))
    assert reminders == {"mila": 12, "mama": 12}


def test_of_a_paper_only_that_it_was_seen_is_kept(house: House) -> None:
    booking = enrol(house, "mama", "mila")
    for seen in (True, True, False):
        assert act(house, "ana", deeds.SeePaper(booking, seen=seen)).outcome == "noted"
        (row,) = look(house, select(Booking).where(Booking.id == booking))
        assert (row.shown_at is not None, row.shown_to_id) == (seen, house.person_id("ana") if seen else None)


@pytest.mark.parametrize(("late", "found"), [(0, False), (1, True)])
def test_a_series_in_progress_is_found_by_its_next_unit_while_one_can_join(
    house: House, late: int, found: bool
) -> None:
    first, second, *_rest = units(house)
    act(house, "ana", deeds.SetSeries(first.listing_id, "join_late", late))
    house.now = first.ends_at
    with Session(house.database) as session:
        results = facts(house, session, "beba").offers.search(words="passwords scams strangers", offset=0, limit=9)
        hits = {one.listing_id: one.when.at for one in results.found if one.when is not None}
        offer = facts(house, session, "beba").offers.offer(first.listing_id)
        assert offer is not None
        assert [one.bookable for one in offer.sessions] == [found]
    assert hits.get(first.listing_id) == (second.starts_at if found else None)


def test_the_calendar_file_has_an_entry_for_each_unit(house: House) -> None:
    booking = enrol(house, "beba", "beba")
    with Session(house.database) as session:
        document = facts(house, session, "beba").offers.calendar(booking)
    assert document is not None
    lines = document.content.decode().splitlines()
    names = [line for line in lines if line.startswith("UID:")]
    assert (len(names), len(set(names))) == (5, 5)
    assert sum(line.startswith("DTSTART") for line in lines) == 5
    assert any("Scams online" in line for line in lines)


def test_two_who_are_one_keep_the_better_mark_of_each_unit(house: House) -> None:
    from models.attending.attendance import of_two

    mine, other = enrol(house, "mama", "mila"), enrol(house, "beba", "beba")
    marks = ((mine, 0, "absent"), (mine, 1, "present"), (other, 0, "present"), (other, 2, "excused"))
    meetings = units(house)
    with Session(house.database) as session:
        for booking, unit, state in marks:
            row = Attendance(booking_id=booking, session_id=meetings[unit].id, state=state, at=house.now)
            session.add(row)
        session.flush()
        of_two(session, mine, other)
        kept = session.execute(
            select(Attendance.session_id, Attendance.state).where(Attendance.booking_id == mine)
        ).all()
    states = {row.session_id: row.state for row in kept}
    assert [states.get(meeting.id) for meeting in meetings] == ["present", "present", "excused", None, None]
