"""Services on PostgreSQL: word for word the page that SQLite gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.house import House
from tests.transcripts.playing import FOLDER, play

STORIES = (
    "service.0.7.talk",
    "service.0.3.course",
    "service.4.10.context",
    "service.2.12.news",
    "service.0.4.computer",
    "import_sheet.staff",
    "safety.duty",
)
"""Appointments, a series, a survey, a digest, seats, a table, a warning: each mechanism with its tables."""
FURNISHED = "furnished"


@pytest.fixture(scope="module")
def furnished(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on which a furnished database waits to be copied: making all tables takes longer than a story."""
    maker = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {FURNISHED} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {FURNISHED}"))
    House(tmp_path_factory.mktemp("house"), url=_of(postgres_server, FURNISHED)).database.dispose()
    yield postgres_server
    with maker.connect() as connection:
        connection.execute(text(f"DROP DATABASE {FURNISHED} WITH (FORCE)"))
    maker.dispose()


@pytest.fixture
def copied(furnished: str) -> Iterator[str]:
    """The address of a furnished database of one's own."""
    maker = create_engine(furnished, isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.execute(text(f"CREATE DATABASE story TEMPLATE {FURNISHED}"))
    yield _of(furnished, "story")
    with maker.connect() as connection:
        connection.execute(text("DROP DATABASE story WITH (FORCE)"))
    maker.dispose()


def _of(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES)
def test_a_service_goes_on_postgres_as_it_is_written(story: str, tmp_path: Path, copied: str) -> None:
    page = FOLDER / f"{story}.txt"
    assert play(page, tmp_path, url=copied) == page.read_text(encoding="utf-8")
