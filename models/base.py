"""The base of all tables, and column types that hold on SQLite and PostgreSQL alike."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    event,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An instant: aware and in UTC on both sides. A naive datetime is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Check and turn into UTC; SQLite stores it without the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """As SQLAlchemy puts it together of the above and of what it does for the database, at a fifth of the cost:
        a turn stores a dozen instants.
        """
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """The same for what is read."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Back to aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _written(value: datetime | None) -> str | None:
    """An instant as SQLAlchemy stores it in SQLite."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a naive datetime was about to be stored")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(value: str | None) -> datetime | None:
    """An instant as SQLite has it, in UTC."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Key = Annotated[str, mapped_column(String(64))]
When = Annotated[datetime, mapped_column(Instant)]
Object = Annotated[dict[str, Any], mapped_column(JSON)]
Several = Annotated[list[Any], mapped_column(JSON)]


def to(table: str, *, ondelete: str = "RESTRICT") -> ForeignKey:
    """A foreign key to the id of a table."""
    return ForeignKey(f"{table}.id", ondelete=ondelete)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that meet a condition.

    Said to SQLite alone at first: naming PostgreSQL's condition here would load all of its drivers at every start. The
    migrations make both (tests/models/test_migrations.py looks for both), and `create_all` does, see below.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


class Base(DeclarativeBase):
    """Every table. Constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@event.listens_for(Base.metadata, "before_create")
def _conditions_for_postgresql(metadata: MetaData, connection: Connection, **_given: object) -> None:
    if connection.dialect.name == "postgresql":
        for table in metadata.tables.values():
            for index in table.indexes:
                index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]


def inserting(dialect: str) -> Any:
    """The `insert` of a dialect by its name: only those know ON CONFLICT."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # only there: it brings all its drivers along and slows the start

        return postgresql.insert
    return sqlite.insert


def fresh_token() -> str:
    """A token that cannot be guessed: 128 bits, 22 characters that fit in links and buttons."""
    return secrets.token_urlsafe(16)
