"""A fresh SQLite database for each test of the tables' operations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from tests.models.programme import Programme, make_tables


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'models.db'}")
    make_tables(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def programme(session: Session) -> Programme:
    return Programme(session)
