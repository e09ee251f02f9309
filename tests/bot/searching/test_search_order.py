"""What comes first among results: what is for somebody's age, and of that the kind of thing that was named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.language.fold import fold
from bot.searching.kind_names import kinds_named
from bot.searching.query import Query, read_query
from bot.searching.relaxing import nearest
from bot.searching.search import search
from models.offers.listing import Listing
from models.offers.programme import Town
from tests.house import MONDAY, House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("order"))


@pytest.fixture
def programme(house: House) -> Iterator[Session]:
    with Session(house.database) as session:
        yield session


def found(session: Session, words: str, *bands: str, home: str = "", relaxed: bool = False) -> list[Listing]:
    town = session.scalars(select(Town.id).where(Town.code == home)).first() or 0
    query = read_query(session, MONDAY, words, "Europe/Belgrade", Query(home=town, bands=frozenset(bands)))
    assert not (relaxed and search(session, MONDAY, query))
    hits = nearest(session, MONDAY, query) if relaxed else search(session, MONDAY, query)
    return [session.get_one(Listing, hit.listing_id) for hit in hits]


@pytest.mark.parametrize(
    ("words", "band", "home"),
    [
        ("kurs", "under14", "bor"),
        ("радионица", "under14", "bor"),
        ("работа", "under14", "kazanlak"),
        ("praksa", "15-17", "nis"),
        ("помоћ", "18+", "kazanlak"),
        ("", "under14", "bor"),
    ],
)
def test_what_is_for_that_age_comes_first_and_the_rest_stays_to_be_found(
    programme: Session, words: str, band: str, home: str
) -> None:
    ours = found(programme, words, band, home=home)
    suits = [listing.is_for(band) for listing in ours]
    assert suits == sorted(suits, reverse=True)
    assert set(suits) == {True, False}
    assert {listing.code for listing in ours} == {listing.code for listing in found(programme, words, home=home)}


def test_so_does_what_is_nearest_where_nothing_has_all_the_words(programme: Session) -> None:
    suits = [
        listing.is_for("under14") for listing in found(programme, "математика вкъщи курс", "under14", relaxed=True)
    ]
    assert suits == sorted(suits, reverse=True)
    assert set(suits) == {True, False}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("posao", "job"),
        ("посао", "job"),
        ("tražim posla", "job"),
        ("poslovi", "job"),
        ("poaso", "job"),
        ("работа", "job"),
        ("търся работа", "job"),
        ("rabota", "job"),
        ("I need a job", "job"),
        ("work", "job"),
        ("kurs", "course"),
        ("курсеви", "course"),
        ("курсове", "course"),
        ("courses", "course"),
        ("časovi", "tutoring"),
        ("инструкције", "tutoring"),
        ("уроци", "tutoring"),
        ("tutoring", "tutoring"),
        ("savetovanje", "appointment"),
        ("саветник", "appointment"),
        ("консултация", "appointment"),
        ("counselling", "appointment"),
        ("radionica", "workshop"),
        ("работилница", "workshop"),
        ("workshop", "workshop"),
        ("пракса", "internship"),
        ("стаж", "internship"),
    ],
)
@pytest.mark.parametrize("home", ["", "bor"])
def test_the_kind_of_thing_that_is_named_comes_before_what_mentions_it(
    programme: Session, words: str, kind: str, home: str
) -> None:
    ours = found(programme, words, home=home)
    of_kind = [listing.kind == kind for listing in ours]
    assert of_kind[:1] == [True], [listing.code for listing in ours]
    assert of_kind == sorted(of_kind, reverse=True)
    if kind != "appointment":  # a counselling centre is no adviser on business
        there_are = select(Listing.id).where(Listing.kind == kind, Listing.state == "open")
        assert sum(of_kind) == len(programme.scalars(there_are).all()), "each of its names finds all of a kind"


def test_a_job_is_no_workshop(programme: Session) -> None:
    for words in ("работа", "work"):  # the beginning of работилница and of workshop
        read = read_query(programme, MONDAY, words, "Europe/Belgrade")
        assert read.named == {"job"}
        assert all("job" in (kinds_named(term) or {"job"}) for term in read.terms[0])
    assert "krusevac-poslovni-savet" in [listing.code for listing in found(programme, "poslovi")]  # stays to be found


def test_names_of_kinds_are_known_in_their_forms_alone() -> None:
    assert kinds_named(fold("обука")) == {"course", "training"}
    assert kinds_named(fold("школа")) == kinds_named(fold("радити")) == frozenset()
    assert kinds_named("kurzz", ("kurs", "kursa")) == {"course", "training"}, "a letter wrong; many call a training so"
    assert kinds_named("posl", ("posle", "posla")) == frozenset(), "the beginning of many words"


def test_a_child_finds_what_is_for_children_and_an_adult_what_they_may_book_for_a_child_too(house: House) -> None:
    def shown(name: str) -> list[str]:
        return [card.text.splitlines()[0] for card in house.hear(name, "meet")[-1][1].cards]

    house.person("luka", "en", band="under14", town="bor")
    house.person("nena", "en", band="14", town="bor")
    house.person("vera", "en", band="18+", town="bor")
    assert shown("luka")[0] == "Meet a baker"
    assert shown("luka")[-1] != "Meet a baker"
    assert "Meet an electrician" in shown("luka"), "for others, but it can be found"
    for name in ("nena", "vera"):
        assert shown(name)[:2] == ["Meet an electrician", "Meet a baker"], "both in town, as they are held"
