"""Many who want three times at once: each time is given once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from bot.store import SqliteStore, driver_url
from models.visits import appointing
from models.visits.appointing import Wanted
from models.visits.appointment import Appointment, BusyTime
from tests.models.appointments.practice import never, on_tuesday, open_practice
from tests.models.programme import NOW, make_tables


def prepare(engine: Engine, people: int) -> tuple[tuple[int, int, int], list[int]]:
    with Session(engine) as session:
        practice = open_practice(session)
        wanting = [one.id for one in practice.programme.people(people)]
        site = practice.listing.site_id
        assert site is not None
        session.commit()
        return (practice.listing.id, practice.professional.id, site), wanting


def wants(place: tuple[int, int, int], person: int, at: datetime) -> Callable[[Session], str]:
    wanted = Wanted(place[0], place[1], place[2], at, person, person)
    return lambda session: appointing.take(session, NOW, wanted, never).outcome


def check(engine: Engine) -> None:
    with Session(engine) as session:
        rows = session.scalars(select(Appointment).where(Appointment.state == "booked")).all()
        assert sorted(row.starts_at for row in rows) == [on_tuesday(9), on_tuesday(10), on_tuesday(11)]
        assert session.scalar(select(func.count()).select_from(BusyTime)) == 36


async def test_many_want_three_times_on_sqlite(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path / 'race.db'}")
    make_tables(store.engine)
    place, people = prepare(store.engine, 30)
    at = [on_tuesday(9 + number % 3) for number in range(30)]
    outcomes = await asyncio.gather(
        *(store.write(wants(place, person, when)) for person, when in zip(people, at, strict=True))
    )
    assert (outcomes.count("booked"), outcomes.count("taken")) == (3, 27)
    check(store.engine)
    store.close()


@pytest.mark.postgres
def test_many_want_three_times_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    make_tables(engine)
    place, people = prepare(engine, 24)
    start = Barrier(4)

    def some(first: int) -> list[str]:
        start.wait()
        ended = []
        for number, person in enumerate(people[first::4]):
            with Session(engine) as session:
                ended.append(wants(place, person, on_tuesday(9 + number % 3))(session))
                session.commit()
        return ended

    with ThreadPoolExecutor(4) as pool:
        outcomes = [outcome for ended in pool.map(some, range(4)) for outcome in ended]
    assert (outcomes.count("booked"), outcomes.count("taken")) == (3, 21)
    check(engine)
    engine.dispose()
