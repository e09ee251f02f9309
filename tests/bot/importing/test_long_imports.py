"""Long tables: read before the turn that asks for them, added in portions, all of it or nothing, also after a crash."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.arriving.beforehand import ReadFirst, waiting
from bot.deeds.offers.imports import add, undo
from bot.doing import Doing
from bot.importing.adding import step
from bot.importing.ahead import LONG
from bot.importing.tables.every import KINDS
from bot.keeping import retention
from bot.store import SqliteStore
from conversations.deeds.imports import AddSheet, UndoSheet
from conversations.speech import Done
from models.audit import Audit
from models.messages.message import Outgoing, StoredAttachment
from models.offers.importing import SheetImport
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site
from models.places.booking import Booking
from models.places.taking import book as take
from models.who.erasure import erase
from tests.bot.importing.test_importing import GOOD, HEAD, book, count, doing, failing_last, house, sent
from tests.house import House

__all__ = ["house"]


def test_a_long_table_is_added_in_portions_and_seen_only_when_all_of_it_is_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "meetings", replace(KINDS["meetings"], at_once=4))
    with Session(house.database) as session:
        before = count(session, Listing)
        done = sent(house, session, book(HEAD, *[[f"Crtanje {number}", *GOOD[1:]] for number in range(10)]))
        deed = AddSheet(int(str(done.details["sheet"])))
        added = add(doing(house, session), deed)
        assert (added.outcome, added.details) == ("adding", {"rows": 10})
        assert count(session, Listing) == before, "nothing in the turn itself"
        session.commit()
    seen = []
    while portion(house):
        with Session(house.database) as session:  # as after a crash: nothing but the database is left
            row = session.get_one(SheetImport, deed.sheet)
            newest = session.scalars(select(Listing.state).order_by(Listing.id.desc()).limit(10)).all()
            found = session.execute(text("SELECT count(*) FROM listing_text WHERE title LIKE '% crtanje %'")).scalar()
            seen.append((row.state, count(session, Listing) - before, newest.count("draft"), found))
            assert add(doing(house, session), deed).outcome == "gone", "a second tap"
    adding = [("adding", 4, 4, 0), ("adding", 8, 8, 0), ("opening", 10, 10, 0)]
    assert seen == [*adding, ("opening", 10, 6, 4), ("opening", 10, 2, 8), ("added", 10, 0, 10)]
    with Session(house.database) as session:
        assert count(session, Outgoing) == 1, "word that all of it is there"
        assert session.scalars(select(Audit).where(Audit.action == "import.added")).one().details["rows"] == 10


def long_one(house: House, rows: int, kind: str = "meetings", head: list[str] = HEAD) -> int:
    """A long table that was added whole, four rows at a time. Its id."""
    with Session(house.database) as session:
        good = GOOD if kind == "meetings" else ["", "Bor"]
        done = sent(house, session, book(head, *[[f"Crtanje {number}", *good[1:]] for number in range(rows)]), kind)
        sheet = int(str(done.details["sheet"]))
        assert add(doing(house, session), AddSheet(sheet)).outcome == "adding"
        session.commit()
    while portion(house):
        pass
    return sheet


def begin_undo(house: House, sheet: int) -> None:
    with Session(house.database) as session:
        done = undo(doing(house, session), UndoSheet(sheet))
        assert (done.outcome, done.details) == ("undoing", {"rows": 10})
        session.commit()


def state(house: House, sheet: int) -> tuple[str, list[str], int]:
    """How it stands: the table, its listings (the first one first), and how many of them a search finds."""
    with Session(house.database) as session:
        listings = session.scalars(select(Listing.state).order_by(Listing.id.desc()).limit(10)).all()
        found = session.execute(text("SELECT count(*) FROM listing_text WHERE title LIKE '% crtanje %'")).scalar()
        return session.get_one(SheetImport, sheet).state, list(reversed(listings)), int(found or 0)


def told(house: House) -> list[str]:
    with Session(house.database) as session:
        return [str(body) for body in session.scalars(select(Outgoing.body).order_by(Outgoing.id))]


def test_a_long_table_is_taken_back_in_portions_also_when_each_is_cut_off_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "meetings", replace(KINDS["meetings"], at_once=4))
    sheet = long_one(house, 10)
    house.now += timedelta(minutes=14)
    begin_undo(house, sheet)
    house.now += timedelta(days=3)  # the machine was off: what has begun is brought to its end
    with Session(house.database) as session:
        retention._sheets(session, house.now)
        session.commit()
    seen = [state(house, sheet)]
    while portion(house, cut_off=True) and portion(house):
        seen.append(state(house, sheet))
        with Session(house.database) as session:
            again = undo(doing(house, session), UndoSheet(sheet)).outcome
            assert again == ("undoing" if seen[-1][0] != "undone" else "late"), "a second tap"
    o, d, x = "open", "draft", "cancelled"
    assert seen == [
        ("hiding", [o] * 10, 10),
        ("hiding", [*[o] * 6, *[d] * 4], 6),
        ("hiding", [*[o] * 2, *[d] * 8], 2),
        ("taking", [d] * 10, 0),
        ("taking", [*[d] * 6, *[x] * 4], 0),
        ("taking", [*[d] * 2, *[x] * 8], 0),
        ("undone", [x] * 10, 0),
    ]
    _added, undone = told(house)
    assert "Sve je povučeno" in undone
    with Session(house.database) as session:
        assert session.scalars(select(Audit.action).where(Audit.action == "import.undone")).all() == ["import.undone"]


def test_once_somebody_is_in_one_of_it_all_of_a_long_table_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "meetings", replace(KINDS["meetings"], at_once=4))
    house.person("mila", band="15-17", town="bor")
    mila = house.person_id("mila")
    sheet = long_one(house, 10)
    with Session(house.database) as session:
        last, first = (
            session.scalars(select(Meeting.id).order_by(Meeting.id.desc()).limit(10)).all()[i] for i in (0, -1)
        )
    begin_undo(house, sheet)
    assert portion(house)
    with Session(house.database) as session:
        assert take(session, house.now, session_id=last, person_id=mila, booked_by_id=mila).outcome == "closed"
        assert take(session, house.now, session_id=first, person_id=mila, booked_by_id=mila).outcome == "booked"
        session.commit()
    while portion(house, cut_off=True) and portion(house):
        pass
    assert state(house, sheet) == ("added", ["open"] * 10, 10)
    assert "ništa nije povučeno" in told(house)[-1]
    with Session(house.database) as session:
        session.scalars(select(Booking)).one().state = "cancelled"
        session.commit()
    begin_undo(house, sheet)
    while portion(house):
        pass
    assert state(house, sheet)[0] == "undone", "nobody is in it any more"


def test_places_that_were_taken_back_are_there_again_where_one_is_used_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing hides a place: whoever uses one between two portions keeps all of them."""
    monkeypatch.setitem(KINDS, "sites", replace(KINDS["sites"], at_once=4))
    with Session(house.database) as session:
        before = count(session, Site)
    sheet = long_one(house, 10, "sites", ["name", "town"])
    begin_undo(house, sheet)
    for _portion in range(4):
        portion(house)
    with Session(house.database) as session:
        assert count(session, Site) == before + 6
        first = session.scalars(select(Site.id).order_by(Site.id).offset(before)).first()
        session.scalars(select(Listing)).first().site_id = first  # type: ignore[union-attr]
        session.commit()
    while portion(house):
        pass
    with Session(house.database) as session:
        row = session.get_one(SheetImport, sheet)
        assert (row.state, count(session, Site)) == ("added", before + 10)
        assert len(set(row.made)) == 10, "each has its reference again"
        names = {str(name["sr"]) for name in session.scalars(select(Site.name).order_by(Site.id.desc()).limit(10))}
        assert names == {f"Crtanje {number}" for number in range(10)}


