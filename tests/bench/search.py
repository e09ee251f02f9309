"""Searching in many listings, beside LIKE on the folded text: `bench_search(count)` for the benchmark table."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

import models.every  # noqa: F401  # a table that another refers to must be known
from bot.language.fold import fold
from bot.searching.index_tables import ensure
from bot.searching.search import Query, read_query, search
from bot.searching.search_index import kind_mark, remember_words, subject_mark, town_mark
from bot.store import sqlite_engine
from models.base import Base
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Town

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUBJECTS = [
    "Математика",
    "Физика",
    "Хемија",
    "Енглески",
    "Немачки",
    "Биологија",
    "Историја",
    "Географија",
    "Програмирање",
    "Цртање",
    "Плес",
    "Глума",
    "Фудбал",
    "Кошарка",
    "Шах",
    "Кување",
    "Фризер",
    "Кројење",
    "Заваривање",
    "Грађевина",
    "Књиговодство",
    "Предузетништво",
    "Музика",
    "Гитара",
    "Фотографија",
    "Роботика",
    "Екологија",
    "Здравље",
    "Право",
    "Писменост",
]
MORE = [
    "почетни",
    "напредни",
    "летњи",
    "зимски",
    "вечерњи",
    "јутарњи",
    "за",
    "младе",
    "родитеље",
    "одрасле",
    "ученике",
    "повратнике",
    "бесплатно",
    "подршка",
    "учење",
    "вежбање",
    "разговор",
    "радионица",
    "центар",
    "школа",
    "библиотека",
    "клуб",
    "припрема",
    "испит",
    "матура",
    "домаћи",
    "задатак",
    "група",
]
TOWNS = ("Бор", "Ваљево", "Крушевац", "Нови Пазар", "Пирот", "Врање", "Ниш", "Казанлък", "Лом", "Видин")
QUERIES = (
    "matematika petak",
    "час математике",
    "pomoć iz fizike",
    "matemtika",
    "engelski",
    "програмиранје",
    "hemija u Nišu",
    "radionica",
    "kuvanje subota",
    "sah za mlade",
    "robotka",
    "гитара в Казанлък",
    "priprema za maturu",
    "zavarivanje",
    "pravo",
    "fotografja",
    "nemacki vecernji",
    "zmajevi",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds per search. `like_finds_typos` says whether the other side finds a word with a letter wrong."""

    listings: int
    median: float
    p99: float
    like_median: float
    like_p99: float
    like_finds_typos: bool


def bench_search(count: int, rounds: int = 20) -> Measured:
    """Search `count` listings, each query `rounds` times, on a warm file; and the same with LIKE."""
    with _programme(count) as (session, towns):
        home = next(iter(towns))

        def ours(words: str) -> int:
            query = read_query(session, NOW, words, "Europe/Belgrade", Query(home=home))
            return len(search(session, NOW, query))

        def like(words: str) -> int:
            where = " AND ".join(f"folded LIKE '%' || :w{n} || '%'" for n, _word in enumerate(fold(words).split()))
            values = {f"w{n}": word for n, word in enumerate(fold(words).split())}
            found = session.execute(text(f"SELECT id FROM plain WHERE {where} LIMIT 200"), values)
            return len(found.all())

        mine, theirs = _timed(ours, rounds), _timed(like, max(3, rounds // 5))
        return Measured(
            count, _middle(mine), _p99(mine), _middle(theirs), _p99(theirs), like_finds_typos=like("matemtika") > 0
        )


def _timed(run: Callable[[str], int], rounds: int) -> list[float]:
    for words in QUERIES:
        run(words)
    took: list[float] = []
    for _round in range(rounds):
        for words in QUERIES:
            began = time.perf_counter()
            run(words)
            took.append((time.perf_counter() - began) * 1000)
    return took


def _middle(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 2)


def _p99(values: list[float]) -> float:
    return round(quantiles(values, n=100)[98], 2)


@contextmanager
def _programme(count: int) -> Iterator[tuple[Session, list[int]]]:
    """A database with so many open listings, three sessions each, written without the indexing of single ones."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            ensure(session)
            session.execute(text("CREATE TABLE plain (id INTEGER PRIMARY KEY, folded TEXT)"))
            session.add(Organisation(code="demo", name={"sr": "DEMO"}))
            for number, name in enumerate(TOWNS):
                session.add(
                    Town(
                        code=f"t{number}",
                        name={"sr": name},
                        country="RS",
                        zone="Europe/Sofia" if number > 6 else "Europe/Belgrade",
                        languages=["sr"],
                    )
                )
            session.flush()
            towns = list(session.scalars(select(Town.id).order_by(Town.id)))
            organisation = session.scalars(select(Organisation.id)).one()
            for first in range(0, count, 5000):
                _write(session, range(first, min(count, first + 5000)), towns, organisation)
            session.commit()
            yield session, towns
        engine.dispose()


def _write(session: Session, numbers: range, towns: list[int], organisation: int) -> None:
    chance = random.Random(numbers.start)
    listings, meetings, texts, words = [], [], [], set[str]()
    for number in numbers:
        listing_id, town = number + 1, chance.randrange(len(towns))
        subject = chance.randrange(len(SUBJECTS))
        title = f"{SUBJECTS[subject]} {chance.choice(MORE)} {chance.choice(MORE)}"
        summary = " ".join(chance.choices(MORE, k=12))
        listings.append(
            {
                "id": listing_id,
                "code": f"l{number}",
                "organisation_id": organisation,
                "block": "OFF",
                "kind": "course",
                "title": {"sr": title},
                "summary": {"sr": summary},
                "bring": {},
                "criteria": {},
                "town_id": towns[town],
                "bands": [],
                "capacity": 10,
                "remind_minutes": [1440, 120],
                "services": [],
                "state": "open",
                "created_at": NOW,
                "invented": True,
            }
        )
        for week in range(3):
            starts = NOW + timedelta(days=chance.randrange(7) + 7 * week, hours=chance.randrange(10))
            meetings.append(
                {
                    "listing_id": listing_id,
                    "starts_at": starts,
                    "ends_at": starts + timedelta(hours=1),
                    "zone": "Europe/Sofia" if town > 6 else "Europe/Belgrade",
                    "capacity": 10,
                    "taken": 0,
                    "state": "planned",
                    "sequence": 0,
                }
            )
        main, rest = fold(title), f"{fold(summary)} {fold(TOWNS[town])}"
        marks = f"zzopen {town_mark(towns[town])} {subject_mark(subject + 1)} {kind_mark('course')}"
        texts.append(
            {"id": listing_id, "title": f" {main} ", "main": " ", "rest": f" {rest} {marks} ", "all": main + rest}
        )
        words |= {*main.split(), *rest.split()}
    session.execute(insert(Listing), listings)
    session.execute(insert(Meeting), meetings)
    session.execute(
        text("INSERT INTO listing_text (rowid, title, main, rest) VALUES (:id, :title, :main, :rest)"), texts
    )
    session.execute(text("INSERT INTO plain (id, folded) VALUES (:id, :all)"), texts)
    remember_words(session, words)


if __name__ == "__main__":
    for size in (10_000, 100_000):
        sys.stdout.write(f"{bench_search(size)}\n")
