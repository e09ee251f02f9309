"""Revision 0007: who was marked and who said that they come is kept apart from the place; going back loses nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from bot.store import sqlite_engine
from models.migrating import migrate

BEFORE, AFTER = "0006", "0007"
AT = "'2026-03-02 09:00:00'"
ROWS = (
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at)"
    f" VALUES (1, '', 'bg', {{yes}}, '18+', {AT}), (2, '', 'bg', {{yes}}, '14', {AT}),"
    f" (3, '', 'bg', {{yes}}, '14', {AT})",
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO listing (id, code, organisation_id, block, kind, title, summary, bring, criteria, bands,"
    " capacity, remind_minutes, services, state, created_at, invented)"
    f" VALUES (1, 'demo', 1, 'OFF', 'course', '{{{{}}}}', '{{{{}}}}', '{{{{}}}}', '{{{{}}}}', '[]', 4, '[]', '[]',"
    f" 'open', {AT}, {{yes}})",
    "INSERT INTO session (id, listing_id, starts_at, ends_at, zone, capacity, taken, state, sequence)"
    " VALUES (1, 1, '2026-03-03 09:00:00', '2026-03-03 10:00:00', 'Europe/Sofia', 4, 4, 'planned', 0),"
    " (2, 1, '2026-03-10 09:00:00', '2026-03-10 10:00:00', 'Europe/Sofia', 4, 0, 'planned', 0)",
    "INSERT INTO booking (id, number, session_id, person_id, booked_by_id, state, line, comes, reason, created_at,"
    " changed_at) VALUES"
    f" (1, 1001, 1, 1, 1, 'attended', 1, {{yes}}, '', {AT}, {AT}),"
    f" (2, 1002, 1, 2, 2, 'absent', 2, NULL, '', {AT}, {AT}),"
    f" (3, 1003, 1, 3, 3, 'booked', 3, {{yes}}, '', {AT}, {AT}), (4, 1004, 1, 2, 2, 'booked', 4, NULL, '', {AT}, {AT})",
    "INSERT INTO counter (name, value) VALUES ('booking', 1004)",
    "INSERT INTO reminder (id, about, about_id, recipient_id, before_minutes, sequence, due_at, state, reason)"
    f" VALUES (1, 'booking', 3, 3, 120, 0, {AT}, 'sent', ''), (2, 'deadline', 1, 3, 120, 0, {AT}, 'sent', '')",
)


def rows(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(statement))]


def climb(engine: Engine) -> None:
    yes = "1" if engine.dialect.name == "sqlite" else "true"
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes)))
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval(pg_get_serial_sequence('booking', 'id'), 10)"))
    migrate(engine, to=AFTER)
    with engine.begin() as connection:
        kept = rows(connection, "SELECT booking_id, session_id, state FROM attendance ORDER BY booking_id")
        assert kept == [(1, 1, "present"), (2, 1, "absent"), (3, 1, "coming")]
        assert rows(connection, "SELECT id, state, reason FROM booking ORDER BY id") == [
            (1, "booked", ""), (2, "booked", ""), (3, "booked", ""), (4, "cancelled", "merged"),
        ]  # fmt: skip
        assert rows(connection, "SELECT taken FROM session WHERE id = 1") == [(3,)]
        assert rows(connection, "SELECT about, session_id FROM reminder ORDER BY id") == [
            ("booking", 1),
            ("deadline", 0),
        ]
        assert rows(connection, "SELECT enrols, join_late, rule_percent FROM listing") == [("each", 0, 0)]
        _become_a_series(connection)
    migrate(engine, to=BEFORE)
    with engine.begin() as connection:
        found = rows(connection, "SELECT person_id, session_id, state, comes FROM booking WHERE state <> 'cancelled'")
        mine = [(person, at, state, bool(comes)) for person, at, state, comes in found]
        assert sorted(mine) == [
            (1, 1, "attended", False), (1, 2, "absent", False), (2, 1, "absent", False), (2, 2, "booked", False),
            (3, 1, "booked", True), (3, 2, "attended", False),
        ]  # fmt: skip
        numbers = rows(connection, "SELECT number FROM booking")
        assert len(set(numbers)) == len(numbers)
        assert rows(connection, "SELECT value FROM counter") == [max(numbers)]
        assert rows(connection, "SELECT id, taken FROM session ORDER BY id") == [(1, 3), (2, 3)]
        third = rows(connection, "SELECT id FROM booking WHERE person_id = 3 AND session_id = 2")
        assert rows(connection, "SELECT about_id FROM reminder WHERE id = 3") == third
    names = {index["name"] for index in inspect(engine).get_indexes("booking")}
    assert {"uq_booking_active", "ix_booking_offer_until", "ix_booking_waiting"} <= names
    migrate(engine, to=AFTER)
    with engine.begin() as connection:
        assert rows(connection, "SELECT count(*) FROM attendance") == [(5,)]


def _become_a_series(connection: Connection) -> None:
    """The second session becomes the second unit: one is excused there, one is present, one is reminded of it."""
    for statement in (
        "UPDATE listing SET enrols = 'series'",
        "UPDATE session SET first_id = 1 WHERE id = 2",
        f"INSERT INTO attendance (booking_id, session_id, state, at) VALUES (1, 2, 'excused', {AT}),"
        f" (3, 2, 'present', {AT})",
        "INSERT INTO reminder (id, about, about_id, session_id, recipient_id, before_minutes, sequence, due_at, state,"
        f" reason) VALUES (3, 'booking', 3, 2, 3, 120, 0, {AT}, 'planned', '')",
    ):
        connection.execute(text(statement))


def test_marks_survive_both_ways_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_marks_survive_both_ways_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    climb(engine)
    engine.dispose()
