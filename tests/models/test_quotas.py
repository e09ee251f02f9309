"""Quotas: never more of a town than its places, nobody passed over but by a full quota, opened to all in the end."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from bot.store import SqliteStore, driver_url
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from models.places import conditions, quota
from models.places.booking import Booking
from models.places.quota import Quota
from models.places.room import ahead_of
from models.places.taking import book, book_together
from models.places.waiting_list import cancel, offer_free_places, places_waited_for
from models.who.people import Person
from tests.models.programme import NOW, Programme, make_tables, until_half


def town(session: Session, code: str) -> Town:
    made = Town(code=code, name={"en": code}, country="RS", zone="Europe/Belgrade", languages=["sr"])
    session.add(made)
    session.flush()
    return made


def from_town(programme: Programme, where: Town | None, count: int) -> list[Person]:
    people = programme.people(count)
    for person in people:
        person.town_id = where.id if where else None
    programme.session.flush()
    return people


def wants(session: Session, meeting: Meeting, person: Person) -> str:
    return book(session, NOW, session_id=meeting.id, person_id=person.id, booked_by_id=person.id).outcome


def state(session: Session, person: Person) -> str:
    found = session.scalars(
        select(Booking).where(Booking.person_id == person.id).order_by(Booking.id.desc()),
        execution_options={"populate_existing": True},
    ).first()
    return found.state if found else ""


def seminar(programme: Programme, places: int, **kept: int) -> tuple[Meeting, dict[str, Town]]:
    """A meeting with places, some of them kept for towns."""
    session = programme.session
    meeting = programme.meeting(places=places)
    towns = {name: town(session, name) for name in (*kept, "elsewhere")}
    for name, count in kept.items():
        ended = conditions.set_quota(session, NOW, meeting.listing_id, count, town_id=towns[name].id)
        assert ended.outcome == "saved"
    return meeting, towns


def test_a_town_gets_its_places_and_no_more_and_the_others_what_nobody_keeps(
    session: Session, programme: Programme
) -> None:
    meeting, towns = seminar(programme, 5, pirot=2, nis=2)
    pirot = from_town(programme, towns["pirot"], 3)
    nobody = from_town(programme, towns["elsewhere"], 2)
    assert [wants(session, meeting, one) for one in pirot] == ["booked", "booked", "waiting"]
    assert [wants(session, meeting, one) for one in nobody] == ["booked", "waiting"]
    nis = from_town(programme, towns["nis"], 2)
    assert [wants(session, meeting, one) for one in nis] == ["booked", "booked"], "who waits of a full town bars nobody"
    assert meeting.taken == 5


def test_a_freed_place_goes_to_the_next_whose_quota_has_room(session: Session, programme: Programme) -> None:
    meeting, towns = seminar(programme, 2, pirot=1, nis=1)
    (p1, p2), (n1, n2) = from_town(programme, towns["pirot"], 2), from_town(programme, towns["nis"], 2)
    for one in (p1, n1, p2, n2):
        wants(session, meeting, one)
    assert (state(session, p2), state(session, n2)) == ("waiting", "waiting")
    mine = session.scalars(select(Booking).where(Booking.person_id == n1.id)).one()
    freed = cancel(session, NOW, booking_id=mine.id, actor_id=n1.id, hold=until_half)
    assert [one.person_id for one in freed.offered] == [n2.id], "the place is one of Niš, so it goes past Pirot"
    assert state(session, p2) == "waiting"
    waiting = session.scalars(select(Booking).where(Booking.person_id == p2.id)).one()
    assert ahead_of(session, waiting) == 0


def test_within_a_quota_nobody_is_skipped(session: Session, programme: Programme) -> None:
    meeting, towns = seminar(programme, 4, pirot=2)
    first, second, third, fourth = from_town(programme, towns["pirot"], 4)
    for one in (first, second, third, fourth):
        wants(session, meeting, one)
    mine = session.scalars(select(Booking).where(Booking.person_id == first.id)).one()
    cancel(session, NOW, booking_id=mine.id, actor_id=first.id, hold=lambda _meeting: None)
    newcomer = from_town(programme, towns["pirot"], 1)[0]
    assert wants(session, meeting, newcomer) == "waiting"
    assert wants(session, meeting, fourth) == "already", "the third stands before them"
    assert wants(session, meeting, third) == "booked"


def test_brothers_and_sisters_of_a_full_town_wait_together(session: Session, programme: Programme) -> None:
    meeting, towns = seminar(programme, 5, pirot=1)
    mother = from_town(programme, towns["pirot"], 1)[0]
    children = [programme.child(mother) for _one in range(2)]
    for child in children:
        child.town_id = towns["pirot"].id
    session.flush()
    ids = [child.id for child in children]
    full = book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id)
    assert {one.outcome for one in full.values()} == {"full"}
    book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    assert offer_free_places(session, NOW, meeting.id, until_half) == [], "there is a place for one of them only"
    conditions.release(session, NOW, meeting.listing_id)
    assert len(offer_free_places(session, NOW, meeting.id, until_half)) == 2


def test_unused_places_are_opened_on_their_day_and_offered_in_turn(session: Session, programme: Programme) -> None:
    meeting, towns = seminar(programme, 3)
    for name, count in (("pirot", 2), ("nis", 1)):
        towns[name] = town(session, name)
        day = NOW + timedelta(days=1)
        conditions.set_quota(session, NOW, meeting.listing_id, count, town_id=towns[name].id, release_at=day)
    outside = from_town(programme, towns["elsewhere"], 3)
    assert [wants(session, meeting, one) for one in outside] == ["waiting"] * 3
    assert offer_free_places(session, NOW, meeting.id, until_half) == []
    assert conditions.release_due(session, NOW) == []
    later = NOW + timedelta(days=1)
    assert conditions.release_due(session, later) == [meeting.listing_id]
    assert places_waited_for(session, later) == [meeting.id]
    offered = offer_free_places(session, later, meeting.id, until_half)
    assert [one.person_id for one in offered] == [one.id for one in outside]


def test_a_quota_counts_who_is_booked_already_and_takes_nobodys_place(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=3)
    pirot = town(session, "pirot")
    people = from_town(programme, pirot, 2)
    assert [wants(session, meeting, one) for one in people] == ["booked", "booked"]
    few = conditions.set_quota(session, NOW, meeting.listing_id, 1, town_id=pirot.id)
    assert (few.outcome, few.taken) == ("too_few", 2)
    many = conditions.set_quota(session, NOW, meeting.listing_id, 4, town_id=pirot.id)
    assert (many.outcome, many.left) == ("too_many", 3)
    assert conditions.set_quota(session, NOW, meeting.listing_id, 2, town_id=pirot.id).outcome == "saved"
    assert wants(session, meeting, from_town(programme, pirot, 1)[0]) == "waiting"
    people[0].town_id = None
    session.flush()
    assert wants(session, meeting, from_town(programme, pirot, 1)[0]) == "waiting", "who moves away keeps the place"


def test_a_town_that_is_not_known_is_asked_for_where_it_matters(session: Session, programme: Programme) -> None:
    meeting, _towns = seminar(programme, 2, pirot=1)
    assert wants(session, meeting, from_town(programme, None, 1)[0]) == "town"
    assert wants(session, programme.meeting(places=1), from_town(programme, None, 1)[0]) == "booked"


def test_professionals_are_counted_at_their_institution(session: Session, programme: Programme) -> None:
    meeting = programme.meeting(places=3)
    pirot = town(session, "pirot")
    school = conditions.add_institution(session, pirot.id, "DEMO school", "en")
    assert school is not None
    assert conditions.add_institution(session, pirot.id, "demo SCHOOL", "en") is school
    conditions.set_audience(session, meeting.listing_id, "professionals")
    one, two, three = programme.people(3)
    assert wants(session, meeting, one) == "institution"
    assert quota.choose_institution(session, NOW, one.id, 999) is False
    for person in (one, two, three):
        assert quota.choose_institution(session, NOW, person.id, school.id)
    assert conditions.set_quota(session, NOW, meeting.listing_id, 2, institution_id=school.id).outcome == "saved"
    assert conditions.set_quota(session, NOW, meeting.listing_id, 1, town_id=pirot.id).outcome == "other_kind"
    assert [wants(session, meeting, person) for person in (one, two, three)] == ["booked", "booked", "waiting"]


# ---------------------------------------------------------------- all at once

PEOPLE, KEPT, PROCESSES = 60, 7, 4


def prepare(engine: Engine) -> tuple[int, list[int]]:
    """A session with 20 places, 7 of them for a town from which 60 people want to come."""
    with Session(engine) as session:
        programme = Programme(session)
        meeting, towns = seminar(programme, 20, pirot=KEPT, nis=10)
        people = [person.id for person in from_town(programme, towns["pirot"], PEOPLE)]
        session.commit()
        return meeting.id, people


def held(engine: Engine, meeting_id: int) -> int:
    with Session(engine) as session:
        kept = session.scalars(select(Quota.id).where(Quota.places == KEPT)).one()
        counted = select(func.count()).where(
            Booking.session_id == meeting_id, Booking.state == "booked", Booking.quota_id == kept
        )
        assert session.get_one(Meeting, meeting_id).taken == session.scalar(counted)
        return session.scalar(counted) or 0


async def test_sixty_people_want_seven_kept_places_on_sqlite(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path / 'race.db'}")
    make_tables(store.engine)
    meeting, people = prepare(store.engine)

    def asks(person: int) -> Callable[[Session], str]:
        return lambda session: book(session, NOW, session_id=meeting, person_id=person, booked_by_id=person).outcome

    outcomes = await asyncio.gather(*(store.write(asks(person)) for person in people))
    assert (outcomes.count("booked"), outcomes.count("waiting")) == (KEPT, PEOPLE - KEPT)
    assert held(store.engine, meeting) == KEPT
    store.close()


def _book_some(url: str, meeting: int, people: list[int], start: Barrier) -> None:
    engine = create_engine(url)
    start.wait()
    for person in people:
        with Session(engine) as session:
            book(session, NOW, session_id=meeting, person_id=person, booked_by_id=person)
            session.commit()
    engine.dispose()


@pytest.mark.postgres
def test_sixty_people_want_seven_kept_places_in_four_processes(postgres_url: str) -> None:
    url = driver_url(postgres_url)
    engine = create_engine(url)
    make_tables(engine)
    meeting, people = prepare(engine)
    apart = multiprocessing.get_context("spawn")
    start = apart.Barrier(PROCESSES)
    workers = [
        apart.Process(target=_book_some, args=(url, meeting, people[at::PROCESSES], start)) for at in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert held(engine, meeting) == KEPT
    engine.dispose()


def test_a_listing_made_after_another_has_its_conditions(session: Session, programme: Programme) -> None:
    meeting, _towns = seminar(programme, 5, pirot=2)
    old = session.get_one(Listing, meeting.listing_id)
    old.least, old.checked = 12, True
    made = programme.listing()
    quota.copy_conditions(session, old, made)
    assert (made.least, made.checked) == (12, True)
    assert [row.places for row in quota.quotas_of(session, made.id)] == [2]
