"""Revision 0009: what is there before keeps its meaning, and going back loses no meeting and no booking."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import sqlite_engine
from models.migrating import migrate

OLD, BEFORE, AFTER = "0004", "0008", "0009"
AT = "'2026-03-02 09:00:00'"
ROWS = (
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at) VALUES (1, '', 'bg', {yes}, '18+', {at})",
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO project (id, code, organisation_id, title, aliases, partners, funders, targets)"
    " VALUES (1, 'demo', 1, '{{}}', '[]', '[]', '[]', '[]')",
    "INSERT INTO listing (id, code, organisation_id, project_id, block, kind, title, summary, bring, criteria, bands,"
    " capacity, remind_minutes, services, state, created_at, invented)"
    " VALUES (1, 'demo', 1, 1, 'OFF', 'tutoring', '{{}}', '{{}}', '{{}}', '{{}}', '[]', 0, '[]', '[]', 'open',"
    " {at}, {yes})",
    "INSERT INTO session (id, listing_id, starts_at, ends_at, zone, capacity, taken, state, sequence)"
    " VALUES (1, 1, {at}, '2026-03-02 10:00:00', 'Europe/Sofia', 5, 1, 'planned', 0)",
    "INSERT INTO booking (id, number, session_id, person_id, booked_by_id, state, line, reason, created_at, changed_at)"
    " VALUES (1, 1001, 1, 1, 1, 'booked', 1, '', {at}, {at})",
)
NEW = (
    "INSERT INTO leader (id, organisation_id, called, person_id, created_at) VALUES (1, 1, 'DEMO', 1, {at})",
    "UPDATE session SET leader_id = 1",
    "UPDATE booking SET care = {yes}",
    "INSERT INTO certificate (id, number, code, listing_id, person_id, title, minutes, first_at, last_at, name,"
    " name_public, issued_at, revoked_reason)"
    " VALUES (1, 1001, 'demo', 1, 1, '{{}}', 60, {at}, {at}, '', {yes}, {at}, '')",
    "INSERT INTO feedback (id, session_id, person_id, asked_at, mood, words) VALUES (1, 1, 1, {at}, '', '')",
    "INSERT INTO material (id, listing_id, part, kind, name, words, media_type, attachment_kind, created_at)"
    " VALUES (1, 1, 'after', 'text', 'DEMO', 'DEMO', '', '', {at})",
)


def climb(engine: Engine) -> None:
    yes = "1" if engine.dialect.name == "sqlite" else "true"
    migrate(engine, to=OLD)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes, at=AT)))
    migrate(engine, to=AFTER)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT leader_id FROM session")).all() == [(None,)]
        assert not connection.execute(text("SELECT care FROM booking")).scalar()
        assert not connection.execute(text("SELECT child_care FROM listing")).scalar()
        for row in NEW:
            connection.execute(text(row.format(yes=yes, at=AT)))
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id, number, session_id FROM booking")).all() == [(1, 1001, 1)]
        assert connection.execute(text("SELECT id, taken FROM session")).all() == [(1, 1)]
    found = inspect(engine)
    assert "leader" not in found.get_table_names()
    assert "uq_booking_active" in {index["name"] for index in found.get_indexes("booking")}
    assert "ix_session_starts_at" in {index["name"] for index in found.get_indexes("session")}
    migrate(engine, to=AFTER)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM booking")).scalar() == 1


def test_rows_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_rows_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    climb(engine)
    engine.dispose()