def test_who_is_no_staff_any_more_takes_nothing_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "meetings", replace(KINDS["meetings"], at_once=4))
    sheet = long_one(house, 10)
    begin_undo(house, sheet)
    portion(house)
    with Session(house.database) as session:
        erase(session, house.now, house.person_id("ana"))
        session.commit()
    while portion(house):
        pass
    assert state(house, sheet) == ("added", ["open"] * 10, 10)


def test_a_long_table_that_fails_half_way_leaves_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = replace(KINDS["meetings"], at_once=4)
    monkeypatch.setitem(KINDS, "meetings", replace(failing_last(whole, 10), at_once=4))
    with Session(house.database) as session:
        done = sent(house, session, book(HEAD, *[[f"Crtanje {number}", *GOOD[1:]] for number in range(10)]))
        deed = AddSheet(int(str(done.details["sheet"])))
        assert add(doing(house, session), deed).outcome == "adding"
        session.commit()
    while portion(house):
        pass
    with Session(house.database) as session:
        assert session.get_one(SheetImport, deed.sheet).state == "undone"
        made = session.scalars(select(Listing.state).order_by(Listing.id.desc()).limit(8)).all()
        assert set(made) == {"cancelled"}
        assert session.execute(text("SELECT count(*) FROM listing_text WHERE title LIKE '% crtanje %'")).scalar() == 0
        (word,) = session.scalars(select(Outgoing.body)).all()
        assert "ništa nije dodato" in str(word)


def portion(house: House, *, cut_off: bool = False) -> bool:
    """One portion, with nothing but the database before and after it; one that is cut off ends before its commit."""
    with Session(house.database) as session:
        more = step(Doing(session, house.now, house.rules))
        if not cut_off:
            session.commit()
    return more


async def test_a_long_table_is_read_before_the_turn_that_asks_for_it(house: House) -> None:
    """Through the store: the first attempt leaves nothing, reading writes nothing, the second finds what was read."""
    content = book(HEAD, *[[f"Crtanje {number}", *GOOD[1:]] for number in range(60)])
    assert len(content) > LONG
    store = SqliteStore(str(house.database.url))

    def turn(session: Session) -> Done:
        return waiting(lambda: sent(house, session, content))

    with pytest.raises(ReadFirst) as first:
        await store.write(turn)
    assert await store.read(lambda session: count(session, SheetImport) + count(session, StoredAttachment)) == 0
    await store.read(first.value.read)
    done = await store.write(turn)
    assert (done.outcome, done.details["rows"]) == ("ready", 60)
    with pytest.raises(ReadFirst):  # what was read is used once: another day it may come to something else
        await store.write(turn)
    store.close()
