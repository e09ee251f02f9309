"""Bringing a database to the tables of this version, or finding that it is ahead of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HEAD = "0005"
"""The newest revision. A test compares it with the revisions themselves."""
FOLDER = Path(__file__).parent / "migrations"


class TooNew(Exception):
    """The database was written by a newer version of the program."""


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine, *, to: str = HEAD) -> bool:
    """Upgrade (or downgrade) a database. True if anything was changed.

    Raises TooNew for a revision that this version does not know.
    """
    with engine.connect() as connection:
        present = revision_of(connection)
        connection.rollback()
    if present == to:
        return False
    from alembic import command  # a third of a second that a database at its head need not pay
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise TooNew(present)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        order = sorted(known)
        going_down = present is not None and (to == "base" or order.index(to) < order.index(present))
        if going_down:
            command.downgrade(config, to)
        else:
            command.upgrade(config, to)
    return True
