"""The tables of the search index, which no migration makes: each kind of database has its own."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_SQLITE = "CREATE VIRTUAL TABLE IF NOT EXISTS listing_text USING fts5(title, main, rest, tokenize = 'unicode61')"
_POSTGRES = (
    "CREATE TABLE IF NOT EXISTS listing_text (id BIGINT PRIMARY KEY, title TEXT NOT NULL, main TEXT NOT NULL, "
    "rest TEXT NOT NULL)"
)
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS ix_listing_text_title ON listing_text USING gin (title gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS ix_listing_text_main ON listing_text USING gin (main gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS ix_listing_text_rest ON listing_text USING gin (rest gin_trgm_ops)",
)


def ensure(database: Session | Connection) -> None:
    """Make the index where it is missing; for migrations and tests.

    SQLite: an FTS5 table of folded whole words, into which mistyped ones were mended beforehand; why not
    of trigrams is told in docs/decisions/0031-words-and-a-vocabulary-instead-of-trigrams.md.
    PostgreSQL: a table with pg_trgm indexes; without the extension (which a hosted database may not
    allow) the same searches run, only slower.
    """
    if not on_postgres(database):
        database.execute(text(_SQLITE))
        return
    database.execute(text(_POSTGRES))
    for statement in _TRIGRAMS:
        try:
            with database.begin_nested():
                database.execute(text(statement))
        except DBAPIError:
            return


def on_postgres(database: Session | Connection) -> bool:
    """True on PostgreSQL."""
    bind = database.get_bind() if isinstance(database, Session) else database
    return bind.dialect.name == "postgresql"
