"""The store: work that fails is undone alone, whatever it failed of, and whoever asked is told the true reason."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store import SqliteStore
from models.base import Base
from models.house import Remembered
from models.prepared import DRIVEN


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(f"sqlite:///{tmp_path / 'store.db'}")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def keep(name: str, value: str = "") -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.add(Remembered(name=name, value=value))
        session.flush()
        return name

    return work


async def names(store: SqliteStore) -> list[str]:
    return await store.read(lambda session: sorted(session.scalars(select(Remembered.name))))


async def test_what_is_written_is_there_for_readers_once_write_returns(store: SqliteStore) -> None:
    assert await store.write(keep("a")) == "a"
    assert await names(store) == ["a"]


async def test_work_that_raises_is_undone_alone(store: SqliteStore) -> None:
    def failing(session: Session) -> None:
        keep("half")(session)
        raise LookupError("no such listing")

    done = await asyncio.gather(
        store.write(keep("a")), store.write(failing), store.write(keep("b")), return_exceptions=True
    )
    assert [type(result).__name__ for result in done] == ["str", "LookupError", "str"]
    assert await names(store) == ["a", "b"]


async def test_a_flush_that_fails_takes_nobody_with_it(store: SqliteStore) -> None:
    await store.write(keep("there"))
    done = await asyncio.gather(
        store.write(keep("a")),
        store.write(keep("there")),
        store.write(keep("b")),
        return_exceptions=True,
    )
    assert isinstance(done[1], IntegrityError)
    assert (done[0], done[2]) == ("a", "b")
    assert await names(store) == ["a", "b", "there"]


async def test_the_true_reason_is_told_also_to_whoever_writes_alone(store: SqliteStore) -> None:
    await store.write(keep("there"))
    with pytest.raises(IntegrityError):
        await store.write(keep("there"))
    assert await store.write(keep("next")) == "next"


async def test_commits_are_durable_and_readers_do_not_wait(store: SqliteStore) -> None:
    pragmas = await store.write(
        lambda session: (
            session.execute(text("PRAGMA synchronous")).scalar(),
            session.execute(text("PRAGMA journal_mode")).scalar(),
        )
    )
    assert pragmas == (2, "wal")


async def test_nothing_is_left_in_memory_of_the_work_before(store: SqliteStore) -> None:
    """Several share one transaction: what one read is read anew by the next, and what it noted for itself is gone."""
    seen: list[tuple[int, set[str]]] = []

    def work(session: Session, fails: bool) -> Remembered:
        seen.append((len(session.identity_map), set(session.info) - {DRIVEN}))
        row = session.scalars(select(Remembered)).one()
        session.execute(update(Remembered).values(value=row.value + "+"))
        session.info["only"] = "mine"
        if fails:
            raise LookupError("no such listing")
        return row

    await store.write(keep("there"))
    rows = await asyncio.gather(
        *(store.write(partial(work, fails=fails)) for fails in (False, True, False)), return_exceptions=True
    )
    assert seen == [(0, set())] * 3
    assert isinstance(rows[1], LookupError)
    assert [row.value for row in (rows[0], rows[2]) if isinstance(row, Remembered)] == ["+", "++"]
    assert await store.read(lambda session: session.scalars(select(Remembered.value)).one()) == "++"
