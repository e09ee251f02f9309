"""Several words are looked for in few looks at the index, and found in the same order as column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.language.fold import fold
from bot.searching import search as searching
from bot.searching.search import Query, read_query, search
from models.offers.listing import Listing
from models.offers.programme import Town
from tests.house import MONDAY, House


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(House(Path(tmp_path_factory.mktemp("words"))).database) as session:
        yield session


def queries(session: Session) -> Iterator[Query]:
    """Pairs of words that stand in one listing, and pairs that do not, with an own town and without."""
    titles = [fold(" ".join(str(one) for one in title.values())) for title in session.scalars(select(Listing.title))]
    homes = [0, *session.scalars(select(Town.id).limit(2))]
    words = sorted({word for title in titles for word in title.split() if len(word) > 3})[::4]
    pairs = [title.split()[:2] for title in titles] + [list(pair) for pair in combinations(words[:11], 2)]
    for number, pair in enumerate(pairs):
        home = homes[number % len(homes)]
        query = read_query(session, MONDAY, " ".join(pair), "Europe/Belgrade", Query(home=home))
        if len(query.terms) > 1:
            yield query


@pytest.mark.parametrize("most", [1, 3, 100])
def test_they_are_found_as_column_by_column(programme: Session, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    asked = list(queries(programme))
    ours = [search(programme, MONDAY, query, most=most) for query in asked]
    monkeypatch.setattr(searching, "_by_all", searching._by_column)
    monkeypatch.setattr(searching, "_at_once", lambda *_given: None)
    assert [search(programme, MONDAY, query, most=most) for query in asked] == ours
    assert sum(map(bool, ours)) > 20
    assert sum(not hits for hits in ours) > 20


def test_one_look_is_enough_where_there_is_nothing(programme: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []
    look = searching.matching

    def counted(*given: Any) -> Sequence[int]:
        looks.append(given)
        return look(*given)

    monkeypatch.setattr(searching, "matching", counted)
    query = next(one for one in queries(programme) if not search(programme, MONDAY, one) and one.home)
    looks.clear()
    assert search(programme, MONDAY, query) == []
    assert len(looks) == 1
