"""Learning, exams, costs, sheets and the log: who may write and read, who is told what, and what is kept how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts.around.lessons import KnownLessons
from bot.facts.lookup import Lookup
from bot.facts.people.own_data import everything
from bot.keeping import retention
from bot.sending import envelope
from conversations.deeds import Deed
from conversations.deeds.lessons import (
    HandSheet,
    NoteResult,
    ReadLearning,
    SetExam,
    SetTerms,
    TellResults,
    WriteLearning,
    WriteLog,
)
from conversations.deeds.offers import Book
from conversations.deeds.staff import MarkAttendance, SendBroadcast
from conversations.deeds.staff_around import AddLeader, SetLeader
from conversations.speech import Done
from models.asking.club import Club, Membership
from models.attending.attendance import Attendance, mark
from models.audit import Audit
from models.campaigns.broadcast import Broadcast
from models.lessons import certificate, learning
from models.lessons.leading import Leader
from models.lessons.learning import LearningNote
from models.messages.message import Outgoing, StoredAttachment
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who import erasure
from models.who.acting import share
from models.who.people import Address, Guardianship, Person
from tests.house import House

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
T = TypeVar("T")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("vesna", "en", organisation="valjevo")
    made.person("mama", "en", band="18+", town="bor")
    made.person("mila", "en", band="15-17", town="bor")
    made.person("luka", "en", band="under14", town="bor")
    return made


def within(house: House, work: Callable[[Session], T]) -> T:
    with Session(house.database, expire_on_commit=False) as session:
        done = work(session)
        session.commit()
        return done


def pid(session: Session, name: str) -> int:
    """Who somebody is, looked up within a transaction."""
    return session.scalars(select(Address.person_id).where(Address.external_id == f"console-{name}")).one()


def run(house: House, name: str, deed: Deed, *, at: datetime | None = None) -> Done:
    person_id = house.person_id(name)

    def work(session: Session) -> Done:
        address = session.scalars(select(Address.id).where(Address.person_id == person_id)).one()
        return perform(Doing(session, at or house.now, house.rules, person_id, address, "console"), deed)

    return within(house, work)


def known(house: House, session: Session, name: str) -> KnownLessons:
    person = session.get_one(Person, pid(session, name))
    return KnownLessons(Lookup(session, house.now, me_of(session, person), house.rules))


def meetings(session: Session, code: str = "bor-matematika") -> list[Meeting]:
    of = session.scalars(select(Listing.id).where(Listing.code == code)).one()
    return list(session.scalars(select(Meeting).where(Meeting.listing_id == of).order_by(Meeting.starts_at)))


def placed(house: House, name: str, meeting: Meeting) -> int:
    """A place at a meeting, as if it had been booked; returns the booking."""
    person_id = house.person_id(name)

    def work(session: Session) -> int:
        row = Booking(
            number=1000 * meeting.id + person_id, session_id=meeting.first_id or meeting.id, person_id=person_id,
            booked_by_id=person_id, state="booked", created_at=house.now, changed_at=house.now,
        )  # fmt: skip
        session.add(row)
        session.get_one(Meeting, row.session_id).taken += 1
        session.flush()
        return row.id

    return within(house, work)


def guards(house: House, guardian: str, child: str, *, grown: bool = False) -> None:
    link = Guardianship(
        guardian_id=house.person_id(guardian), child_id=house.person_id(child), relation="mother",
        confirmed_at=house.now, grown_at=house.now if grown else None,
    )  # fmt: skip
    within(house, lambda session: session.add(link))


def lead(house: House, name: str, meeting: Meeting) -> None:
    """Somebody is put on the roster, uses the bot, and leads a meeting."""
    leader = int(str(run(house, "ana", AddLeader(None, name)).details["leader"]))
    person_id = house.person_id(name)
    within(house, lambda session: setattr(session.get_one(Leader, leader), "person_id", person_id))
    assert run(house, "ana", SetLeader(leader, meeting.id)).outcome == "set"


def there(house: House, booking: int, meeting: Meeting, state: str = "present") -> None:
    at = meeting.ends_at
    assert within(house, lambda s: mark(s, at, booking_id=booking, session_id=meeting.id, state=state, by_id=None))


def told(house: House, name: str) -> list[str]:
    person_id = house.person_id(name)

    def work(session: Session) -> list[str]:
        wanted = select(Outgoing).join(Address).where(Address.person_id == person_id).order_by(Outgoing.id)
        return [envelope.from_json(row.body).text for row in session.scalars(wanted)]

    return within(house, work)


# ---------------------------------------------------------------- learning


def test_who_leads_the_lesson_writes_and_nobody_else_outside_reads(house: House) -> None:
    house.person("tutor", "en", band="18+", town="bor")
    house.person("other", "en", band="18+", town="bor")
    house.person("host", "en", band="18+", town="bor")
    first, second = within(house, meetings)[:2]
    for name, meeting in (("tutor", first), ("other", second)):
        lead(house, name, meeting)
    luka, mila = placed(house, "luka", first), placed(house, "mila", first)
    guards(house, "mama", "luka")
    guards(house, "mama", "mila", grown=True)
    within(house, lambda s: share(s, house.now, pid(s, "host"), pid(s, "mila")))

    words = WriteLearning(first.id, luka, "Fractions go well.")
    assert run(house, "tutor", words).outcome == "early"
    during = first.starts_at + 10 * MINUTE
    for stranger in ("other", "vesna", "mila", "mama"):
        assert run(house, stranger, words, at=during).outcome == "refused"
        assert run(house, stranger, ReadLearning(first.id, luka), at=during).outcome == "refused"
    assert run(house, "tutor", WriteLearning(second.id, luka, "Not there."), at=during).outcome == "refused"
    assert run(house, "tutor", words, at=during).outcome == "saved"
    tutor = house.person_id("tutor")
    elsewhere = within(
        house, lambda s: learning.write(s, during, s.get_one(Booking, luka), s.get_one(Meeting, second.id), "x", tutor)
    )
    assert elsewhere == "gone"
    assert run(house, "ana", WriteLearning(first.id, luka, "Fractions go very well."), at=during).outcome == "saved"
    assert run(house, "tutor", WriteLearning(first.id, mila, "Practise roots."), at=during).outcome == "saved"
    assert run(house, "ana", ReadLearning(first.id, luka), at=during).outcome == "read"
    assert len([one for one in told(house, "luka") if "how it goes" in one]) == 1, "a correction tells nobody again"
    assert not any("Fractions" in one for one in told(house, "luka")), "the message itself says nothing of it"

    house.now = during
    with Session(house.database) as session:
        read = [row.subject for row in session.scalars(select(Audit).where(Audit.action == "learning.read"))]
        assert read == [f"booking:{luka}"]
        assert session.query(LearningNote).count() == 2, "one for each lesson and pupil"
        for name, of_luka, of_mila in (("luka", 1, 0), ("mila", 0, 1), ("mama", 1, 0), ("host", 0, 0), ("ana", 0, 0)):
            seen = known(house, session, name)
            assert (len(seen.learning(luka)), len(seen.learning(mila))) == (of_luka, of_mila), name
        for name, n in (("tutor", 1), ("ana", 1), ("other", 0), ("vesna", 0), ("mama", 0)):
            seen = known(house, session, name)
            assert len(seen.learning_of(first.id, luka)) == n, name
            assert bool(seen.pupils(first.id)) == bool(n), name
        held = everything(session, session.get_one(Person, pid(session, "luka")))["how_the_learning_goes"]
        assert [one["words"] for one in held] == ["Fractions go very well."]


def test_lines_on_learning_go_after_half_a_year_and_with_the_person(house: House) -> None:
    first = within(house, meetings)[0]
    luka, mila = placed(house, "luka", first), placed(house, "mila", first)
    for booking in (luka, mila):
        run(house, "ana", WriteLearning(first.id, booking, "Well done."), at=first.ends_at)
    late = first.ends_at + learning.KEEP
    swept = [step for step in retention.STEPS if step.__name__ == "_learning"]
    assert within(house, lambda session: [step(session, late) for step in swept]) == [0]
    within(house, lambda session: erasure.erase(session, house.now, pid(session, "luka")))
    left = within(house, lambda session: list(session.scalars(select(LearningNote.person_id))))
    assert left == [house.person_id("mila")]
    assert within(house, lambda session: [step(session, late + DAY) for step in swept]) == [1]
    assert within(house, lambda session: session.query(LearningNote).count()) == 0
    assert run(house, "ana", WriteLearning(first.id, mila, "x y"), at=first.ends_at).outcome == "saved"
    assert run(house, "ana", WriteLearning(first.id, mila, ""), at=first.ends_at).outcome == "removed"
    within(house, lambda session: erasure.erase(session, house.now, pid(session, "ana")))


# ---------------------------------------------------------------- exams


def test_results_are_told_once_and_only_who_passed_gets_the_certificate(house: House) -> None:
    first = within(house, meetings)[0]
    luka, mila = placed(house, "luka", first), placed(house, "mila", first)
    guards(house, "mama", "luka")
    over = first.ends_at
    assert run(house, "ana", NoteResult(first.id, mila, "passed"), at=over).outcome == "refused", "it is no exam yet"
    assert run(house, "vesna", SetExam(first.id, True)).outcome == "refused"
    assert run(house, "ana", SetExam(first.id, True)).outcome == "on"
    assert run(house, "ana", NoteResult(first.id, mila, "passed")).outcome == "refused", "it has not begun"
    assert run(house, "mila", NoteResult(first.id, mila, "passed"), at=over).outcome == "refused"
    for booking, result in ((luka, "passed"), (mila, "failed")):
        assert run(house, "ana", NoteResult(first.id, booking, result), at=over).outcome == "noted"
    assert run(house, "ana", SetExam(first.id, False), at=over).outcome == "late", "it has results"
    with Session(house.database) as session:
        assert known(house, session, "mila").results(mila) == (), "nothing is known before it is told"
    assert run(house, "ana", TellResults(first.id), at=over).details == {"told": 2}
    assert run(house, "ana", TellResults(first.id), at=over).outcome == "nobody"
    assert ["Passed" in one for one in told(house, "luka")] == [True]
    assert [("Not passed" in one, "Passed." in one) for one in told(house, "mila")] == [(True, False)]
    with Session(house.database) as session:
        assert [row.passed for row in known(house, session, "mama").results(luka)] == [True]
        assert known(house, session, "mama").results(mila) == ()

    def completed(session: Session) -> set[int]:
        listing = session.get_one(Listing, first.listing_id)
        return {one.person_id for one in certificate.completed(session, over, listing)}

    both = {house.person_id("luka"), house.person_id("mila")}
    assert within(house, completed) == both
    assert run(house, "vesna", SetTerms(first.listing_id, "exam_needed", "yes")).outcome == "refused"
    assert run(house, "ana", SetTerms(first.listing_id, "exam_needed", "yes")).outcome == "saved"
    assert within(house, completed) == {house.person_id("luka")}
    assert run(house, "ana", NoteResult(first.id, mila, "passed"), at=over).outcome == "noted"
    assert within(house, completed) == both
    assert run(house, "ana", TellResults(first.id), at=over).details == {"told": 1}
    assert "We were wrong" in told(house, "mila")[-1]
    assert run(house, "ana", MarkAttendance(mila, first.id, "absent"), at=over).outcome == "result", (
        "a slip of the thumb"
    )
    assert run(house, "ana", NoteResult(first.id, mila, ""), at=over).outcome == "noted"
    assert within(house, completed) == {house.person_id("luka")}
    assert run(house, "ana", MarkAttendance(mila, first.id, "absent"), at=over).outcome == "marked"
    assert run(house, "ana", NoteResult(first.id, mila, "passed"), at=over).outcome == "noted"
    there(house, mila, first, "absent")
    assert within(house, completed) == {house.person_id("luka")}, "who was not there has no result"
    with Session(house.database) as session:
        assert known(house, session, "mila").results(mila) == ()
        assert {row.told for row in session.scalars(select(Attendance))} == {"passed"}


# ---------------------------------------------------------------- sheets, log, tools, transport


def test_sheets_hold_who_came_and_are_for_staff_of_it_alone(house: House) -> None:
    first, second = within(house, meetings)[:2]
    bookings = placed(house, "luka", first), placed(house, "mila", first)
    again = placed(house, "mila", second)
    within(house, lambda s: setattr(s.get_one(Person, pid(s, "mila")), "called", "=1+1"))
    for booking, meeting in ((bookings[1], first), (again, second)):
        there(house, booking, meeting)
    for what, of in (("signatures", first.id), ("travel", first.listing_id), ("log", first.listing_id)):
        assert run(house, "vesna", HandSheet(what, of), at=second.ends_at).outcome == "refused"
        assert run(house, "mila", HandSheet(what, of), at=second.ends_at).outcome == "refused"
    assert run(house, "vesna", WriteLog(first.id, "x")).outcome == "refused"
    assert run(house, "ana", WriteLog(first.id, "x")).outcome == "early"
    assert run(house, "ana", WriteLog(first.id, "We did fractions."), at=first.ends_at).outcome == "saved"
    pages = {}
    for what, of in (("signatures", first.id), ("travel", first.listing_id), ("log", first.listing_id)):
        assert run(house, "ana", HandSheet(what, of), at=second.ends_at).outcome == "sent"
        pages[what] = _newest(house)
    names = [row[1] for row in pages["signatures"][5:]]
    assert names[:2] == [None, "=1+1"] or names[:2] == ["=1+1", None]
    assert len(names) == 2 + 5
    numbers = ", ".join(str(1000 * one.id + house.person_id("mila")) for one in (first, second))
    assert [row[:4] for row in pages["travel"][2:]] == [(numbers, "=1+1", "Bor", "2")]
    assert [row[2:] for row in pages["log"][1:]] == [("1", "1", None, None), ("2", "1", None, "We did fractions.")]
    assert run(house, "ana", HandSheet("travel", second.listing_id), at=first.starts_at).outcome == "sent"


def _newest(house: House) -> list[tuple[object, ...]]:
    def work(session: Session) -> list[tuple[object, ...]]:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.id.desc()))
        file = next(document for row in rows if (document := envelope.from_json(row.body).document) is not None)
        page = load_workbook(BytesIO(file.content)).active
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row), "a name is no formula"
        return [tuple(row) for row in page.iter_rows(values_only=True)]

    return within(house, work)


def test_what_is_brought_and_who_is_fetched_is_counted_for_staff(house: House) -> None:
    house.person("bogdan", "en", organisation="kazanlak", town="kazanlak")
    clean = within(house, lambda session: meetings(session, "kazanlak-chistene"))[0]
    assert run(house, "ana", SetTerms(clean.listing_id, "tool:rake", "5")).outcome == "refused"
    assert run(house, "bogdan", SetTerms(clean.listing_id, "tool:pony", "5")).outcome == "refused"
    assert run(house, "bogdan", SetTerms(clean.listing_id, "tool:rake", "5")).outcome == "saved"
    assert run(house, "bogdan", SetTerms(clean.listing_id, "tool:bags", "0")).outcome == "saved"
    mama, mila = house.person_id("mama"), house.person_id("mila")
    said = Book(clean.id, (mama,), tools="brings", brings=("rake", "gloves", "pony"), transport=True)
    assert run(house, "mama", said).outcome == "booked"
    assert run(house, "mila", Book(clean.id, (mila,), tools="needs", brings=("rake",))).outcome == "booked"
    with Session(house.database) as session:
        seen = known(house, session, "bogdan")
        assert set(seen.tools(clean.id)) == {("gloves", 1, 30), ("rake", 1, 5)}
        assert [number for _called, number in seen.to_fetch(clean.id)] == [1001]
        assert known(house, session, "ana").tools(clean.id) == ()
        assert known(house, session, "ana").to_fetch(clean.id) == ()


# ---------------------------------------------------------------- messages to many


def test_members_and_their_parents_are_invited_with_a_voice_by_their_own_staff_alone(house: House) -> None:
    house.person("sef", "en", organisation="kazanlak", town="kazanlak")
    house.person("ivo", "bg", band="under14", town="kazanlak")
    house.person("baba", "bg", band="18+", town="kazanlak")
    guards(house, "baba", "ivo")
    code = {row.code: row.id for row in within(house, lambda s: list(s.scalars(select(Listing))))}
    club, event = code["koprinka-folklor"], code["kazanlak-chistene"]
    ivo = house.person_id("ivo")
    within(house, lambda s: s.add_all([Club(listing_id=club), Membership(
        listing_id=club, person_id=ivo, joined_at=house.now)]))  # fmt: skip
    sent = [_sent(house, name) for name in ("sef", "ana")]
    draft = {"listings": [club], "guardians": True, "listing": event, "invites": True, "attachment": str(sent[0])}
    assert run(house, "ana", SendBroadcast({**draft, "listing": None, "texts": {"en": "x"}})).outcome == "refused"
    assert run(house, "sef", SendBroadcast({**draft, "attachment": str(sent[1])})).outcome == "lost"
    alone = run(house, "sef", SendBroadcast({**draft, "guardians": False, "due": (house.now + DAY).isoformat()}))
    both = run(house, "sef", SendBroadcast(draft))
    with Session(house.database) as session:
        rows = [session.get_one(Broadcast, int(str(one.details["broadcast"]))) for one in (alone, both)]
        kept = session.get_one(StoredAttachment, sent[0]).keep_until
        assert kept > house.now + 4 * DAY
        messages = session.scalars(select(Outgoing).where(Outgoing.broadcast_id == rows[1].id)).all()
        bodies = [envelope.from_json(row.body) for row in messages]
        assert [row.counted for row in rows] == [0, 1], "the child has no yes to messages, the grandmother has"
        assert len(bodies) == 1
        assert all(body.relay == sent[0] for body in bodies)
        assert all("Чистим заедно" in body.text and "покана" in body.text for body in bodies)
        assert all(body.text.count("Чистим заедно") == 1 for body in bodies)


def _sent(house: House, name: str) -> int:
    def work(session: Session) -> int:
        row = StoredAttachment(
            person_id=pid(session, name), kind="voice", content=b"DEMO", created_at=house.now,
            keep_until=house.now + DAY,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    return within(house, work)
