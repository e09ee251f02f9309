"""Two people who are one: nothing is lost, nothing is there twice, and nobody gets what was taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store import driver_url, sqlite_engine
from models.base import Base
from models.caring.case import add_message, open_request
from models.messages.reminder import Reminder, plan
from models.offers.call import Application
from models.offers.listing import Session as Meeting
from models.offers.programme import Subject
from models.places.booking import HOLDING, Booking
from models.places.taking import book, book_together
from models.who import consent
from models.who.acting import HELPER, Mandate, Sharing, give
from models.who.bringing import brings
from models.who.erasure import erase
from models.who.merging import OWN_RULE, merge, pointing, survivor, why_not
from models.who.people import Address, Guardianship, Interest, Person
from models.who.staff import StaffRole
from tests.models.programme import NOW, Programme, make_tables, until_half

DAY = timedelta(days=1)


def earlier(at: object, _zone: str) -> object:
    return at


def join(session: Session, kept: Person, other: Person, now: object = NOW) -> str:
    return merge(session, now, kept.id, other.id, until_half, earlier).outcome  # type: ignore[arg-type]


def booked(programme: Programme, meeting: Meeting, person: Person) -> Booking:
    made = book(programme.session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).booking
    assert made is not None
    return made


def states(session: Session, meeting: Meeting) -> list[tuple[int, str, str]]:
    rows = session.scalars(select(Booking).where(Booking.session_id == meeting.id).order_by(Booking.id))
    return [(row.person_id, row.state, row.reason) for row in rows]


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


def test_a_yes_to_taking_part_against_a_no_is_for_people_to_sort_out(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    meeting = programme.meeting()
    booked(programme, meeting, one)
    consent.withdraw(session, NOW, two.id, ("attend",))
    assert join(session, one, two) == "taken_back"
    assert states(session, meeting) == [(one.id, "booked", "")]


@pytest.mark.parametrize("bands", [("18+", "15-17"), ("14", "under14")])
def test_different_ages_stay_two(session: Session, programme: Programme, bands: tuple[str, str]) -> None:
    one, two = (programme.person(band=band) for band in bands)
    assert join(session, one, two) == "ages"
    assert two.merged_into_id is None


def test_the_same_age_on_two_sides_of_a_border_stays_two_where_the_law_differs(
    session: Session, programme: Programme
) -> None:
    from models.offers.programme import Town

    serbia = Town(code="s", name={}, country="RS", zone="Europe/Belgrade", languages=[])
    bulgaria = Town(code="b", name={}, country="BG", zone="Europe/Sofia", languages=[])
    session.add_all([serbia, bulgaria])
    session.flush()
    one, two = programme.person(band="14"), programme.person(band="14")
    one.town_id, two.town_id = bulgaria.id, serbia.id
    session.flush()
    assert join(session, one, two) == "ages", "or a child would be rid of its guardian"


def test_guardian_and_child_host_and_guest_helper_and_family_stay_two(session: Session, programme: Programme) -> None:
    mother = programme.person()
    child = programme.child(mother, phone=True)
    child.band = "18+"
    guest, helper = programme.person(), programme.person()
    session.add(Sharing(host_id=mother.id, person_id=guest.id, confirmed_at=NOW, ended_at=NOW))
    organisation = programme.listing().organisation_id
    give(
        session, NOW, helper_id=helper.id, person_id=mother.id, organisation_id=organisation, children=True,
        until=NOW + DAY,
    )  # fmt: skip
    assert [join(session, mother, other) for other in (child, guest, helper)] == ["kin"] * 3


def test_who_is_erased_or_joined_already_is_gone(session: Session, programme: Programme) -> None:
    one, two, three = programme.people(3)
    assert join(session, one, two) == "merged"
    assert join(session, three, two) == "gone"
    erase(session, NOW, three.id)
    assert join(session, one, three) == "gone"
    assert why_not(session, one, one) == "same"


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


def test_questions_that_two_organisations_answer_stay_apart(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    for person in (one, two):
        request, _new = open_request(session, NOW, person.id, None)
        request.organisation_id = programme.listing().organisation_id
    session.flush()
    assert join(session, one, two) == "asking"


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


# ---------------------------------------------------------------- places for all of them or for none


def test_who_waits_together_is_offered_places_together(session: Session, programme: Programme) -> None:
    from models.places.waiting_list import accept, cancel

    meeting = programme.meeting(places=2)
    first, second, mother, later = programme.people(4)
    for person in (first, second):
        booked(programme, meeting, person)
    children = [programme.child(mother), programme.child(mother)]
    ids = [child.id for child in children]
    ended = book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    assert [ended[one].outcome for one in ids] == ["waiting", "waiting"]
    third = booked(programme, meeting, later)

    mine = session.scalars(select(Booking).where(Booking.person_id == first.id)).one()
    freed = cancel(session, NOW, booking_id=mine.id, actor_id=first.id, hold=until_half)
    assert [row.person_id for row in freed.offered] == [later.id], "one place helps the next who needs only one"
    cancel(session, NOW, booking_id=third.id, actor_id=later.id, hold=until_half)
    assert {state for who, state, _why in states(session, meeting) if who in ids} == {"waiting"}

    mine = session.scalars(select(Booking).where(Booking.person_id == second.id)).one()
    freed = cancel(session, NOW, booking_id=mine.id, actor_id=second.id, hold=until_half)
    assert sorted(row.person_id for row in freed.offered) == sorted(ids), "two places are offered to both at once"
    taken = accept(session, NOW, booking_id=freed.offered[0].id, actor_id=mother.id)
    assert (taken.outcome, len(taken.others)) == ("booked", 1)
    assert {state for who, state, _why in states(session, meeting) if who in ids} == {"booked"}
    assert session.get_one(Meeting, meeting.id).taken == 2


@pytest.mark.parametrize("how", ["decline", "lapse"])
def test_who_was_offered_places_together_loses_them_together(session: Session, programme: Programme, how: str) -> None:
    from models.places.waiting_list import decline, lapse_offers, offer_free_places

    meeting = programme.meeting(places=1)
    mother, later = programme.people(2)
    ids = [programme.child(mother).id, programme.child(mother).id]
    book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    booked(programme, meeting, later)
    meeting.capacity = 2
    session.flush()
    offered = offer_free_places(session, NOW, meeting.id, until_half)
    assert sorted(row.person_id for row in offered) == sorted(ids)
    if how == "decline":
        freed = decline(session, NOW, booking_id=offered[1].id, actor_id=mother.id, hold=until_half)
        assert [row.person_id for row in freed.offered] == [later.id]
    else:
        lapsed, _next = lapse_offers(session, meeting.starts_at - timedelta(hours=1), lambda _meeting: None)
        assert len(lapsed) == 2
    assert not {"offered", "booked"} & {state for who, state, _why in states(session, meeting) if who in ids}


# ---------------------------------------------------------------- at once


def prepare(engine: Engine) -> tuple[int, int, int]:
    make_tables(engine)
    with Session(engine) as session:
        programme = Programme(session)
        one, two = programme.person(), programme.person()
        meeting = programme.meeting(places=5)
        session.commit()
        return one.id, two.id, meeting.id


def again(work: Callable[[Session], str], engine: Engine) -> str:
    """As the store does: a deadlock is run again."""
    for _try in range(5):
        try:
            with Session(engine) as session:
                outcome = work(session)
                session.commit()
                return outcome
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") not in ("40P01", "40001"):
                raise
    raise AssertionError("it never came through")


def check(engine: Engine, one: int, two: int, meeting: int) -> None:
    with Session(engine) as session:
        people = {row.id: row.merged_into_id for row in session.scalars(select(Person))}
        kept = one if people[one] is None else two
        assert sorted(people.values(), key=str) == sorted([None, kept], key=str), "one of them is the other"
        assert set(session.scalars(select(Address.person_id))) == {kept}
        rows = session.scalars(select(Booking).where(Booking.session_id == meeting)).all()
        assert {row.person_id for row in rows} <= {kept}
        held = [row for row in rows if row.state in HOLDING]
        assert len(held) <= 1
        assert session.get_one(Meeting, meeting).taken == len(held)


def two_merges(engine: Engine) -> None:
    for _round in range(8):
        Base.metadata.drop_all(engine)
        one, two, meeting = prepare(engine)
        start = Barrier(2)

        def work(kept: int, other: int, start: Barrier = start) -> str:
            start.wait()
            return again(lambda s: merge(s, NOW, kept, other, until_half, earlier).outcome, engine)  # type: ignore[arg-type]

        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(work, (one, two), (two, one)))
        assert outcomes == ["gone", "merged"]
        check(engine, one, two, meeting)


def merge_while_booking(engine: Engine) -> None:
    for _round in range(8):
        Base.metadata.drop_all(engine)
        one, two, meeting = prepare(engine)
        start = Barrier(3)

        def joins(start: Barrier = start, one: int = one, two: int = two) -> str:
            start.wait()
            return again(lambda s: merge(s, NOW, one, two, until_half, earlier).outcome, engine)  # type: ignore[arg-type]

        def books(who: int, start: Barrier = start, meeting: int = meeting) -> str:
            start.wait()
            wanted = lambda s: book(s, NOW, session_id=meeting, person_id=who, booked_by_id=who).outcome  # noqa: E731
            return again(wanted, engine)

        with ThreadPoolExecutor(3) as pool:
            futures = [pool.submit(joins), pool.submit(books, one), pool.submit(books, two)]
            assert futures[0].result() == "merged"
            assert futures[1].result() in ("booked", "already")
            assert futures[2].result() in ("booked", "already", "denied")
        check(engine, one, two, meeting)


def test_two_merges_at_once_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    two_merges(engine)
    merge_while_booking(engine)
    engine.dispose()


@pytest.mark.postgres
def test_two_merges_at_once_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    two_merges(engine)
    engine.dispose()


@pytest.mark.postgres
def test_a_merge_while_both_are_booking_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    merge_while_booking(engine)
    engine.dispose()


# ---------------------------------------------------------------- the tables


def rows_survive(engine: Engine) -> None:
    """People who were there before are there afterwards, and after going back."""
    from sqlalchemy import text

    from models.migrating import migrate

    migrate(engine, to="0003")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (id, called, tag, language_chosen, band, created_at) "
                "VALUES (7, 'DEMO', 'en', :chosen, '18+', :now)"
            ),
            {"chosen": True, "now": NOW.replace(tzinfo=None) if engine.dialect.name == "sqlite" else NOW},
        )
    for revision in ("0004", "0003", "0004"):
        migrate(engine, to=revision)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT called FROM person WHERE id = 7")).scalars().all() == ["DEMO"]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT merged_into_id FROM person")).scalars().all() == [None]


def test_people_survive_the_new_tables_and_going_back_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    rows_survive(engine)
    engine.dispose()


@pytest.mark.postgres
def test_people_survive_the_new_tables_and_going_back_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    rows_survive(engine)
    engine.dispose()
