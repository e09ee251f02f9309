"""Revision 0002: what a running house has is kept on the way up and on the way down."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import sqlite_engine
from models.migrating import migrate

ROWS = (
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{}')",
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at) "
    "VALUES (1, '', 'sr-Latn', TRUE, '18+', '2026-03-02 09:00:00')",
    "INSERT INTO address (id, person_id, channel, external_id, active, inactive_reason, created_at) "
    "VALUES (1, 1, 'telegram', '1', TRUE, '', '2026-03-02 09:00:00')",
    "INSERT INTO inbox (id, channel, message_id, arrived_at, state, reason) "
    "VALUES (1, 'telegram', 'm1', '2026-03-02 09:00:00', 'handled', '')",
    "INSERT INTO broadcast (id, organisation_id, author_id, audience, texts, state, counted, cursor, created_at) "
    "VALUES (1, 1, 1, '{}', '{}', 'sent', 1, 1, '2026-03-02 09:00:00')",
    "INSERT INTO reminder (id, about, about_id, recipient_id, before_minutes, sequence, due_at, state, reason) "
    "VALUES (1, 'booking', 1, 1, 120, 0, '2026-03-02 09:00:00', 'planned', '')",
    "INSERT INTO outgoing (id, address_id, kind, rank, body, edits, due_at, state, tries, parts, reason, shown_id, "
    "reminder_id, broadcast_id, created_at) VALUES (1, 1, 'broadcast', 2, '{}', '', '2026-03-02 09:00:00', 'waiting', "
    "0, 0, '', '', NULL, 1, '2026-03-02 09:00:00')",
    "INSERT INTO recipient (id, broadcast_id, person_id, outgoing_id, state, reason) VALUES (1, 1, 1, 1, 'queued', '')",
)
TABLES = ("person", "address", "inbox", "broadcast", "reminder", "outgoing", "recipient")


def columns(engine: Engine, table: str) -> set[str]:
    return {column["name"] for column in inspect(engine).get_columns(table)}


def up_and_down(engine: Engine) -> None:
    migrate(engine, to="0001")
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    migrate(engine, to="0002")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT free_only FROM broadcast")).scalar_one() in (False, 0)
        assert connection.execute(text("SELECT answer_id FROM inbox")).scalar_one() is None
        connection.execute(text("UPDATE outgoing SET delivered_at = '2026-03-02 09:00:01'"))
        connection.execute(
            text("INSERT INTO spending (channel, month, micros, messages, unsent) VALUES ('viber', '2026-03', 1, 1, 0)")
        )
        connection.execute(
            text(
                "INSERT INTO paid_message "
                "(id, channel, month, address_id, outgoing_id, kind, country, messages, micros, at)"
                " VALUES (1, 'viber', '2026-03', 1, 1, 'reminder', 'RS', 1, 1, '2026-03-02 09:00:00')"
            )
        )
    assert {"delivered_at", "seen_at"} <= columns(engine, "outgoing")
    migrate(engine, to="0001")
    with engine.connect() as connection:
        for table in TABLES:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1, table
    assert not {"delivered_at", "seen_at"} & columns(engine, "outgoing")
    assert "said_with_id" not in columns(engine, "reminder")
    assert not {"spending", "paid_message"} & set(inspect(engine).get_table_names())
    migrate(engine, to="0002")


def test_nothing_is_lost_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    up_and_down(engine)
    engine.dispose()


@pytest.mark.postgres
def test_nothing_is_lost_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    up_and_down(engine)
    engine.dispose()
