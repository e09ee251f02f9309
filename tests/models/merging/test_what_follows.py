"""Two people who are one: nothing is lost, nothing is there twice, and nobody gets what was taken back."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Base
from models.caring.case import add_message, open_request
from models.messages.reminder import Reminder, plan
from models.offers.call import Application
from models.offers.listing import Session as Meeting
from models.offers.programme import Subject
from models.places.taking import book
from models.who import consent
from models.who.acting import HELPER, Mandate, give
from models.who.bringing import brings
from models.who.erasure import erase
from models.who.merging import OWN_RULE, merge, pointing, survivor
from models.who.people import Address, Guardianship, Interest, Person
from models.who.staff import StaffRole
from tests.models.merging.kit import DAY, booked, earlier, join, states
from tests.models.programme import NOW, Programme, until_half


def test_bookings_follow_and_old_ids_lead_to_the_one_who_stays(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=3)
    one, two = programme.person(), programme.person()
    mine = booked(programme, meeting, two)
    assert join(session, one, two) == "merged"
    assert states(session, meeting) == [(one.id, "booked", "")]
    assert survivor(session, two.id) == one.id
    again = book(session, NOW, session_id=meeting.id, person_id=two.id, booked_by_id=one.id)
    assert (again.outcome, again.booking) == ("already", mine)
    assert set(session.scalars(select(Address.person_id))) == {one.id}


def test_of_two_places_in_one_session_the_better_stays_and_the_other_is_offered_on(
    session: Session, programme: Programme
) -> None:
    meeting = programme.meeting(places=1)
    one, two, third = programme.people(3)
    booked(programme, meeting, two)
    booked(programme, meeting, one)
    booked(programme, meeting, third)
    assert join(session, one, two) == "merged"
    assert [state for _who, state, _why in states(session, meeting)] == ["booked", "cancelled", "waiting"]
    assert states(session, meeting)[0][0] == one.id

    both = programme.meeting(places=2, starts=NOW + 4 * DAY)
    four, five, six = programme.people(3)
    for person in (four, five, six):
        booked(programme, both, person)
    ended = merge(session, NOW, four.id, five.id, until_half, earlier)  # type: ignore[arg-type]
    assert [row.person_id for row in ended.offered] == [six.id], "the place that was there twice goes to the next"
    assert session.get_one(Meeting, both.id).taken == 2


def test_reminders_come_once(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=3)
    one, two = programme.person(), programme.person()
    child = programme.child(one)
    session.add(Guardianship(guardian_id=two.id, child_id=child.id, relation="mother", confirmed_at=NOW))
    session.flush()
    place = book(session, NOW, session_id=meeting.id, person_id=child.id, booked_by_id=one.id).booking
    assert place is not None
    plan(session, NOW, place, earlier)  # type: ignore[arg-type]
    plan(session, NOW, booked(programme, meeting, two), earlier)  # type: ignore[arg-type]
    assert join(session, one, two) == "merged"
    planned = session.scalars(select(Reminder).where(Reminder.state == "planned")).all()
    assert {row.recipient_id for row in planned} == {one.id}
    keys = [(row.about_id, row.before_minutes) for row in planned]
    assert len(keys) == len(set(keys)) == 4
    links = session.scalars(select(Guardianship).where(Guardianship.ended_at.is_(None))).all()
    assert [(row.guardian_id, row.child_id) for row in links] == [(one.id, child.id)]


def test_what_one_of_them_took_back_stays_taken_back(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    for person in (one, two):
        consent.give(session, NOW, person.id, person.id, {"messages": "yes"}, "en", channel="console")
    consent.withdraw(session, NOW, two.id, ("messages",))
    assert join(session, one, two, NOW + DAY) == "merged"
    assert not consent.stands(session, one.id, "messages")
    assert consent.stands(session, one.id, "attend")
    on_record = session.scalars(select(consent.Consent).where(consent.Consent.person_id == one.id)).all()
    assert len(on_record) == 4, "what both said stays on record"


def test_a_stop_of_either_counts(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    two.stopped_at = NOW
    assert join(session, one, two, NOW + DAY) == "merged"
    assert session.get_one(Person, one.id).stopped_at == NOW


def test_roles_interests_and_applications_are_there_once(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    listing = programme.listing()
    subject = Subject(code="x", name={}, icon="")
    session.add(subject)
    session.flush()
    for person in (one, two):
        session.add(Interest(person_id=person.id, subject_id=subject.id))
        session.add(StaffRole(person_id=person.id, organisation_id=listing.organisation_id, role=HELPER, given_at=NOW))
    for number, (person, state) in enumerate(((one, "registered"), (two, "accepted")), 1):
        session.add(
            Application(
                number=number, listing_id=listing.id, person_id=person.id, state=state, answers={}, created_at=NOW,
                changed_at=NOW,
            )
        )  # fmt: skip
    session.flush()
    assert brings(session, NOW, two.id).roles == (HELPER,)
    assert join(session, one, two) == "merged"
    assert session.scalars(select(Interest.person_id)).all() == [one.id]
    assert session.scalars(select(StaffRole.person_id).where(StaffRole.ended_at.is_(None))).all() == [one.id]
    left = session.execute(select(Application.person_id, Application.state).order_by(Application.number)).all()
    assert [tuple(row) for row in left] == [(one.id, "withdrawn"), (one.id, "accepted")]


def test_two_open_questions_become_one_with_every_word(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    for person in (one, two):
        request, _new = open_request(session, NOW, person.id, None)
        add_message(session, NOW, request, person.id, "DEMO")
    assert join(session, one, two) == "merged"
    from models.caring.case import Request, RequestMessage, alive, unseen

    mine = alive(session, one.id, "talk")
    assert mine is not None
    assert unseen(session, mine) == 2
    assert session.scalar(select(func.count()).select_from(Request).where(Request.state != "closed")) == 1
    assert set(session.scalars(select(RequestMessage.author_id))) == {one.id}


def test_mandates_follow_and_are_there_once(session: Session, programme: Programme) -> None:
    one, two, helper = programme.people(3)
    organisation = programme.listing().organisation_id
    for person in (one, two):
        give(
            session, NOW, helper_id=helper.id, person_id=person.id, organisation_id=organisation, children=False,
            until=NOW + DAY,
        )  # fmt: skip
    assert join(session, one, two) == "merged"
    standing = session.scalars(select(Mandate).where(Mandate.ended_at.is_(None))).all()
    assert [row.person_id for row in standing] == [one.id]


def test_erasing_after_a_merge_erases_both(session: Session, programme: Programme) -> None:
    one, two = programme.person(called="DEMO one"), programme.person(called="DEMO two")
    assert join(session, one, two) == "merged"
    erase(session, NOW + DAY, one.id)
    assert [(row.called, row.erased_at) for row in session.scalars(select(Person))] == [("", NOW + DAY)] * 2


def test_every_column_that_points_at_a_person_follows(session: Session, programme: Programme) -> None:
    """Also those of tables that did not exist when this was written."""
    pointing_at_people = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    assert {f"{column.table.name}.{column.name}" for column in pointing()} | OWN_RULE == pointing_at_people
    one, two = programme.person(), programme.person()
    booked(programme, programme.meeting(), two)
    assert join(session, one, two) == "merged"
    for column in pointing():
        left = session.execute(select(column).where(column == two.id)).all()
        assert left == [], f"{column} still points at who is no more"
