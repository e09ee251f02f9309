"""Prepared statements: the same rows and the same errors as through SQLAlchemy, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, create_engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from models.audit import Audit
from models.base import Base
from models.house import Remembered
from models.prepared import Prepared

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
WRITE = Prepared(
    lambda _dialect: (
        insert(Audit)
        .values(
            at=bindparam("at"), actor_id=bindparam("actor"), action="tested", subject="", details=bindparam("details")
        )
        .returning(Audit.id)
    )
)
READ = Prepared(lambda _dialect: select(Audit.at, Audit.details, Audit.actor_id).where(Audit.id == bindparam("id")))
KEEP = Prepared(lambda _dialect: insert(Remembered).values(name=bindparam("name"), value=bindparam("value")))


def both_ways(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ((made,),) = WRITE.run(session, at=NOW, actor=None, details={"текст": [1, "два", None]})
        assert READ.run(session, id=made) == [(NOW, {"текст": [1, "два", None]}, None)]
        row = session.get_one(Audit, made)
        assert (row.at, row.details, row.action) == (NOW, {"текст": [1, "два", None]}, "tested")
        part = session.begin_nested()
        KEEP.run(session, name="a", value="taken back")
        part.rollback()
        KEEP.run_many(session, ({"name": name, "value": "secret words"} for name in "abc"))
        assert session.scalars(select(Remembered.name).order_by(Remembered.name)).all() == ["a", "b", "c"]
        with pytest.raises(IntegrityError) as refused, session.begin_nested():
            KEEP.run_many(session, [{"name": name, "value": "secret words"} for name in "dea"])
        assert "secret words" not in str(refused.value)
        with pytest.raises(IntegrityError) as refused:
            KEEP.run(session, name="a", value="secret words")
        assert "secret words" not in str(refused.value)
    engine.dispose()


def test_on_sqlite(tmp_path: Path) -> None:
    both_ways(sqlite_engine(f"sqlite:///{tmp_path / 'p.db'}"))


@pytest.mark.postgres
def test_on_postgresql(postgres_url: str) -> None:
    both_ways(create_engine(postgres_url))


def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'p.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session, pytest.raises(ValueError, match="naive"):
        WRITE.run(session, at=NOW.replace(tzinfo=None), actor=None, details={})
    engine.dispose()
