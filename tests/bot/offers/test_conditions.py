"""Conditions as the house runs them: who may set them, who is told what, what is kept, what time does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.deeds.offers import staff_conditions, staff_meetings
from bot.doing import Doing
from bot.facts.people.own_data import everything
from bot.keeping.retention import STEPS
from bot.offering import conditions as running
from bot.searching.search import Query, read_query, search
from bot.times.planning import series
from bot.times.school_breaks import free_days, known
from conversations.deeds import Deed
from conversations.deeds.conditions import (
    AddBreak,
    AddInstitution,
    AddSession,
    AskEligibility,
    CancelGroup,
    CountHeads,
    DecideEligibility,
    GroupAnyway,
    MoveInLine,
    ReleaseQuotas,
    RemindOpening,
    RemoveBreak,
    SetAfter,
    SetAudience,
    SetChecked,
    SetDropIn,
    SetLeast,
    SetQuota,
    SetWindow,
)
from conversations.deeds.offers import Book
from models.audit import Audit
from models.messages.message import Outgoing
from models.messages.reminder import Reminder
from models.offers.closures import Closure
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from models.places import conditions, quota
from models.places.booking import Booking
from models.places.eligibility import Eligibility
from models.places.quota import Institution, WorksAt
from models.who.erasure import erase
from models.who.people import Address, Person
from tests.house import MONDAY, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("strange", "en", organisation="care", town="nis")
    for name in ("mila", "luka", "vera"):
        made.person(name, "en", band="18+", town="bor")
    return made


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    ids = {name: house.person_id(name) for name in house.people}  # before this session holds SQLite's only writer
    with Session(house.database) as opened:
        opened.info["who"] = ids
        yield opened


def who(session: Session, name: str) -> int:
    return int(session.info["who"][name])


def done(session: Session, house: House, name: str, deed: Deed, *, at: datetime = MONDAY) -> str:
    doing = Doing(session, at, house.rules, who(session, name))
    return perform(doing, deed).outcome


def of(session: Session, code: str) -> Listing:
    return session.scalars(select(Listing).where(Listing.code == code)).one()


def meetings(session: Session, listing: Listing) -> list[Meeting]:
    rows = select(Meeting).where(Meeting.listing_id == listing.id, Meeting.state == "planned")
    return list(session.scalars(rows.order_by(Meeting.starts_at)))


def book(session: Session, house: House, name: str, meeting: Meeting) -> str:
    return done(session, house, name, Book(meeting.id, (who(session, name),)))


def written(session: Session, house: House, name: str) -> list[str]:
    mine = select(Address.id).where(Address.person_id == who(session, name))
    rows = session.scalars(select(Outgoing).where(Outgoing.address_id.in_(mine)).order_by(Outgoing.id))
    return [str(row.body.get("text", row.body)) for row in rows]


def test_only_staff_of_the_organisation_set_conditions_and_decide(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    meeting = meetings(session, listing)[0]
    meeting.capacity = 1
    session.flush()
    assert [book(session, house, name, meeting) for name in ("mila", "luka", "vera")] == [
        "booked",
        "waiting",
        "waiting",
    ]
    waits = session.scalars(select(Booking).where(Booking.state == "waiting").order_by(Booking.line)).all()[-1]
    done(session, house, "ana", SetChecked(listing.id, True))
    done(session, house, "strange", AskEligibility(listing.id))
    asked = session.scalars(select(Eligibility)).one()
    town = session.scalars(select(Town.id).where(Town.code == "bor")).one()
    deeds: tuple[Deed, ...] = (
        SetQuota(listing.id, 5, town=town),
        ReleaseQuotas(listing.id),
        SetWindow(listing.id, "", ""),
        SetLeast(listing.id, 3),
        SetChecked(listing.id, False),
        SetAudience(listing.id, "professionals"),
        SetAfter(listing.id, 0),
        SetDropIn(listing.id, True),
        DecideEligibility(asked.id, True),
        GroupAnyway(listing.id),
        CancelGroup(listing.id),
        CountHeads(meeting.id, 3),
        MoveInLine(waits.id, 1, "agreed"),
        AddSession(listing.id, (MONDAY + timedelta(days=3)).isoformat(), 60, town),
    )
    of_any = {AddInstitution, AddBreak, RemoveBreak}  # what staff of any organisation may do
    assert {type(deed) for deed in deeds} == (set(staff_conditions.PERFORM) | set(staff_meetings.PERFORM)) - of_any
    for name in ("strange", "mila"):
        assert {type(deed).__name__: done(session, house, name, deed) for deed in deeds} == {
            type(deed).__name__: "refused" for deed in deeds
        }
    assert done(session, house, "mila", AddBreak("RS", "2026-05-01", "2026-05-02")) == "refused"
    assert done(session, house, "mila", AddInstitution(town, "DEMO")) == "refused"
    assert listing.checked and listing.least == 0
    assert asked.eligible is None


def test_nobody_asks_for_somebody_they_do_not_speak_for(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    assert done(session, house, "mila", AskEligibility(listing.id)) == "gone", "nothing is checked there"
    done(session, house, "ana", SetChecked(listing.id, True))
    assert done(session, house, "mila", AskEligibility(listing.id, who(session, "luka"))) == "denied"
    assert done(session, house, "mila", AskEligibility(listing.id)) == "asked"
    assert done(session, house, "mila", AskEligibility(listing.id)) == "already"


def test_a_refusal_says_no_reason_to_nobody_and_none_is_kept(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    done(session, house, "ana", SetChecked(listing.id, True))
    assert book(session, house, "mila", meetings(session, listing)[0]) == "checking"
    row = session.scalars(select(Eligibility)).one()
    assert done(session, house, "ana", DecideEligibility(row.id, False)) == "decided"
    assert done(session, house, "ana", DecideEligibility(row.id, True)) == "gone"
    said = written(session, house, "mila")
    assert len(said) == 1
    assert "There is no place in this one for you." in said[0]
    kept = session.scalars(select(Audit).where(Audit.action.like("eligibility.%"))).all()
    assert [set(one.details) for one in kept] == [{"eligible", "everywhere"}]
    mine = everything(session, session.get_one(Person, who(session, "mila")))["may_take_part"]
    assert [set(one) for one in mine] == [{"title", "may_take_part", "asked_at", "decided_on", "until"}]
    assert book(session, house, "mila", meetings(session, listing)[0]) == "ineligible"


def test_the_order_is_changed_with_a_reason_that_is_told_only_where_it_may_be(session: Session, house: House) -> None:
    meeting = meetings(session, of(session, "bor-hemija"))[0]
    meeting.capacity = 1
    session.flush()
    for name in ("mila", "luka", "vera"):
        book(session, house, name, meeting)
    last = session.scalars(select(Booking).where(Booking.person_id == who(session, "vera"))).one()
    assert done(session, house, "ana", MoveInLine(last.id, 1, "because")) == "refused"
    assert done(session, house, "ana", MoveInLine(last.id, 1, "need")) == "moved"
    assert done(session, house, "ana", MoveInLine(last.id, 2, "agreed")) == "moved"
    secret, open_one = written(session, house, "vera")
    assert "you are first now" in secret
    assert len(secret.splitlines()) == 2, "the turn and the meeting, no word about why"
    assert "It was agreed with those who wait." in open_one
    kept = session.scalars(select(Audit).where(Audit.action == "line.moved").order_by(Audit.id)).all()
    assert [(one.actor_id, one.details["reason"], one.details["before"], one.details["after"]) for one in kept] == [
        (who(session, "ana"), "need", 2, 1),
        (who(session, "ana"), "agreed", 1, 2),
    ]


def test_a_group_that_stays_too_small_is_cancelled_with_one_message_to_each(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    done(session, house, "ana", SetLeast(listing.id, 5))
    for meeting in meetings(session, listing)[:3]:
        assert book(session, house, "mila", meeting) == "booked"
    near = meetings(session, listing)[0].starts_at - timedelta(days=2)
    doing = Doing(session, near, house.rules)
    running.sweep(doing)
    running.sweep(doing)
    asked = [text for text in written(session, house, "ana") if "5 needed, 1 enrolled" in text]
    assert len(asked) == 1
    assert not [text for text in written(session, house, "strange") if "needed" in text]
    before = len(written(session, house, "mila"))
    assert done(session, house, "ana", CancelGroup(listing.id), at=near) == "cancelled"
    assert done(session, house, "ana", CancelGroup(listing.id), at=near) == "gone"
    assert done(session, house, "ana", GroupAnyway(listing.id), at=near) == "gone"
    (told,) = written(session, house, "mila")[before:]
    assert "Too few people" in told
    assert meetings(session, listing) == []


def test_a_message_that_it_opens_follows_the_day(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    opens = MONDAY + timedelta(days=1)
    done(session, house, "ana", SetWindow(listing.id, opens.isoformat(), ""))
    assert done(session, house, "mila", RemindOpening(listing.id)) == "planned"
    assert done(session, house, "mila", RemindOpening(listing.id)) == "planned"
    later = opens + timedelta(hours=3)
    done(session, house, "ana", SetWindow(listing.id, later.isoformat(), ""))
    rows = session.scalars(select(Reminder).where(Reminder.about == "opening")).all()
    assert [row.due_at for row in rows] == [later]
    assert done(session, house, "mila", RemindOpening(listing.id), at=later) == "open"


def test_who_is_erased_leaves_no_decision_and_no_institution(session: Session, house: House) -> None:
    listing, mila = of(session, "bor-hemija"), who(session, "mila")
    done(session, house, "ana", SetChecked(listing.id, True))
    done(session, house, "mila", AskEligibility(listing.id))
    school = session.scalars(select(Institution.id).order_by(Institution.id)).first()
    quota.choose_institution(session, MONDAY, mila, school)
    assert everything(session, session.get_one(Person, mila))["institution"]
    erase(session, MONDAY, mila)
    assert session.scalars(select(Eligibility)).all() == []
    assert session.get(WorksAt, mila) is None


def test_what_nobody_decided_is_kept_no_longer_than_a_chat(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    done(session, house, "ana", SetChecked(listing.id, True))
    done(session, house, "mila", AskEligibility(listing.id))
    (step,) = (step for step in STEPS if step.__name__ == "_eligibility")
    assert step(session, MONDAY + timedelta(days=89)) == 0
    assert step(session, MONDAY + timedelta(days=91)) == 1


def test_a_series_leaves_out_breaks_of_the_school_of_the_staff_and_of_the_site(session: Session, house: House) -> None:
    ana = who(session, "ana")
    organisation = of(session, "bor-hemija").organisation_id
    site = session.scalars(select(Site).where(Site.code == "bor-boravak")).one()
    assert all(days.country in ("RS", "BG") and days.first <= days.last for days in known())
    assert done(session, house, "ana", AddBreak("RS", "2026-05-05", "2026-05-01")) == "order"
    assert done(session, house, "ana", AddBreak("RS", "2026-04-21", "2026-04-21")) == "added"
    session.add(
        Closure(
            site_id=site.id,
            organisation_id=organisation,
            created_by_id=ana,
            first_day=date(2026, 4, 28),
            last_day=date(2026, 4, 28),
            reason={},
            created_at=MONDAY,
        )
    )
    session.flush()
    first = datetime.fromisoformat("2026-04-07T15:00:00+00:00")

    def days(*, school: bool = True) -> list[int]:
        breaks = free_days(session, [organisation], "RS", site.id, school=school)
        plan = series(first, "Europe/Belgrade", "RS", every_days=7, times=3, breaks=breaks)
        return [at.timetuple().tm_yday - first.timetuple().tm_yday for at in plan.starts]

    assert days() == [0, 28, 35], "14, 21 and 28 April are left out"
    assert days(school=False) == [0, 7, 14], "what is for grown-ups goes on in a break"
    entered = session.scalars(select(Audit).where(Audit.action == "break.added")).one().subject
    number = int(entered.partition(":")[2])
    assert done(session, house, "strange", RemoveBreak(number)) == "refused"
    assert done(session, house, "ana", RemoveBreak(number)) == "removed"


def test_a_meeting_in_another_town_is_found_there(session: Session, house: House) -> None:
    listing = of(session, "bor-hemija")
    there = session.scalars(select(Town).where(Town.code == "dimitrovgrad")).one()
    at = MONDAY + timedelta(days=3)

    def found(words: str = "") -> bool:
        query = Query(town=there.id)
        if words:
            query = read_query(session, MONDAY, words, "Europe/Belgrade", query)
        return listing.id in [hit.listing_id for hit in search(session, MONDAY, query)]

    assert not found() and not found("hemija")
    assert done(session, house, "ana", AddSession(listing.id, MONDAY.isoformat(), 60, there.id)) == "past"
    assert done(session, house, "ana", AddSession(listing.id, at.isoformat(), 60, there.id)) == "added"
    assert found() and found("hemija")
    added = session.scalars(select(Meeting).where(Meeting.listing_id == listing.id, Meeting.starts_at == at)).one()
    assert added.site_id != listing.site_id
    assert conditions.enrolled(session, listing.id) == 0
