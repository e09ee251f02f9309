"""Around a session: who may do what, who is told what, once and never at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from bot.keeping import retention
from bot.offering import afterwards
from conversations.deeds import Deed
from conversations.deeds.around import (
    AskForLesson,
    GetMaterial,
    GiveFeedback,
    HandCertificate,
    NameCertificate,
    SayHere,
    SayWhyAbsent,
)
from conversations.deeds.offers import Book
from conversations.deeds.staff import MarkAttendance
from conversations.deeds.staff_around import (
    AddLeader,
    AddMaterial,
    EndLeader,
    InviteLeader,
    IssueCertificates,
    RevokeCertificate,
    SetChildCare,
    SetLeader,
    SettleAbsence,
    ShowRoomCode,
)
from conversations.speech import Done
from models.attending.absences import AbsenceNotice
from models.attending.attendance import mark, state_of
from models.lessons import certificate, feedback, leading, leaning, material
from models.lessons.certificate import Certificate
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places.booking import Booking
from models.places.taking import book
from models.who.people import Address, Guardianship
from tests.house import House

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("vesna", "en", organisation="valjevo")
    made.person("tutor", "en", band="18+", town="bor")
    made.person("mila", "en", band="15-17", town="bor")
    made.person("vera", "en", band="15-17", town="bor")
    return made


def run(house: House, name: str, deed: Deed, *, at: datetime | None = None) -> Done:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        address = session.scalars(select(Address.id).where(Address.person_id == person_id)).one()
        done = perform(Doing(session, at or house.now, house.rules, person_id, address, "console"), deed)
        session.commit()
        return done


T = TypeVar("T")


def within(house: House, work: Callable[[Session], T]) -> T:
    with Session(house.database, expire_on_commit=False) as session:
        done = work(session)
        session.commit()
        return done


def maths(session: Session, n: int = 0) -> Meeting:
    of = session.scalars(select(Listing.id).where(Listing.code == "bor-matematika")).one()
    return session.scalars(select(Meeting).where(Meeting.listing_id == of).order_by(Meeting.starts_at)).all()[n]


def booked(house: House, name: str, n: int = 0) -> tuple[int, Meeting]:
    person_id = house.person_id(name)

    def work(session: Session) -> tuple[int, Meeting]:
        meeting = maths(session, n)
        ended = book(session, house.now, session_id=meeting.id, person_id=person_id, booked_by_id=person_id)
        assert ended.booking is not None
        return ended.booking.id, meeting

    return within(house, work)


def there(house: House, booking: int, meeting: Meeting, state: str = "present") -> None:
    at = meeting.ends_at
    assert within(house, lambda s: mark(s, at, booking_id=booking, session_id=meeting.id, state=state, by_id=None))


def swept(house: House, at: datetime) -> int:
    """How many messages the standing job writes at an instant."""

    def work(session: Session) -> int:
        doing = Doing(session, at, house.rules)
        afterwards.sweep(doing)
        return len(doing.outgoing)

    return within(house, work)


# ---------------------------------------------------------------- who may


def test_staff_of_another_organisation_may_do_nothing(house: House) -> None:
    booking, meeting = booked(house, "mila")
    leader = run(house, "ana", AddLeader(None, "DEMO")).details["leader"]
    assert isinstance(leader, int)
    there(house, booking, meeting)
    now = meeting.ends_at
    assert run(house, "ana", IssueCertificates(meeting.listing_id), at=now).outcome == "issued"
    row = within(house, lambda s: s.scalars(select(Certificate.id)).one())
    for deed in (
        EndLeader(leader),
        InviteLeader(leader),
        SetLeader(leader, session=meeting.id),
        SetLeader(0, listing=meeting.listing_id),
        AddMaterial(meeting.listing_id, 0, "before", "DEMO", "DEMO"),
        AddMaterial(0, meeting.id, "before", "DEMO", "DEMO"),
        ShowRoomCode(meeting.id),
        SetChildCare(meeting.listing_id, True),
        IssueCertificates(meeting.listing_id),
        RevokeCertificate(row, "DEMO"),
        MarkAttendance(booking, meeting.id, "absent"),
        SettleAbsence(1),
    ):
        for name in ("vesna", "mila", "tutor"):
            assert run(house, name, deed, at=meeting.starts_at).outcome == "refused", (name, deed)


def test_a_leader_may_mark_only_their_own_meeting(house: House) -> None:
    first, mine = booked(house, "mila")
    second, other = booked(house, "mila", 1)
    leader = run(house, "ana", AddLeader(None, "DEMO")).details["leader"]
    assert isinstance(leader, int)
    within(house, lambda s: leading.become(s, leader, house.person_id("tutor")))
    assert run(house, "ana", SetLeader(leader, session=mine.id)).outcome == "set"
    assert run(house, "tutor", MarkAttendance(first, mine.id, "present"), at=mine.starts_at).outcome == "marked"
    assert run(house, "tutor", MarkAttendance(second, other.id, "present"), at=other.starts_at).outcome == "refused"
    assert run(house, "tutor", MarkAttendance(second, mine.id, "present"), at=mine.starts_at).outcome == "refused"
    assert run(house, "tutor", ShowRoomCode(mine.id), at=mine.starts_at).outcome == "shown"
    assert run(house, "tutor", ShowRoomCode(other.id), at=other.starts_at).outcome == "refused"
    assert run(house, "ana", EndLeader(leader)).details == {"left": 1}
    assert run(house, "tutor", MarkAttendance(first, mine.id, "absent"), at=mine.starts_at).outcome == "refused"


def test_nobody_acts_on_the_booking_of_another(house: House) -> None:
    booking, meeting = booked(house, "mila")
    run(house, "ana", AddMaterial(meeting.listing_id, 0, "before", "DEMO", "DEMO"))
    thing = within(house, lambda s: s.scalars(select(material.Material.id)).one())
    code = str(run(house, "ana", ShowRoomCode(meeting.id), at=meeting.starts_at).details["code"])
    asked = within(house, lambda s: feedback.ask(s, house.now, meeting.id, house.person_id("mila")))
    assert asked is not None
    assert run(house, "vera", AskForLesson(booking, meeting.id, "DEMO")).outcome == "late"
    assert run(house, "vera", GetMaterial(booking, thing)).outcome == "gone"
    assert run(house, "vera", SayHere(booking, meeting.id, code), at=meeting.starts_at).outcome == "no_place"
    assert run(house, "vera", GiveFeedback(asked, "bad")).outcome == "gone"
    assert run(house, "mila", AskForLesson(booking, meeting.id, "DEMO")).outcome == "kept"
    assert run(house, "mila", GetMaterial(booking, thing)).outcome == "text"
    assert run(house, "mila", SayHere(booking, meeting.id, code), at=meeting.starts_at).outcome == "here"
    assert within(house, lambda s: state_of(s, booking, meeting.id)) == "present"
    assert run(house, "mila", GiveFeedback(asked, "good")).outcome == "thanks"


def test_a_certificate_is_named_once_and_only_by_whose_it_is(house: House) -> None:
    booking, meeting = booked(house, "mila")
    there(house, booking, meeting)
    done = run(house, "ana", IssueCertificates(meeting.listing_id), at=meeting.ends_at)
    assert done.details == {"n": 1, "told": 1}
    assert run(house, "ana", IssueCertificates(meeting.listing_id), at=meeting.ends_at).outcome == "nobody"
    row = within(house, lambda s: s.scalars(select(Certificate.id)).one())
    assert run(house, "vera", NameCertificate(row, "DEMO", True)).outcome == "gone"
    assert run(house, "mila", HandCertificate(row, "en")).outcome == "no_name"
    assert run(house, "mila", NameCertificate(row, "Mila DEMO", True)).outcome == "named"
    assert run(house, "mila", NameCertificate(row, "Other", True)).outcome == "gone"
    assert run(house, "vera", HandCertificate(row, "en")).outcome == "gone"
    assert run(house, "mila", HandCertificate(row, "sr-Cyrl")).outcome == "coming"
    within(house, lambda s: certificate.revoke(s, house.now, row, "DEMO"))
    assert run(house, "mila", HandCertificate(row, "en")).outcome == "gone"


# ---------------------------------------------------------------- who is told


def test_a_substitute_is_told_once_to_who_has_a_place(house: House) -> None:
    _booking, meeting = booked(house, "mila")
    ids = [run(house, "ana", AddLeader(None, name)).details["leader"] for name in ("Ivana", "Marko")]
    first, second = (int(str(one)) for one in ids)
    assert run(house, "ana", SetLeader(first, session=meeting.id)).details == {"told": 0}, "nobody was expected"
    assert run(house, "ana", SetLeader(second, session=meeting.id)).details == {"told": 1}
    assert run(house, "ana", SetLeader(second, session=meeting.id)).outcome == "same"
    assert run(house, "ana", SetLeader(first, session=meeting.id), at=meeting.ends_at).outcome == "late"


def test_nobody_is_asked_how_it_was_at_night_or_twice(house: House) -> None:
    booking, meeting = booked(house, "mila")
    there(house, booking, meeting)
    night = meeting.ends_at + 5 * HOUR
    assert swept(house, night) == 0
    assert within(house, lambda s: s.scalar(select(func.count()).select_from(feedback.Feedback))) == 0
    morning = night + 10 * HOUR
    assert swept(house, morning) == 1
    assert swept(house, morning + HOUR) == 0


def test_materials_for_after_are_brought_once_also_when_they_come_late(house: House) -> None:
    booking, meeting = booked(house, "mila")
    booked(house, "vera")
    there(house, booking, meeting, "absent")
    noon = meeting.ends_at + DAY - 6 * HOUR
    assert swept(house, noon) == 0
    run(house, "ana", AddMaterial(0, meeting.id, "after", "DEMO", "https://example.org/"), at=noon)
    assert swept(house, noon) == 1, "who was there; who was away finds it in their bookings"
    assert swept(house, noon + HOUR) == 0


@pytest.mark.parametrize("wants", [True, False])
def test_a_guardian_hears_of_absences_only_with_reminders(house: House, wants: bool) -> None:
    house.person("mama", "en", band="18+", town="bor")
    within(
        house,
        lambda s: s.add(
            Guardianship(
                guardian_id=house.person_id("mama"),
                child_id=house.person_id("mila"),
                relation="mother",
                reminders=wants,
                confirmed_at=house.now,
            )
        ),
    )
    last = None
    for n in range(3):
        booking, last = booked(house, "mila", n)
        there(house, booking, last, "absent")
    assert last is not None
    assert swept(house, last.ends_at) == (2 if wants else 1)
    assert swept(house, last.ends_at + DAY) == 0
    notice = within(house, lambda s: s.scalars(select(AbsenceNotice.id)).one())
    assert run(house, "vera", SayWhyAbsent(notice, "far")).outcome == "gone"
    assert run(house, "mila", SayWhyAbsent(notice, "far")).outcome == "noted"
    kinds = within(house, lambda s: set(s.scalars(select(Outgoing.kind))))
    assert "invitation" in kinds


def test_what_is_kept_around_sessions_ends_by_itself(house: House) -> None:
    person_id = house.person_id("mila")
    booking, meeting = booked(house, "mila")
    run(house, "mila", AskForLesson(booking, meeting.id, "DEMO"))
    within(house, lambda s: leaning.keep(s, house.now, person_id, ("art",)))
    within(house, lambda s: feedback.ask(s, house.now, meeting.id, person_id))
    run(house, "ana", ShowRoomCode(meeting.id), at=meeting.starts_at)
    steps = (retention._questions, retention._answers, retention._leanings, retention._room_codes)

    def deleted(at: datetime) -> list[int]:
        return [within(house, partial(step, now=at)) for step in steps]

    assert deleted(house.now) == [0, 0, 0, 0]
    assert deleted(house.now + 60 * DAY) == [1, 1, 1, 1]
    assert deleted(house.now + 60 * DAY) == [0, 0, 0, 0]


def test_child_care_is_counted_with_the_booking(house: House) -> None:
    house.person("mama", "en", band="18+", town="bor")
    of = within(house, lambda s: s.scalars(select(Listing).where(Listing.code == "bor-roditelji")).one())
    assert of.child_care
    first = within(
        house, lambda s: s.scalars(select(Meeting.id).where(Meeting.listing_id == of.id).order_by(Meeting.id)).first()
    )
    assert first is not None
    assert run(house, "mama", Book(first, (house.person_id("mama"),), care=True)).outcome == "booked"
    assert within(house, lambda s: s.scalars(select(Booking.care)).all()) == [True]


def test_a_roster_is_one_organisations(house: House) -> None:
    other = within(house, lambda s: s.scalars(select(Organisation.id).where(Organisation.code == "valjevo")).one())
    assert run(house, "ana", AddLeader(other, "DEMO")).outcome == "refused"
    theirs = run(house, "vesna", AddLeader(None, "DEMO")).details["leader"]
    _booking, meeting = booked(house, "mila")
    assert run(house, "ana", SetLeader(int(str(theirs)), session=meeting.id)).outcome == "refused"
