"""Migrations: up, down and up again; the tables they make are the ones the code means; too new is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from bot.running.preparing import CannotStart, open_database
from bot.sample import load
from bot.searching.index_tables import ensure
from bot.settings import load as settings
from bot.store import sqlite_engine
from models.base import Base
from models.migrating import FOLDER, HEAD, TooNew, migrate, revision_of
from models.offers.programme import Town
from tests.house import MONDAY

OURS = {table.name for table in Base.metadata.sorted_tables}


def differences(engine: Engine) -> list[object]:
    """What autogenerate would still change in our own tables."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    return [change for change in found if not _foreign(change)]


def unconditional(engine: Engine) -> set[str]:
    """Indexes that the code means for some rows only and that this database has without a condition."""
    meant = {
        str(index.name): " ".join(str(index.dialect_options["sqlite"]["where"]).split()[:1])
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert len(meant) > 5
    listed = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
        if engine.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes"
    )
    with engine.connect() as connection:
        made = {row[0]: row[1] or "" for row in connection.execute(text(listed))}
    return {name for name, column in meant.items() if column not in made[name].partition("WHERE")[2]}


def _foreign(change: object) -> bool:
    """Tables and indexes of the search belong to bot/searching/search.py."""
    return isinstance(change, tuple) and change[0] in ("remove_table", "remove_index") and "search" in str(change[1])


def stairway(engine: Engine) -> None:
    assert migrate(engine) is True
    assert migrate(engine) is False, "a database at its head is left alone"
    assert differences(engine) == []
    assert unconditional(engine) == set(), "an index of some rows only became one of all rows"
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        session.commit()
        assert session.query(Town).count() > 10
    migrate(engine, to="base")
    assert OURS & set(inspect(engine).get_table_names()) == set()
    migrate(engine)
    assert set(inspect(engine).get_table_names()) >= OURS


def test_up_down_and_up_again_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    stairway(engine)
    engine.dispose()


@pytest.mark.postgres
def test_up_down_and_up_again_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    stairway(engine)
    engine.dispose()


def test_the_head_is_the_newest_revision() -> None:
    revisions = sorted(path.stem.split("_")[0].removeprefix("v") for path in (FOLDER / "versions").glob("v*.py"))
    assert revisions[-1] == HEAD


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'putokaz.db'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TooNew):
        migrate(engine)
    with engine.connect() as connection:
        assert revision_of(connection) == "9999"
    engine.dispose()
    with pytest.raises(CannotStart, match="newer version"):
        open_database(settings(data=tmp_path))
