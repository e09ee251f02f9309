"""What staff do to listings: who may, who is told, what cannot be undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.deeds.people.staff import PERFORM
from bot.doing import Doing
from bot.times.planning import series
from conversations.deeds import Deed
from conversations.deeds import staff as deeds
from conversations.speech import Done
from models.attending.attendance import Attendance
from models.audit import Audit
from models.messages.message import Note, Outgoing
from models.messages.reminder import Reminder
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Town
from models.places.booking import Booking
from models.places.taking import book
from models.who.people import Address
from models.who.staff import StaffRole
from tests.house import MONDAY, House

DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("admin", "en", organisation="kokoro", role="admin", town="bor")
    made.person("guard", "en", organisation="kokoro", role="safeguarding", town="bor")
    made.person("former", "en", organisation="kokoro", town="bor")
    made.person("vesna", "en", organisation="valjevo", town="valjevo")
    made.person("mila", "sr-Latn", band="15-17", town="bor")
    made.person("beba", "bg", band="15-17", town="bor")
    former = made.person_id("former")
    with Session(made.database) as session:
        for role in session.scalars(select(StaffRole).where(StaffRole.person_id == former)):
            role.ended_at = made.now
        session.commit()
    return made


def act(house: House, who: str, deed: Deed) -> Done:
    actor = house.person_id(who) if who else 0
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, actor, 1, "console"), deed)
        session.commit()
        return done


def look(house: House, wanted: Any) -> Any:
    with Session(house.database) as session:
        return session.scalars(wanted).first()


def maths(house: House) -> tuple[int, int]:
    """The listing, and its first session."""
    listing = look(house, select(Listing.id).where(Listing.code == "bor-matematika"))
    meeting = look(house, select(Meeting.id).where(Meeting.listing_id == listing).order_by(Meeting.starts_at))
    return listing, meeting


def booked(house: House, *names: str) -> list[int]:
    _listing, meeting = maths(house)
    ids = []
    for name in names:
        person = house.person_id(name)
        with Session(house.database) as session:
            made = book(session, house.now, session_id=meeting, person_id=person, booked_by_id=person).booking
            assert made is not None
            from bot.offering.places import plan_reminders

            if made.state == "booked":
                plan_reminders(Doing(session, house.now, house.rules), [made])
            ids.append(made.id)
            session.commit()
    return ids


def draft(house: House, **more: Any) -> dict[str, Any]:
    town = look(house, select(Town.id).where(Town.code == "bor"))
    return {
        "block": "OFF",
        "kind": "workshop",
        "title": {"en": "Drawing"},
        "summary": {"en": "We draw."},
        "town": town,
        "site_name": "Youth club",
        "first": (MONDAY + DAY).isoformat(),
        "every": 7,
        "times": 3,
        "minutes": 60,
        "places": 5,
        "remind": [1440],
        **more,
    }


def every_deed(house: House) -> dict[type[Deed], Deed]:
    listing, meeting = maths(house)
    booking = booked(house, "mila")[0]
    sent = act(house, "ana", deeds.SendBroadcast({"texts": {"en": "Hello"}})).details["broadcast"]
    organisation = look(house, select(Organisation.id).where(Organisation.code == "kokoro"))
    with Session(house.database) as session:
        session.add(Note(kind="quarantined", about="console: KeyError", created_at=house.now))
        session.commit()
    note = look(house, select(Note.id))
    later = (house.now + 5 * DAY).isoformat()
    every: list[Deed] = [
        deeds.PublishListing(draft(house, organisation=organisation)),
        deeds.WithdrawListing(listing),
        deeds.EditWords(listing, "title", "en", "Sums"),
        deeds.SetPlaces(listing, 9),
        deeds.CloseListing(listing),
        deeds.ReopenListing(listing),
        deeds.DuplicateListing(listing, {"first": later, "times": 1}),
        deeds.MoveSession(meeting, later),
        deeds.CancelSession(meeting, "ill"),
        deeds.CancelMeetings(listing, "ill"),
        deeds.MarkAttendance(booking, meeting, "present"),
        deeds.SendBroadcast({"organisation": organisation, "texts": {"en": "Hello"}}),
        deeds.StopBroadcast(int(str(sent))),
        deeds.ReportBroadcast(int(str(sent))),
        deeds.SettleNote(str(note), "seen"),
        deeds.MakePoster(listing, None, "en", "print"),
        deeds.HearOfRegistrations(wanted=False),
        deeds.LookAtPaper("2345-6789"),
        deeds.RecordPaper("2345-6789", "7", "Mila", "Guard", "mother", ("part",), "2026-03-01"),
        deeds.EndPaper("7"),
    ]
    return {type(deed): deed for deed in every}


OF_NO_ORGANISATION = (deeds.SettleNote, deeds.HearOfRegistrations, deeds.LookAtPaper, deeds.RecordPaper, deeds.EndPaper)
"""What staff of any organisation may do: notes, their own notices, and paper forms by a code or number they hold."""


def test_only_staff_of_the_organisation_may(house: House) -> None:
    every = every_deed(house)
    assert set(every) == set(PERFORM)
    house.now = look(house, select(Meeting.starts_at).where(Meeting.id == maths(house)[1]))  # marking has begun
    for kind, deed in every.items():
        outsiders = ["", "mila", "former", "guard", *(["vesna"] if kind not in OF_NO_ORGANISATION else [])]
        for who in outsiders:
            assert act(house, who, deed).outcome == "refused", (kind.__name__, who)
        with Session(house.database) as session:
            for who in ("ana", "admin"):
                doing = Doing(session, house.now, house.rules, _id(session, who), 1, "console")
                assert perform(doing, deed).outcome != "refused", (kind.__name__, who)
                session.rollback()


def _id(session: Session, name: str) -> int:
    return session.scalars(select(Address.person_id).where(Address.external_id == f"console-{name}")).one()


def test_what_is_done_is_audited(house: House) -> None:
    act(house, "ana", deeds.PublishListing(draft(house)))
    assert look(house, select(Audit.action).where(Audit.actor_id == house.person_id("ana"))) == "listing.published"


# ---------------------------------------------------------------- publish, undo


def test_it_can_be_undone_for_a_quarter_of_an_hour(house: House) -> None:
    listing = int(str(act(house, "ana", deeds.PublishListing(draft(house))).details["listing"]))
    house.now += timedelta(minutes=15)
    assert act(house, "ana", deeds.WithdrawListing(listing)).outcome == "withdrawn"
    assert look(house, select(Listing.state).where(Listing.id == listing)) == "cancelled"


def test_not_after_that_and_not_once_somebody_is_in_it(house: House) -> None:
    late = int(str(act(house, "ana", deeds.PublishListing(draft(house))).details["listing"]))
    house.now += timedelta(minutes=16)
    assert act(house, "ana", deeds.WithdrawListing(late)).outcome == "late"
    taken = int(str(act(house, "ana", deeds.PublishListing(draft(house, places=5))).details["listing"]))
    person = house.person_id("mila")
    with Session(house.database) as session:
        meeting = session.scalars(select(Meeting.id).where(Meeting.listing_id == taken)).first()
        assert meeting is not None
        book(session, house.now, session_id=meeting, person_id=person, booked_by_id=person)
        session.commit()
    assert act(house, "ana", deeds.WithdrawListing(taken)).outcome == "booked"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"title": {}}, "incomplete"),
        ({"first": None}, "incomplete"),
        ({"town": None}, "incomplete"),
        ({"site": 999_999}, "published"),
        ({"first": (MONDAY - DAY).isoformat()}, "past"),
        ({"block": "CALL", "closes": (MONDAY - DAY).isoformat()}, "past"),
        ({"block": "NONE"}, "incomplete"),
    ],
)
def test_old_answers_are_looked_at_again(house: House, change: dict[str, Any], outcome: str) -> None:
    assert act(house, "ana", deeds.PublishListing(draft(house, **change))).outcome == outcome


def test_a_series_keeps_its_wall_time_over_the_clock_change_and_leaves_holidays_out() -> None:
    first = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)  # 17:00 in Belgrade
    plan = series(first, "Europe/Belgrade", "RS", every_days=7, times=4)
    assert [f"{at:%d.%m. %H}" for at in plan.starts] == ["27.03. 16", "03.04. 15", "17.04. 15", "24.04. 15"]
    assert [f"{at:%d.%m.}" for at in plan.holidays] == ["10.04."]
    kept = series(first, "Europe/Belgrade", "RS", every_days=7, times=4, keep_holidays=True)
    assert [f"{at:%d.%m.}" for at in kept.starts] == ["27.03.", "03.04.", "10.04.", "17.04."]


@pytest.mark.parametrize(("zone", "country", "hour"), [("Europe/Belgrade", "RS", 1), ("Europe/Sofia", "BG", 1)])
def test_a_meeting_that_the_clock_change_leaves_out_is_left_out(zone: str, country: str, hour: int) -> None:
    first = datetime(2026, 3, 22, hour, 30, tzinfo=UTC)  # 02:30 in Belgrade, 03:30 in Sofia
    plan = series(first, zone, country, every_days=7, times=2, keep_holidays=True)
    assert len(plan.gaps) == 1
    assert f"{plan.starts[1]:%d.%m. %H:%M}" == "05.04. 00:30"


# ---------------------------------------------------------------- move, cancel, places


def told(house: House, what: str) -> list[int]:
    """The people to whom a message with these words was written, in order."""
    with Session(house.database) as session:
        rows = session.execute(
            select(Address.person_id, Outgoing.body).join(Outgoing, Outgoing.address_id == Address.id)
        )
        return sorted(person for person, body in rows if what in body["text"])


def test_a_move_tells_everybody_once_and_plans_the_reminders_anew(house: House) -> None:
    mila, _beba = booked(house, "mila", "beba")
    _listing, meeting = maths(house)
    to = (house.now + 6 * DAY).isoformat()
    assert act(house, "ana", deeds.MoveSession(meeting, to)) == Done("moved", {"told": 2})
    assert act(house, "ana", deeds.MoveSession(meeting, to)).outcome == "late"  # it is there already
    people = sorted((house.person_id("mila"), house.person_id("beba")))
    assert sorted(told(house, "🔁")) == people
    with Session(house.database) as session:
        row = session.get_one(Meeting, meeting)
        planned = session.scalars(
            select(Reminder).where(Reminder.about_id == mila, Reminder.about == "booking", Reminder.state == "planned")
        ).all()
        assert (row.sequence, row.starts_at.isoformat()) == (1, to)
        assert {one.sequence for one in planned} == {1}
        assert all(row.starts_at - one.due_at <= DAY for one in planned)


def test_a_cancelled_session_tells_everybody_once_and_reminds_nobody(house: House) -> None:
    booked(house, "mila", "beba")
    _listing, meeting = maths(house)
    assert act(house, "ana", deeds.CancelSession(meeting, "ill")) == Done("cancelled", {"told": 2})
    assert act(house, "ana", deeds.CancelSession(meeting, "ill")).outcome == "late"
    assert len(told(house, "❌")) == 2
    assert "Bolest predavača" in _text(house, "mila")
    assert "Болест на преподавателя" in _text(house, "beba")
    assert look(house, select(func.count()).where(Reminder.state == "planned")) == 0
    assert look(house, select(func.count()).where(Booking.state == "booked")) == 0


def _text(house: House, name: str) -> str:
    person = house.person_id(name)
    with Session(house.database) as session:
        body = session.scalars(
            select(Outgoing.body)
            .join(Address, Address.id == Outgoing.address_id)
            .where(Address.person_id == person)
            .order_by(Outgoing.id.desc())
        ).first()
        assert body is not None
        return str(body["text"])


@pytest.mark.parametrize(("urgent", "hour"), [(True, 20), (False, 7)])
def test_at_night_only_what_is_urgent_goes_out_and_the_log_says_so(house: House, urgent: bool, hour: int) -> None:
    booked(house, "mila")
    _listing, meeting = maths(house)
    house.now = MONDAY.replace(hour=20)  # 21:00 in Belgrade
    act(house, "ana", deeds.CancelSession(meeting, "closed", urgent=urgent))
    due = look(house, select(Outgoing.due_at).order_by(Outgoing.id.desc()))
    assert due.hour == hour
    details = look(house, select(Audit.details).where(Audit.action == "session.cancelled"))
    assert ("urgent" in details) is urgent


def test_more_places_are_offered_to_those_who_wait(house: House) -> None:
    listing, _meeting = maths(house)
    act(house, "ana", deeds.SetPlaces(listing, 1))
    booked(house, "mila", "beba")
    assert act(house, "ana", deeds.SetPlaces(listing, 0)) == Done("too_few", {"taken": 1})
    done = act(house, "ana", deeds.SetPlaces(listing, 2))
    assert done.details["offered"] == 1
    beba = house.person_id("beba")
    assert look(house, select(Booking.state).where(Booking.person_id == beba)) == "offered"


def test_a_closed_listing_needs_a_new_deadline_when_its_own_is_over(house: House) -> None:
    call = look(house, select(Listing.id).where(Listing.block == "CALL", Listing.code.startswith("valjevo")))
    act(house, "vesna", deeds.CloseListing(call))
    house.now += 60 * DAY
    assert act(house, "vesna", deeds.ReopenListing(call)).outcome == "deadline"
    later = (house.now + DAY).isoformat()
    assert act(house, "vesna", deeds.ReopenListing(call, later)).outcome == "open"


def test_attendance_is_marked_from_when_it_begins_and_taken_back(house: House) -> None:
    booking, meeting = booked(house, "mila")[0], maths(house)[1]
    assert act(house, "ana", deeds.MarkAttendance(booking, meeting, "present")).outcome == "refused"
    house.now = look(house, select(Meeting.starts_at).where(Meeting.id == meeting))
    for state in ("present", "absent", "excused"):
        assert act(house, "ana", deeds.MarkAttendance(booking, meeting, state)).outcome == "marked"
        known = select(Attendance.state).where(Attendance.booking_id == booking, Attendance.session_id == meeting)
        assert look(house, known) == state
    assert act(house, "ana", deeds.MarkAttendance(booking, meeting, "")).outcome == "marked"
    assert look(house, select(Attendance.id)) is None
    assert look(house, select(Booking.state).where(Booking.id == booking)) == "booked"


def test_staff_facts_are_empty_for_everybody_else(house: House) -> None:
    from bot.arriving.knowing import me_of
    from bot.facts import KnownFacts, Lookup
    from models.who.people import Person

    _listing, meeting = maths(house)
    with Session(house.database) as session:
        for who, sees in (("ana", True), ("mila", False), ("vesna", False), ("former", False), ("guard", False)):
            me = me_of(session, session.get_one(Person, _id(session, who)))
            facts = KnownFacts(Lookup(session, house.now, me, house.rules)).staff
            assert (facts.session(meeting) is not None) is sees
            assert (facts.listing(maths_id(session)) is not None) is sees
            if not sees:
                assert facts.people(meeting) == ()
            if who in ("mila", "former", "guard"):
                assert facts.reach({}).reached == 0
                assert facts.notes() == ()
                assert facts.listings(0, 5) == ((), 0)


def maths_id(session: Session) -> int:
    return session.scalars(select(Listing.id).where(Listing.code == "bor-matematika")).one()
