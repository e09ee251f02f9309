"""Long tables: read before the turn that asks for them, added in portions, all of it or nothing, also after a crash."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.arriving.beforehand import ReadFirst, waiting
from bot.deeds.imports import add, undo
from bot.doing import Doing
from bot.importing.adding import step
from bot.importing.ahead import LONG
from bot.importing.every import KINDS
from bot.store import SqliteStore
from conversations.deeds.imports import AddSheet, UndoSheet
from conversations.speech import Done
from models.audit import Audit
from models.messages.message import Outgoing, StoredAttachment
from models.offers.importing import SheetImport
from models.offers.listing import Listing
from tests.bot.test_importing import GOOD, HEAD, book, count, doing, failing_last, house, sent
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
        assert undo(doing(house, session), UndoSheet(deed.sheet)).outcome == "undone"


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
        (told,) = session.scalars(select(Outgoing.body)).all()
        assert "ništa nije dodato" in str(told)


def portion(house: House) -> bool:
    with Session(house.database) as session:
        more = step(Doing(session, house.now, house.rules))
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
