"""The store: work that fails is undone alone, whatever it failed of, and whoever asked is told the true reason."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store import SqliteStore
from models.base import Base
from models.house import Remembered


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
