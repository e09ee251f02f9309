"""Several words are looked for in few looks at the index, and of very many the first are the same."""

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
from bot.searching.query import NO_WORDS
from bot.searching.search import Query, read_query, search
from conversations.blocks import AT_ANY_TIME
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


def looks_of(session: Session) -> Iterator[Query]:
    """Words that many have, for any age and some, that name a kind or none, on any day and some, here and anywhere."""
    home = session.scalars(select(Town.id).where(Town.code == "bor")).one()
    for words in ("kurs", "радионица", "помоћ", "bor", "mladi", "posao", "subota radionica", "konsultacije"):
        for band in ("", "under14", "18+"):
            for at in (0, home):
                bands = frozenset([band]) if band else frozenset()
                yield read_query(session, MONDAY, words, "Europe/Belgrade", Query(home=at, bands=bands))


@pytest.mark.parametrize("most", [2, 100])
def test_of_very_many_the_database_gives_the_first_in_the_same_order(programme: Session, most: int) -> None:
    same_order(programme, most)


def same_order(session: Session, most: int) -> None:
    """However the first are found: read and sorted here, looked at one by one there, or met from session to session."""
    asked = [one for one in (*looks_of(session), *queries(session)) if (NO_WORDS,) not in one.terms]
    here = [search(session, MONDAY, query, few=10_000) for query in asked]
    assert [search(session, MONDAY, query, most=most, few=1)[:most] for query in asked] == [
        hits[:most] for hits in here
    ]
    assert sum(len(hits) > 3 for hits in here) > 20
    assert sum(not hits for hits in here) > 20
    firsts = {(hit.suits, hit.named, hit.block in AT_ANY_TIME, hit.at is None) for hits in here for hit in hits}
    assert len(firsts) > 6


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
