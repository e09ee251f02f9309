"""Searching with half a sentence: words around what is meant, days in any case, and as Bulgarians write on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.searching.query import Query, read_query
from bot.searching.relaxing import nearest
from bot.searching.search import search
from models.offers.listing import Listing
from models.offers.programme import Town
from tests.house import MONDAY, House


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(House(Path(tmp_path_factory.mktemp("written"))).database) as session:
        yield session


def _read(session: Session, words: str, town: str = "krusevac") -> Query:
    home = session.scalars(select(Town.id).where(Town.code == town)).one()
    return read_query(session, MONDAY, words, "Europe/Belgrade", Query(home=home))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("ima li ne6to v nedelq", 6),
        ("iskam v 4etvurtuk", 3),
        ("v petuk", 4),
        ("srqda", 2),
        ("sybota", 5),
        ("до четвртка", 3),
        ("od utorka", 1),
        ("от вторника", 1),
    ],
)
def test_a_day_is_understood_as_people_write_it(programme: Session, words: str, day: int) -> None:
    query = _read(programme, words)
    assert (query.days, query.terms) == (frozenset([day]), ()), "nothing else was meant"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("kako da se prijavim za obuku", "krusevac-posao"),
        ("хтела бих на семинар", "krusevac-seminar"),
        ("как мога да се запиша за танци и фолклор", "koprinka-folklor"),
        ("is there any welding course", "novi-pazar-kvalifikacija"),
        ("plivanje za decu", "kazanlak-pluvane"),
        ("hocu da se prijavim na obuku za zaposlene u socijalnoj zastiti", "krusevac-strucnjaci"),
    ],
)
def test_what_is_meant_is_found_whatever_is_said_around_it(programme: Session, words: str, first: str) -> None:
    query = _read(programme, words)
    hits = search(programme, MONDAY, query) or nearest(programme, MONDAY, query)
    assert programme.get_one(Listing, hits[0].listing_id).code == first


@pytest.mark.parametrize(
    "words", ["шта има следеће недеље", "sta ima iduce nedelje", "какво има следващата седмица", "next week"]
)
def test_next_week_goes_from_its_monday_to_its_sunday(programme: Session, words: str) -> None:
    query = _read(programme, words)
    assert (query.on, query.to, query.terms) == (date(2026, 3, 9), date(2026, 3, 15), ()), "MONDAY is 2 March"
    days = {hit.at.date() for hit in search(programme, MONDAY, query) if hit.at is not None}
    assert len(days) > 3 and date(2026, 3, 9) <= min(days) <= max(days) <= date(2026, 3, 15)


@pytest.mark.parametrize("words", ["секција", "кад су секције", "sekcije u Koprinki", "кръжоци", "krujoci"])
def test_what_schools_call_a_club_finds_clubs(programme: Session, words: str) -> None:
    hits = search(programme, MONDAY, _read(programme, words))
    found = [programme.get_one(Listing, hit.listing_id) for hit in hits]
    assert found[0].kind == "club" and "krusevac-seminar" not in [listing.code for listing in found]


def test_that_somebody_comes_says_nothing_of_what_is_looked_for(programme: Session) -> None:
    for words in ("dolazim u nedelju", "ще дойда в неделя", "coming on sunday"):
        assert _read(programme, words).days == frozenset([6])
        assert _read(programme, words).terms == (), words
