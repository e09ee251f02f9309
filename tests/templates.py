"""SQLite files that are made once in a process and copied: making a hundred tables takes longer than most tests."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import models.every
from bot.store import sqlite_engine
from models.base import Base

assert models

_MADE: dict[tuple[bool, datetime | None], Path] = {}
"""The file of each kind: whether it can be searched, and when its sample begins (None: it holds none)."""


def furnish(target: Path, *, search: bool = True, sample: datetime | None = None) -> None:
    """Copy a database with every table to `target`; with the index of the search, with the sample as of an instant.

    One that is there already stays: a house is opened again on its own file.
    """
    if not target.exists():
        shutil.copyfile(_made(search, sample), target)


def furnish_memory(engine: Engine) -> None:
    """Every table in a database that is in memory only."""
    with engine.connect() as connection, closing(sqlite3.connect(_made(False, None))) as made:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        made.backup(driver)


def _made(search: bool, sample: datetime | None) -> Path:
    if (search, sample) not in _MADE:
        _MADE[search, sample] = _make(search, sample)
    return _MADE[search, sample]


def _make(search: bool, sample: datetime | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="template"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = sqlite_engine(f"sqlite:///{folder / 'made.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        if search:
            from bot.searching.index_tables import ensure

            ensure(session)
        if sample is not None:
            from bot.sample import load

            load(session, sample)
        session.commit()
    engine.dispose()
    return folder / "made.db"
