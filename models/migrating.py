"""Bringing a database to the tables of this version, or finding that it is ahead of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HEAD = "0017"
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
    with _rebuilding(engine) as connection:
        config.attributes["connection"] = connection
        order = sorted(known)
        going_down = present is not None and (to == "base" or order.index(to) < order.index(present))
        if going_down:
            command.downgrade(config, to)
        else:
            command.upgrade(config, to)
    return True


class Torn(Exception):
    """A revision would have left rows that refer to nothing; nothing was changed."""


@contextmanager
def _rebuilding(engine: Engine) -> Iterator[Connection]:
    """A transaction in which SQLite may rebuild tables that others refer to, as its documentation of ALTER TABLE says.

    References are looked after at its end instead of at every statement. Raises Torn where one leads nowhere.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                torn = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if torn:
                    raise Torn(", ".join(sorted({f"{row[0]} -> {row[2]}" for row in torn})))
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
