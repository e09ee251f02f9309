"""After an upgrade listings are found by all that this version finds them by, with nobody touching them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from bot.searching import reindexing
from bot.searching.query import read_query
from bot.searching.search import index_listing, search
from models.house import Remembered
from models.offers.listing import Listing, SearchWord
from tests.house import House

ZONE = "Europe/Belgrade"


def older(folder: Path) -> House:
    """A house whose listings an older version has indexed: words of two letters are unknown, and so is by what."""
    house = House(folder)
    titles = {"sr": "Како се пише CV", "bg": "Как се пише CV", "en": "Writing a CV"}
    with Session(house.database) as session:
        session.execute(update(Listing).where(Listing.code == "bor-zanimanja").values(title=titles))
        index_listing(session, session.scalars(select(Listing.id).where(Listing.code == "bor-zanimanja")).one())
        session.execute(delete(SearchWord).where(func.length(SearchWord.word) == 2))
        session.execute(update(Remembered).where(Remembered.name == "search_words").values(value="an older mark"))
        session.execute(delete(Remembered).where(Remembered.name == reindexing.REMEMBERED))
        session.commit()
    return house


def finds(house: House) -> list[str]:
    with Session(house.database) as session:
        hits = search(session, house.now, read_query(session, house.now, "CV", ZONE))
        return [session.get_one(Listing, hit.listing_id).code for hit in hits]


def test_words_of_two_letters_are_found_by_themselves_after_the_upgrade(tmp_path: Path) -> None:
    house = older(tmp_path)
    assert finds(house) == []
    house.advance(hours=1)
    assert finds(house)[0] == "bor-zanimanja"


def test_it_goes_on_where_it_was_stopped_and_then_never_again(tmp_path: Path) -> None:
    house = older(tmp_path)
    with Session(house.database) as session:
        many = session.scalar(select(func.count(Listing.id))) or 0
        session.execute(text("DELETE FROM listing_text"))
        session.commit()
    portions = [many // 3 + 1] * 3
    for done, portion in enumerate(portions, 1):
        with Session(house.database) as session:  # each in a transaction of its own, as after a stop
            assert reindexing.is_old(session)
            assert reindexing.step(session, portion) is (done < len(portions))
            indexed = session.execute(text("SELECT count(*) FROM listing_text")).scalar() or 0
            assert (indexed < many * done // 3 + 2) and indexed > many * (done - 1) // 3
            session.commit()
    with Session(house.database) as session:
        assert not reindexing.is_old(session)
        session.execute(text("DELETE FROM listing_text"))
        assert not reindexing.step(session)
        assert session.execute(text("SELECT count(*) FROM listing_text")).scalar() == 0


def test_the_sample_is_indexed_as_it_is_loaded_and_anew_by_the_next_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    with Session(house.database) as session:
        assert not reindexing.is_old(session), "who loads the sample has indexed it"
        monkeypatch.setattr(reindexing, "INDEX", "3")
        assert reindexing.is_old(session)
