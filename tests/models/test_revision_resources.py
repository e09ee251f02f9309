"""Revision 0012: meetings that were there are no slots, and going back leaves no paper of anybody's behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bot.store import sqlite_engine
from models.migrating import migrate

BEFORE, HERE = "0011", "0012"
AT = "'2026-03-02 09:00:00'"
ROWS = (
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at)"
    f" VALUES (1, '', 'bg', {{yes}}, '14', {AT})",
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO project (id, code, organisation_id, title, aliases, partners, funders, targets)"
    " VALUES (1, 'demo', 1, '{{}}', '[]', '[]', '[]', '[]')",
)


def climb(engine: Engine) -> None:
    yes = "1" if engine.dialect.name == "sqlite" else "true"
    migrate(engine, to="0006")
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes)))
        connection.execute(
            text(
                "INSERT INTO listing (id, code, organisation_id, block, kind, title, summary, bring, criteria, bands,"
                " capacity, remind_minutes, services, state, created_at, invented) VALUES (1, 'demo', 1, 'RES', 'room',"
                f" '{{}}', '{{}}', '{{}}', '{{}}', '[]', 4, '[]', '[]', 'open', {AT}, {yes})"
            )
        )
        for one in (1, 2):  # two meetings at one time are no slots
            connection.execute(
                text(
                    "INSERT INTO session (id, listing_id, starts_at, ends_at, zone, capacity, taken, state, sequence)"
                    f" VALUES ({one}, 1, {AT}, '2026-03-02 10:00:00', 'Europe/Belgrade', 4, 0, 'planned', 0)"
                )
            )
    migrate(engine, to=HERE)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM session WHERE slot")).scalar() == 0
        blob = "x'00'" if engine.dialect.name == "sqlite" else "'\\x00'"
        for one in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO attachment (id, person_id, kind, name, media_type, content, created_at, keep_until)"
                    f" VALUES ({one}, 1, 'file', '', '', {blob}, {AT}, {AT})"
                )
            )
        connection.execute(
            text(
                "INSERT INTO resource (listing_id, week, days, slot_minutes, week_slots, horizon_days, week_pages)"
                " VALUES (1, '{}', '{}', 60, 3, 14, 20)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO print_job (number, listing_id, person_id, sent_by_id, attachment_id, kind, state, reason,"
                f" until, created_at, changed_at) VALUES (1001, 1, 1, 1, 1, 'pdf', 'waiting', '', {AT}, {AT}, {AT})"
            )
        )
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id FROM attachment")).all() == [(2,)], "only the paper goes"
        assert connection.execute(text("SELECT count(*) FROM session")).scalar() == 2
    migrate(engine, to=HERE)


def test_rows_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_rows_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    climb(engine)
    engine.dispose()
