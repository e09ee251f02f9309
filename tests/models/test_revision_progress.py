"""Revision 0016: what is there keeps its meaning, and going back loses no booking, no mark and nothing sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import sqlite_engine
from models.migrating import migrate
from tests.models.test_revision_around import AT, OLD, ROWS

BEFORE, AFTER = "0015", "0016"
MORE = (
    "INSERT INTO attendance (id, booking_id, session_id, state, at) VALUES (1, 1, 1, 'present', {at})",
    "INSERT INTO broadcast (id, organisation_id, author_id, audience, texts, state, due_at, counted, cursor,"
    " created_at) VALUES (1, 1, 1, '{{}}', '{{}}', 'sent', {at}, 1, 1, {at}),"
    " (2, 1, 1, '{{}}', '{{}}', 'scheduled', {at}, 1, 0, {at})",
    "INSERT INTO recipient (id, broadcast_id, person_id, state, reason) VALUES (1, 1, 1, 'sent', '')",
)
NEW = (
    "INSERT INTO attachment (id, person_id, kind, name, media_type, content, created_at, keep_until)"
    " VALUES (1, 1, 'voice', '', '', {bytes}, {at}, {at})",
    "INSERT INTO learning_note (id, session_id, person_id, author_id, text, at) VALUES (1, 1, 1, 1, 'DEMO', {at})",
    "UPDATE session SET exam = {yes}, log = 'DEMO'",
    "UPDATE attendance SET result = 'passed', told = 'passed'",
    "UPDATE booking SET brings = '[\"rake\"]', transport = {yes}",
    "UPDATE listing SET cost = '{{\"bg\": \"DEMO\"}}', travel_paid = 'yes', exam_needed = {yes}",
    "UPDATE broadcast SET attachment_id = 1, invites = {yes} WHERE id = 2",
)


def climb(engine: Engine) -> None:
    lite = engine.dialect.name == "sqlite"
    filled = {"yes": "1" if lite else "true", "at": AT, "bytes": "x'00'" if lite else "'\\x00'"}
    migrate(engine, to=OLD)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(**filled)))
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        for row in MORE:
            connection.execute(text(row.format(**filled)))
    migrate(engine, to=AFTER)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT state, result, told FROM attendance")).all() == [("present", "", "")]
        assert connection.execute(text("SELECT travel_paid, CAST(cost AS TEXT) FROM listing")).all() == [("", "{}")]
        assert not connection.execute(text("SELECT exam FROM session")).scalar()
        for row in NEW:
            connection.execute(text(row.format(**filled).replace(":", "\\:")))
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT booking_id, state FROM attendance")).all() == [(1, "present")]
        states = connection.execute(text("SELECT state FROM broadcast ORDER BY id")).scalars().all()
        assert states == ["sent", "stopped"], "an invitation without words would go out empty"
        assert connection.execute(text("SELECT count(*) FROM recipient")).scalar() == 1
    assert "learning_note" not in inspect(engine).get_table_names()
    migrate(engine, to=AFTER)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id, number FROM booking")).all() == [(1, 1001)]


def test_rows_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_rows_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    climb(engine)
    engine.dispose()
