"""Two who were joined by mistake are two again: each with what was theirs, and nothing of the other's."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from bot.store import driver_url
from models.caring.case import Request, RequestMessage, add_message, open_request
from models.messages.conversation import Talk
from models.messages.message import Outgoing
from models.messages.reminder import Earlier, Reminder, plan
from models.messages.webchat import WebLine
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Subject, Town
from models.places.booking import Booking
from models.places.taking import book
from models.who import apart, consent
from models.who.apart import Joining, keep_no_longer, open_for, sides, undo
from models.who.erasure import erase
from models.who.merging import merge, survivor
from models.who.people import Address, Guardianship, Interest, Person
from models.who.staff import StaffRole
from tests.models.programme import NOW, Programme, make_tables, until_half

LATER = NOW + timedelta(hours=3)


def earlier(at: object, _zone: str) -> object:
    return at


EARLIER = cast(Earlier, earlier)


def joined(session: Session, kept: Person, other: Person) -> Joining:
    assert merge(session, NOW, kept.id, other.id, until_half, EARLIER).outcome == "merged"
    return open_for(session, NOW, kept.id)[0]


def booked(programme: Programme, meeting: Meeting, person: Person) -> Booking:
    given = {"session_id": meeting.id, "person_id": person.id, "booked_by_id": person.id}
    made = book(programme.session, NOW, **given).booking
    assert made is not None
    plan(programme.session, NOW, made, EARLIER)
    return made


def whose(session: Session, table: type, column: str = "person_id") -> list[int]:
    return list(session.scalars(select(getattr(table, column)).order_by(table.id)))  # type: ignore[attr-defined]  # all have one


def story(session: Session, programme: Programme) -> None:
    """Two sisters, a mother of both, one of them in a team; joined, used for a while, and taken apart."""
    first, second, third = (programme.meeting(places=3, starts=NOW + timedelta(days=3 + n)) for n in range(3))
    one, two = programme.person(), programme.person()
    mother = programme.person()
    one.called, two.called, two.town_id = "Mila DEMO", "Eva DEMO", first_town(session)
    child = programme.child(mother)
    subjects = [Subject(code=f"s{n}", name={"en": f"S{n}"}) for n in range(3)]
    session.add_all(subjects)
    session.flush()
    team = session.scalars(select(Organisation.id)).first()
    session.add_all(
        [
            Guardianship(guardian_id=one.id, child_id=child.id, relation="sister", confirmed_at=NOW),
            Guardianship(guardian_id=two.id, child_id=child.id, relation="sister", confirmed_at=NOW),
            StaffRole(person_id=two.id, organisation_id=team, role="staff", given_at=NOW),
            Interest(person_id=one.id, subject_id=subjects[0].id),
            Interest(person_id=two.id, subject_id=subjects[0].id),
            Interest(person_id=two.id, subject_id=subjects[1].id),
        ]
    )
    hers, twice = booked(programme, first, one), booked(programme, first, two)
    own = booked(programme, second, two)
    for person, said in ((one, "of one"), (two, "of two")):
        request, _new = open_request(session, NOW, person.id, None)
        add_message(session, NOW, request, person.id, said)
    for person in (one, two):
        consent.give(session, NOW, person.id, person.id, {"messages": "yes"}, "en", channel="console")
    web = Address(person_id=two.id, channel="webchat", external_id=f"w{two.id}", created_at=NOW)
    session.add(web)
    session.flush()
    session.add_all(
        [
            WebLine(external_id=web.external_id, at=NOW - timedelta(hours=1), side="house", body={"text": "old"}),
            WebLine(external_id=web.external_id, at=LATER, side="house", body={"text": "of the other"}),
            Talk(address_id=web.id, state={"of": "both"}, changed_at=LATER),
        ]
    )
    record = joined(session, one, two)
    assert (twice.state, hers.state) == ("cancelled", "booked")
    assert len(sides(session, record)[1]) == 2
    waiting = Outgoing(
        address_id=web.id, kind="offer", rank=1, body={"text": "for one"}, due_at=LATER, created_at=LATER,
        state="waiting",
    )  # fmt: skip
    session.add(waiting)
    new = booked(programme, third, one)
    session.get_one(Person, one.id).called = "Mila P. DEMO"
    session.flush()

    ended = undo(session, LATER, record.id, EARLIER)
    assert (ended.outcome, ended.kept_id, ended.other_id) == ("apart", one.id, two.id)
    assert [session.get_one(Booking, row.id).person_id for row in (hers, twice, own, new)] == [
        one.id, two.id, two.id, one.id
    ], "what came from each is theirs, what was made since is the kept one's"  # fmt: skip
    assert session.get_one(Booking, twice.id).state == "cancelled", "a place that went to the next is not taken back"
    assert survivor(session, two.id) == two.id
    assert (session.get_one(Person, two.id).called, session.get_one(Person, two.id).band) == ("Eva DEMO", "18+")
    assert session.get_one(Person, two.id).town_id == first_town(session)
    assert session.get_one(Person, one.id).called == "Mila P. DEMO", "what was changed since stays"
    assert session.get_one(Person, one.id).town_id is None, "what came from the other goes"
    interests = {(row.person_id, row.subject_id) for row in session.scalars(select(Interest))}
    assert interests == {(one.id, subjects[0].id), (two.id, subjects[1].id)}
    standing = session.scalars(select(Guardianship.guardian_id).where(Guardianship.ended_at.is_(None)))
    assert set(standing) >= {one.id, two.id}, "both speak for their brother as before"
    assert set(whose(session, StaffRole)) == {two.id}
    words = session.execute(
        select(RequestMessage.text, Request.person_id, RequestMessage.author_id)
        .join(Request, Request.id == RequestMessage.request_id)
        .order_by(RequestMessage.id)
    ).all()
    assert [tuple(row) for row in words] == [("of one", one.id, one.id), ("of two", two.id, two.id)]
    for person, booking in ((one, new), (two, own)):
        planned = select(func.count()).where(
            Reminder.recipient_id == person.id, Reminder.about_id == booking.id, Reminder.state == "planned"
        )
        assert session.scalar(planned) == 2, "each is reminded of their own"
    crossed = select(Reminder.id).where(
        Reminder.state == "planned", Reminder.recipient_id == one.id, Reminder.about_id == own.id
    )
    assert session.scalars(crossed).all() == []
    assert session.get(Talk, web.id) is None
    assert [line.body for line in session.scalars(select(WebLine))] == [{"text": "old"}]
    assert session.get_one(Outgoing, waiting.id).state == "cancelled"
    assert undo(session, LATER, record.id, EARLIER).outcome == "gone", "once"
    assert open_for(session, LATER, one.id) == []
    assert (record.before, record.moved) == ({}, {}), "the record is empty once it was used"


def first_town(session: Session) -> int:
    return session.scalars(select(Town.id).order_by(Town.id)).first() or 0


def test_each_gets_back_what_came_from_them(session: Session, programme: Programme) -> None:
    story(session, programme)


@pytest.mark.postgres
def test_it_is_the_same_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    make_tables(engine)
    with Session(engine) as session:
        story(session, Programme(session))
    engine.dispose()


def test_a_month_later_it_is_too_late_and_nothing_is_kept_of_it(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    record = joined(session, one, two)
    late = NOW + apart.LASTS
    assert undo(session, late, record.id, EARLIER).outcome == "gone"
    assert open_for(session, late, one.id) == []
    assert keep_no_longer(session, late) == 0
    assert keep_no_longer(session, late + timedelta(seconds=1)) == 1
    assert session.scalars(select(Joining.id)).all() == []


def test_erasing_either_forgets_the_record(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    two.called = "Eva DEMO"
    joined(session, one, two)
    erase(session, LATER, one.id)
    assert session.scalars(select(Joining.id)).all() == []


def test_whoever_was_joined_further_is_taken_apart_from_the_end(session: Session, programme: Programme) -> None:
    one, two, three = programme.people(3)
    first = joined(session, two, three)
    second = joined(session, one, two)
    assert undo(session, LATER, first.id, EARLIER).outcome == "gone"
    assert undo(session, LATER, second.id, EARLIER).outcome == "apart"
    assert survivor(session, three.id) == two.id
    assert undo(session, LATER, first.id, EARLIER).outcome == "apart"
    chats = session.execute(select(Address.person_id, func.count()).group_by(Address.person_id)).all()
    assert {tuple(row) for row in chats} == {(one.id, 1), (two.id, 1), (three.id, 1)}


def test_a_side_without_a_chat_cannot_be_taken_apart_and_a_new_chat_is_on_no_side(
    session: Session, programme: Programme
) -> None:
    one, two = programme.person(), programme.person()
    record = joined(session, one, two)
    session.add(Address(person_id=one.id, channel="telegram", external_id="new", created_at=LATER))
    session.flush()
    here, there = sides(session, record)
    assert (len(here), len(there)) == (1, 1)
    session.delete(session.get_one(Address, there[0]))
    session.flush()
    assert undo(session, LATER, record.id, EARLIER).outcome == "gone"
