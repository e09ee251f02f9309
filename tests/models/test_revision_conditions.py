"""Revision 0008: what is there before has no conditions, and going back closes what an older version cannot keep to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import sqlite_engine
from models.migrating import migrate

BEFORE, THIS = "0007", "0008"
ROWS = (
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at)"
    " VALUES (1, '', 'bg', {yes}, '18+', '2026-03-02 09:00:00')",
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO town (id, code, name, country, zone, languages)"
    " VALUES (1, 'demo', '{{}}', 'RS', 'Europe/Belgrade', '[]')",
    *(
        "INSERT INTO listing (id, code, organisation_id, block, kind, title, summary, bring, criteria, bands, capacity,"
        f" remind_minutes, services, state, created_at, invented, enrols, join_late, rule_percent, shows) VALUES ({n},"
        f" 'demo{n}', 1, 'OFF', 'course', '{{{{}}}}', '{{{{}}}}', '{{{{}}}}', '{{{{}}}}', '[]', 5, '[]', '[]', 'open',"
        " '2026-03-02 09:00:00', {yes}, 'each', 0, 0, '{{}}')"
        for n in (1, 2, 3)
    ),
    "INSERT INTO session (id, listing_id, starts_at, ends_at, zone, capacity, taken, state, sequence, topic) VALUES"
    " (1, 1, '2026-03-05 09:00:00', '2026-03-05 10:00:00', 'Europe/Belgrade', 5, 1, 'planned', 0, '{{}}')",
    "INSERT INTO booking (id, number, session_id, person_id, booked_by_id, state, line, reason, created_at, changed_at)"
    " VALUES (1, 1001, 1, 1, 1, 'booked', 1, '', '2026-03-02 09:00:00', '2026-03-02 09:00:00')",
)
SET = (
    "UPDATE listing SET checked = {yes}, least = 5 WHERE id = 2",
    "UPDATE listing SET drop_in = {yes} WHERE id = 3",
    "INSERT INTO quota (id, listing_id, town_id, places) VALUES (1, 1, 1, 3)",
    "UPDATE booking SET quota_id = 1",
    "INSERT INTO eligibility (id, organisation_id, person_id, listing_id, asked_at)"
    " VALUES (1, 1, 1, 2, '2026-03-02 09:00:00')",
    "INSERT INTO head_count (session_id, total, girls, boys, unsaid, bands, entered_by_id, entered_at)"
    " VALUES (1, 9, 0, 0, 0, '{{}}', 1, '2026-03-02 09:00:00')",
    "INSERT INTO institution (id, code, name, town_id) VALUES (1, 'demo', '{{}}', 1)",
    "INSERT INTO works_at (person_id, institution_id, since) VALUES (1, 1, '2026-03-02 09:00:00')",
)


def climb(engine: Engine) -> None:
    yes = "1" if engine.dialect.name == "sqlite" else "true"
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes)))
    migrate(engine, to=THIS)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT audience, least, least_state, opens_at, after_id FROM listing")).all()
        assert {tuple(row) for row in rows} == {("all", 0, "", None, None)}
        for row in SET:
            connection.execute(text(row.format(yes=yes)))
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        states = connection.execute(text("SELECT id, state FROM listing ORDER BY id")).all()
        assert [tuple(row) for row in states] == [(1, "open"), (2, "closed"), (3, "closed")]
        assert connection.execute(text("SELECT id, state FROM booking")).all() == [(1, "booked")]
    assert "quota" not in inspect(engine).get_table_names()
    migrate(engine, to=THIS)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT quota_id FROM booking")).all() == [(None,)]


def test_rows_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_rows_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    climb(engine)
    engine.dispose()
