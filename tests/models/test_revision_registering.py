"""Revision 0005: what is there before keeps its meaning, and going back loses no row."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import sqlite_engine
from models.migrating import migrate

BEFORE = "0004"
ROWS = (
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at)"
    " VALUES (1, '', 'bg', {yes}, '18+', '2026-03-02 09:00:00'), (2, '', 'bg', {yes}, '14', '2026-03-02 09:00:00')",
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO project (id, code, organisation_id, title, aliases, partners, funders, targets)"
    " VALUES (1, 'demo', 1, '{{}}', '[]', '[]', '[]', '[]')",
    "INSERT INTO listing (id, code, organisation_id, project_id, block, kind, title, summary, bring, criteria, bands,"
    " capacity, remind_minutes, services, state, created_at, invented)"
    " VALUES (1, 'demo', 1, 1, 'CALL', 'internship', '{{}}', '{{}}', '{{}}', '{{}}', '[]', 0, '[]', '[]', 'open',"
    " '2026-03-02 09:00:00', {yes})",
    "INSERT INTO guardianship (id, guardian_id, child_id, relation, reminders, confirmed_at)"
    " VALUES (1, 1, 2, 'mother', {yes}, '2026-03-02 09:00:00')",
    "INSERT INTO wording (id, hash, language, text) VALUES (1, 'demo', 'bg', 'DEMO')",
    "INSERT INTO consent (id, person_id, given_by_id, purpose, basis, wording_id, channel, method, given_at)"
    " VALUES (1, 2, 1, 'attend', 'consent', 1, 'console', 'chat', '2026-03-02 09:00:00')",
    "INSERT INTO application (id, number, listing_id, person_id, state, answers, created_at, changed_at)"
    " VALUES (1, 1001, 1, 2, 'registered', '{{}}', '2026-03-02 09:00:00', '2026-03-02 09:00:00')",
)


def climb(engine: Engine) -> None:
    yes = "1" if engine.dialect.name == "sqlite" else "true"
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes)))
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT registered_by_id FROM application")).all() == [(None,)]
        assert connection.execute(text("SELECT form_id, method FROM consent")).all() == [(None, "chat")]
        connection.execute(text("UPDATE application SET registered_by_id = 1"))
        connection.execute(text("UPDATE guardianship SET grown_at = '2026-03-02 10:00:00'"))
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id, number, person_id FROM application")).all() == [(1, 1001, 2)]
        assert connection.execute(text("SELECT id, purpose FROM consent")).all() == [(1, "attend")]
        ended = connection.execute(text("SELECT count(*) FROM guardianship WHERE ended_at IS NOT NULL")).scalar()
        assert ended == 1, "who lost their say in booking does not get it back"
    found = inspect(engine)
    assert "uq_application_active" in {index["name"] for index in found.get_indexes("application")}
    assert "ix_consent_person_id_purpose" in {index["name"] for index in found.get_indexes("consent")}
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM application")).scalar() == 1


def test_rows_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_rows_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    climb(engine)
    engine.dispose()
