"""Two merges at once, and a merge while both are booking: one of them is the other, with one place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store import driver_url, sqlite_engine
from models.base import Base
from models.offers.listing import Session as Meeting
from models.places.booking import HOLDING, Booking
from models.places.taking import book
from models.who.merging import merge
from models.who.people import Address, Person
from tests.models.merging.kit import earlier
from tests.models.programme import NOW, Programme, make_tables, until_half


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
