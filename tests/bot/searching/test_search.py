"""Searching: both scripts, without accents, a letter wrong, days and towns as filters, own town first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from bot.sample import load
from bot.searching.index_tables import ensure
from bot.searching.query import only_a_day
from bot.searching.relaxing import nearest
from bot.searching.search import Query, index_listing, read_query, search
from bot.searching.search_index import remember_words
from bot.searching.vocabulary import vocabulary_of
from bot.store import driver_url, sqlite_engine
from models.base import Base
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from tests.bot.searching.test_search_of_several_words import same_order
from tests.house import MONDAY, House

ZONE = "Europe/Belgrade"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The sample programme, read only."""
    engine = sqlite_engine(f"sqlite:///{tmp_path_factory.mktemp('search') / 'sample.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        session.commit()
        yield session
    engine.dispose()


def codes(session: Session, words: str, now: datetime = MONDAY, home: str = "") -> list[str]:
    town = session.scalars(select(Town.id).where(Town.code == home)).first() or 0
    query = read_query(session, now, words, ZONE, Query(home=town))
    by_id = {row[0]: row[1] for row in session.execute(select(Listing.id, Listing.code))}
    return [by_id[hit.listing_id] for hit in search(session, now, query)]


@pytest.mark.parametrize(
    "words",
    [
        "matematika",
        "математика",
        "MATEMATIKA",
        "matematike",
        "математику",
        "matemtika",
        "matamatika",
        "математиката",
        "čas matematike",
        "час математике",
        "4as po matematika",
        "pomoć iz matematike",
        "помощ по математика",
        "maths",
        "help with maths",
        "matematika četvrtak",
        "matematika cetvrtkom",
        "математика в четвъртък",
        "maths Thursday",
        "matematika u Boru",
        "математика у Бору у четвртак",
        "хоћу на математику",
    ],
)
def test_maths_is_found_however_it_is_written(programme: Session, words: str) -> None:
    assert codes(programme, words)[:1] == ["bor-matematika"]


@pytest.mark.parametrize("words", ["pomoć iz fizike", "fizika", "physics", "физиката", "fizka", "физика сряда"])
def test_words_around_what_is_meant_do_not_spoil_it(programme: Session, words: str) -> None:
    assert codes(programme, words)[:1] == ["bor-fizika"]


def near(session: Session, words: str, home: str = "", town: str = "") -> list[str]:
    """What is nearest to words that together find nothing."""
    ids = {row[0]: row[1] for row in session.execute(select(Town.code, Town.id))}
    query = read_query(session, MONDAY, words, ZONE, Query(home=ids.get(home, 0), town=ids.get(town, 0)))
    assert search(session, MONDAY, query) == []
    by_id = {row[0]: row[1] for row in session.execute(select(Listing.id, Listing.code))}
    return [by_id[hit.listing_id] for hit in nearest(session, MONDAY, query)]


def test_words_that_stand_in_different_listings_lead_to_the_nearest_of_them(programme: Session) -> None:
    assert near(programme, "сестра вкъщи")[:1] == ["kazanlak-kashti"]  # вкъщи stands in another listing alone
    assert near(programme, "matematika fizika plakati", town="bor")[:2] == ["bor-matematika", "bor-fizika"]
    assert near(programme, "matematika robotika")[:1] == ["bor-matematika"]  # robotika had to be mended to rabotnik


def test_a_listing_with_more_of_the_words_comes_before_one_with_a_single_word(programme: Session) -> None:
    title = programme.scalars(select(Listing.title).where(Listing.code == "bor-matematika")).one()["sr"]
    assert near(programme, f"{title} fizika")[:1] == ["bor-matematika"]
    assert near(programme, f"{title} fizika").index("bor-fizika") > 0


def test_the_nearest_of_the_own_town_comes_first_and_filters_still_hold(programme: Session) -> None:
    everywhere = near(programme, "математика вкъщи")
    assert set(everywhere[:2]) == {"bor-matematika", "kazanlak-ekskurzia"}
    assert near(programme, "математика вкъщи", home="kazanlak")[0] == "kazanlak-ekskurzia"
    assert near(programme, "математика вкъщи", home="bor")[0] == "bor-matematika"
    assert near(programme, "математика вкъщи", town="kazanlak") == ["kazanlak-ekskurzia"]


def test_nothing_is_near_to_what_no_listing_knows(programme: Session) -> None:
    assert near(programme, "zmajevi") == []
    with programme.begin_nested() as part:  # a word that was known once, and looks like others that are offered
        remember_words(programme, {"fizike", "fizinika"})
        assert near(programme, "fizinika") == []
        part.rollback()


def test_a_long_word_of_another_beginning_is_no_slip_of_a_known_one(programme: Session) -> None:
    words = vocabulary_of(programme)
    assert "zaposljavanje" in words.mend("zaposlavanje")
    for meant in (words.mend("podesavanja"), words.near("podesavanja")):
        assert not set(meant) & {"zaposljavanja", "zaposljavanje"}, "somebody looks for the settings"


def test_a_day_on_which_it_is_not_held_finds_nothing(programme: Session) -> None:
    assert codes(programme, "matematika petak") == []


def test_what_nobody_offers_finds_nothing_rather_than_everything(programme: Session) -> None:
    assert codes(programme, "zmajevi") == []
    assert codes(programme, "xqwv 😀") == []


def test_a_town_alone_shows_what_is_on_there(programme: Session) -> None:
    bor = programme.scalars(select(Town.id).where(Town.code == "bor")).one()
    found = codes(programme, "u Boru")
    where = {row[0]: row[1] for row in programme.execute(select(Listing.code, Listing.town_id))}
    assert found
    assert {where[code] for code in found} == {bor}


@pytest.mark.parametrize(
    ("words", "town"),
    [("Kruševcu", "krusevac"), ("у Ваљеву", "valjevo"), ("Казанлък", "kazanlak"), ("iz Vranja", "vranje")],
)
def test_towns_are_known_in_any_case_and_script(programme: Session, words: str, town: str) -> None:
    query = read_query(programme, MONDAY, words, ZONE)
    assert query.town == programme.scalars(select(Town.id).where(Town.code == town)).one()


def test_the_own_town_comes_first(programme: Session) -> None:
    joined = select(Listing.code, Town.code).join(Town, Town.id == Listing.town_id)
    workshops = joined.where(Listing.kind == "workshop")  # the kind that was named comes before what mentions it
    where = {row[0]: row[1] for row in programme.execute(workshops)}
    elsewhere = [where[code] for code in codes(programme, "radionica") if code in where]
    for home in sorted(set(elsewhere)):
        found = [where[code] for code in codes(programme, "radionica", home=home)[: len(where)]]
        mine = [town == home for town in found]
        assert mine[0]
        assert mine == sorted(mine, reverse=True)
        assert sorted(found) == sorted(elsewhere)


def test_what_keeps_places_for_a_town_counts_as_being_there(tmp_path: Path) -> None:
    """The seminar is held elsewhere, and eight of its places are for Pirot: nobody from there reads "nothing here"."""
    house = House(tmp_path)
    for name, town, elsewhere in (("vida", "pirot", False), ("luka", "valjevo", True)):
        house.person(name, "en", band="18+", town=town)
        shown = house.hear(name, "seminar")[-1][1].text
        assert ("Nothing like that in" in shown) is elsewhere, shown


def test_within_a_town_the_nearest_session_comes_first(programme: Session) -> None:
    hits = search(programme, MONDAY, Query())
    times = [hit.at for hit in hits if hit.at is not None]
    assert times == sorted(times)


def test_what_is_over_is_not_found(programme: Session) -> None:
    assert codes(programme, "matematika", MONDAY + timedelta(days=365)) == []


def test_today_and_tomorrow_are_days_of_the_place(programme: Session) -> None:
    assert "bor-matematika" in codes(programme, "matematika sutra")
    assert codes(programme, "matematika danas") == []


def test_hostile_words_do_no_harm(programme: Session) -> None:
    for words in (
        '" OR 1',
        "title:*",
        "NEAR(a b)",
        "')--",
        "a" * 5000,
        "\ud800",
        "%_%",
        "zztown1",
        "{main} : x",
        "AND",
    ):
        codes(programme, words)


def test_a_listing_that_closes_or_changes_is_found_accordingly(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'change.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        _changes(session)
    engine.dispose()


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        session.commit()
        for words in ("matematika", "час математике", "matemtika četvrtak", "математика в Бор", "4as po matematika"):
            assert codes(session, words)[:1] == ["bor-matematika"]
        assert codes(session, "zmajevi") == []
        same_order(session, 3)
        _changes(session)
    engine.dispose()


def _changes(session: Session) -> None:
    listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
    listing.title = {"sr": "Алгебра за почетнике"}
    index_listing(session, listing.id)
    assert codes(session, "algebra") == ["bor-matematika"]
    listing.state = "closed"
    index_listing(session, listing.id)
    assert codes(session, "algebra") == []
    listing.state = "open"
    index_listing(session, listing.id)
    assert codes(session, "алгебра") == ["bor-matematika"]
    for meeting in session.scalars(select(Meeting).where(Meeting.listing_id == listing.id)):
        meeting.state = "cancelled"
    session.flush()
    assert codes(session, "алгебра") == []


def test_days_are_those_of_the_site_not_of_utc(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'days.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
        for meeting in session.scalars(select(Meeting).where(Meeting.listing_id == listing.id)):
            meeting.state = "cancelled"
        # Half past midnight on a Friday in Belgrade is still Thursday in UTC.
        starts = datetime(2026, 3, 6, 0, 30, tzinfo=ZoneInfo(ZONE))
        session.add(
            Meeting(listing_id=listing.id, starts_at=starts, ends_at=starts + timedelta(hours=1), zone=ZONE, capacity=5)
        )
        session.flush()
        assert codes(session, "matematika petak") == ["bor-matematika"]
        assert codes(session, "matematika četvrtak") == []
    engine.dispose()


def test_changing_and_searching_in_one_transaction_leaves_the_index_whole(tmp_path: Path) -> None:
    """Queries are of whole words only: with `word*` SQLite 3.40 reads a changed index as a damaged one."""
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'changed.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        session.commit()
        listings = list(session.scalars(select(Listing.id)))
        for again in range(6):
            for listing_id in listings:
                nested = session.begin_nested()
                session.execute(text("DELETE FROM listing_text WHERE rowid = :id"), {"id": listing_id})
                codes(session, "mat")
                index_listing(session, listing_id)
                assert "bor-matematika" in codes(session, "matemtika")
                if again % 2:
                    nested.rollback()
                else:
                    nested.commit()
            session.commit()
        session.execute(text("INSERT INTO listing_text (listing_text) VALUES ('integrity-check')"))
        assert "bor-matematika" in codes(session, "matematika")
    engine.dispose()


@pytest.mark.parametrize("words", ["3. mart", "3 март", "на 3 март", "3.3.", "3. 3. 2026.", "March 3", "2026-03-03"])
def test_a_date_is_a_day_however_it_is_written(programme: Session, words: str) -> None:
    assert only_a_day(MONDAY, words, ZONE)
    assert read_query(programme, MONDAY, words, ZONE).on == date(2026, 3, 3)
    assert codes(programme, f"matematika {words}")[:1] == ["bor-matematika"]
    assert codes(programme, "matematika 4. mart") == []  # a Wednesday: not any Wednesday, and not any day


@pytest.mark.parametrize("words", ["u petak", "сутра", "this week", "в събота", "31.3."])
def test_a_day_alone_says_when_and_nothing_beside_that(words: str) -> None:
    assert only_a_day(MONDAY, words, ZONE)


@pytest.mark.parametrize("words", ["matematika 3. mart", "fizika petak", "3", "31.2.", "grupa 5", "u", ""])
def test_what_says_more_than_when_is_looked_for_anew(words: str) -> None:
    assert not only_a_day(MONDAY, words, ZONE)
