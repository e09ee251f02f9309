"""A fresh SQLite database for each test of the tables' operations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from tests.cheaper import without_waiting_for_the_disk
from tests.models.programme import Programme
from tests.templates import furnish


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    furnish(tmp_path / "models.db", search=False)
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'models.db'}")
    without_waiting_for_the_disk(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def programme(session: Session) -> Programme:
    return Programme(session)
