"""200 people, 20 places, at once: exactly 20 are booked and 180 wait in order. Without the lock that fails."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from bot.store import SqliteStore, driver_url
from models.house import next_number
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from tests.models.programme import NOW, Programme, make_tables

PEOPLE, PLACES, PROCESSES = 200, 20, 4


def prepare(engine: Engine) -> tuple[int, list[int]]:
    """A session with 20 places and 200 people who want one."""
    with Session(engine) as session:
        programme = Programme(session)
        meeting = programme.meeting(places=PLACES)
        people = [person.id for person in programme.people(PEOPLE)]
        session.commit()
        return meeting.id, people


def check(engine: Engine, meeting_id: int) -> None:
    """Exactly the places were given, each person has one booking, and the line has no gap and no double."""
    with Session(engine) as session:
        rows = session.scalars(select(Booking).where(Booking.session_id == meeting_id).order_by(Booking.line)).all()
        assert [row.state for row in rows] == ["booked"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
        assert [row.line for row in rows] == list(range(1, PEOPLE + 1))
        assert len({row.person_id for row in rows}) == PEOPLE
        assert len({row.number for row in rows}) == PEOPLE
        assert sorted(rows, key=lambda row: row.number) == list(rows)
        assert session.get_one(Meeting, meeting_id).taken == PLACES


async def test_two_hundred_people_want_twenty_places_on_sqlite(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path / 'race.db'}")
    make_tables(store.engine)
    meeting, people = prepare(store.engine)

    def wants(person: int) -> Callable[[Session], str]:
        return lambda session: book(session, NOW, session_id=meeting, person_id=person, booked_by_id=person).outcome

    outcomes = await asyncio.gather(*(store.write(wants(person)) for person in people))
    assert (outcomes.count("booked"), outcomes.count("waiting")) == (PLACES, PEOPLE - PLACES)
    check(store.engine, meeting)
    store.close()


def test_the_same_from_many_threads_without_the_writer(tmp_path: Path) -> None:
    from bot.store import sqlite_engine

    engine = sqlite_engine(f"sqlite:///{tmp_path / 'threads.db'}")
    make_tables(engine)
    meeting, people = prepare(engine)

    def wants(person: int) -> None:
        with Session(engine) as session:
            book(session, NOW, session_id=meeting, person_id=person, booked_by_id=person)
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(wants, people))
    check(engine, meeting)
    engine.dispose()


# ---------------------------------------------------------------- PostgreSQL, four processes


def _book_some(url: str, meeting: int, people: list[int], start: Barrier) -> None:
    engine = create_engine(url)
    start.wait()
    for person in people:
        with Session(engine) as session:
            book(session, NOW, session_id=meeting, person_id=person, booked_by_id=person)
            session.commit()
    engine.dispose()


def _book_unlocked(url: str, meeting: int, people: list[int], start: Barrier) -> None:
    """The same statements without the lock and without the condition: look first, then write."""
    engine = create_engine(url)
    start.wait()
    for person in people:
        with Session(engine) as session:
            row = session.get_one(Meeting, meeting)
            free = row.taken < row.capacity
            line = session.scalar(select(func.max(Booking.line)).where(Booking.session_id == meeting)) or 0
            number = next_number(session, f"unlocked-{person}") + person
            if free:
                row.taken += 1
            session.add(
                Booking(
                    number=number,
                    session_id=meeting,
                    person_id=person,
                    booked_by_id=person,
                    state="booked" if free else "waiting",
                    line=line + 1,
                    created_at=NOW,
                    changed_at=NOW,
                )
            )
            session.commit()
    engine.dispose()


def race(url: str, work: Callable[..., None]) -> int:
    """Let four processes book for fifty people each, all starting at once. Returns the session's id."""
    engine = create_engine(url)
    make_tables(engine)
    meeting, people = prepare(engine)
    engine.dispose()
    apart = multiprocessing.get_context("spawn")
    start = apart.Barrier(PROCESSES)
    workers = [apart.Process(target=work, args=(url, meeting, people[at::PROCESSES], start)) for at in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    return meeting


@pytest.mark.postgres
def test_two_hundred_people_want_twenty_places_in_four_processes(postgres_url: str) -> None:
    url = driver_url(postgres_url)
    meeting = race(url, _book_some)
    engine = create_engine(url)
    check(engine, meeting)
    engine.dispose()


@pytest.mark.postgres
def test_without_the_lock_places_are_given_twice(postgres_url: str) -> None:
    url = driver_url(postgres_url)
    meeting = race(url, _book_unlocked)
    engine = create_engine(url)
    with pytest.raises(AssertionError):
        check(engine, meeting)
    with Session(engine) as session:
        booked = session.scalar(select(func.count()).where(Booking.session_id == meeting, Booking.state == "booked"))
        assert booked is not None
        assert booked > PLACES, "the race must be hard enough to show what the lock is for"
    engine.dispose()
