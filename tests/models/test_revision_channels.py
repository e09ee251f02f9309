"""Revision 0017: what stood at the desk and waited to be sent goes on, there and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import driver_url, sqlite_engine
from models.migrating import migrate

BEFORE, HERE = "0016", "0017"
AT = "'2026-03-02 09:00:00'"
ROWS = (
    "INSERT INTO organisation (id, code, name) VALUES (1, 'demo', '{{}}')",
    "INSERT INTO person (id, called, tag, language_chosen, band, created_at)"
    f" VALUES (1, '', 'bg', {{yes}}, '14', {AT})",
    "INSERT INTO address (id, person_id, channel, external_id, active, inactive_reason, created_at)"
    f" VALUES (1, 1, 'desk', '-1001', {{yes}}, '', {AT})",
    "INSERT INTO request (id, person_id, kind, concern, state, created_at, changed_at)"
    f" VALUES (1, 1, 'talk', '', 'open', {AT}, {AT})",
    "INSERT INTO desk_group (id, kind, named, chat, organisation_id, room_id, address_id, active, trouble)"
    " VALUES (1, 'common', -1001, -1001, 1, 1, 1, {yes}, '')",
    "INSERT INTO desk_topic"
    " (id, group_id, request_id, thread, name, shown_name, wanted, shown, posted_id, told, created_at)"
    f" VALUES (1, 1, 1, 17, 'Mila', 'Mila', 'open', 'open', 0, 'open', {AT})",
    "INSERT INTO outgoing (id, address_id, kind, rank, body, edits, due_at, state, tries, parts, reason, shown_id,"
    f" created_at) VALUES (1, 1, 'reply', 0, '{{{{}}}}', '', {AT}, 'waiting', 0, 0, '', '', {AT})",
)


def climb(engine: Engine) -> None:
    migrate(engine, to=BEFORE)
    yes = "1" if engine.dialect.name == "sqlite" else "true"
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(yes=yes)))
    migrate(engine, to=HERE)
    with engine.begin() as connection:
        topic = connection.execute(text("SELECT thread, opening_at, doubts, refused FROM desk_topic")).one()
        assert tuple(topic) == (17, None, 0, "")
        assert connection.execute(text("SELECT tag FROM desk_group")).scalar() == ""
        assert connection.execute(text("SELECT listing_id FROM outgoing")).scalar() is None
        connection.execute(
            text(
                "INSERT INTO joining (id, kept_id, other_id, at, until, before, after, moved)"
                f" VALUES (1, 1, 2, {AT}, {AT}, '{{}}', '{{}}', '{{}}')"
            )
        )
    migrate(engine, to=BEFORE)
    found = inspect(engine)
    assert not {"viber_chat", "viber_file", "joining"} & set(found.get_table_names())
    assert "refused" not in {column["name"] for column in found.get_columns("desk_topic")}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT state FROM outgoing")).scalar() == "waiting"
        assert connection.execute(text("SELECT name, thread FROM desk_topic")).one() == ("Mila", 17)
    migrate(engine, to=HERE)


def test_rows_survive_up_and_down_on_sqlite(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'channels.db'}")
    climb(engine)
    engine.dispose()


@pytest.mark.postgres
def test_rows_survive_up_and_down_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(driver_url(postgres_url))
    climb(engine)
    engine.dispose()
