"""What makes the tests cheaper and changes nothing that they see: they open hundreds of databases of one kind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Sqlite
from sqlalchemy.util import LRUCache

FOLDER = "TESTS_SHARED"
"""The environment variable with the folder of what all processes of a run share: one PostgreSQL."""
_KNOWN: LRUCache[Any, Any] = LRUCache(4_000)


def compile_once() -> None:
    """Each statement becomes SQL once in a process, and not anew for each SQLite file that a test opens.

    A statement's place among those known holds its dialect. Those of all our SQLite engines say the same.
    """
    for name, same in (("__eq__", _same), ("__hash__", _kind)):
        setattr(Sqlite, name, same)
    event.listen(Engine, "engine_connect", _remember)


def _same(one: object, other: object) -> bool:
    return type(one) is type(other)


def _kind(one: object) -> int:
    return hash(type(one))


def _remember(connection: Connection) -> None:
    if type(connection.dialect) is Sqlite:
        connection.execution_options(compiled_cache=_KNOWN)


def without_waiting_for_the_disk(engine: Engine) -> None:
    """For tests that are not about a power cut: what is committed need not be on the disk."""
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
