"""The revision with the tables of joining: people who were there before are there afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from bot.store import driver_url, sqlite_engine
from tests.models.programme import NOW


def rows_survive(engine: Engine) -> None:
    """People who were there before are there afterwards, and after going back."""
    from sqlalchemy import text

    from models.migrating import migrate

    migrate(engine, to="0003")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (id, called, tag, language_chosen, band, created_at) "
                "VALUES (7, 'DEMO', 'en', :chosen, '18+', :now)"
            ),
            {"chosen": True, "now": NOW.replace(tzinfo=None) if engine.dialect.name == "sqlite" else NOW},
        )
    for revision in ("0004", "0003", "0004"):
        migrate(engine, to=revision)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT called FROM person WHERE id = 7")).scalars().all() == ["DEMO"]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT merged_into_id FROM person")).scalars().all() == [None]


def test_people_survive_the_new_tables_and_going_back_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    rows_survive(engine)
    engine.dispose()


@pytest.mark.postgres
def test_people_survive_the_new_tables_and_going_back_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    rows_survive(engine)
    engine.dispose()
