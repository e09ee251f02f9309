"""Statements of every turn, compiled once and run by the driver itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseElement

DRIVEN = "driven"
"""Under this a session's info keeps its connection, the driver's own below it, the name of the dialect, and the
savepoint that was asked for then: SQLAlchemy sets one only once it is asked for the connection."""
_NOTHING: tuple[Any, Any, str, Any] = (None, None, "", None)


class Prepared:
    """A statement for each dialect. `run` costs a tenth of what the same costs through SQLAlchemy's execution.

    For the handful of statements that every turn runs; `build` gets the name of the dialect and returns the
    statement with named bind parameters. Values are converted by their column types in both directions.
    """

    def __init__(self, build: Callable[[str], Executable]) -> None:
        self._build = build
        self._made: dict[str, _Made] = {}

    def run(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """Run it in the session's transaction; the rows it returns, if any. What is pending is not flushed.

        Raises what SQLAlchemy raises for the same.
        """
        driver, made = self._for(session)
        return made.run(driver, values)

    def run_many(self, session: Session, rows: Iterable[dict[str, Any]]) -> None:
        """Run it once for each set of values, in one call of the driver; what it returns is not read.

        Raises what SQLAlchemy raises for the same.
        """
        driver, made = self._for(session)
        made.run_many(driver, rows)

    def _for(self, session: Session) -> tuple[Any, _Made]:
        """The driver's own connection of the session's transaction, and the statement made for its dialect."""
        connection, driver, dialect, savepoint = session.info.get(DRIVEN, _NOTHING)
        now = session.get_nested_transaction()
        # asking the session for its connection costs more than a statement
        if connection is None or savepoint is not now or not connection.in_transaction():
            connection = session.connection()
            driver, dialect = connection.connection.driver_connection, connection.dialect.name
            session.info[DRIVEN] = connection, driver, dialect, now
        made = self._made.get(dialect)
        if made is None:
            made = self._made[dialect] = _Made(self._build(dialect), connection.dialect)
        return driver, made


class _Made:
    """A statement compiled for one dialect."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.dialect = dialect
        self.errors: type[Exception] = dialect.dbapi.Error if dialect.dbapi else Exception
        order: list[str] | None = getattr(compiled, "positiontup", None)
        self.fixed: dict[str, Any] = {}
        self.into: dict[str, Callable[[Any], Any] | None] = {}
        for name, bound in compiled.binds.items():  # type: ignore[attr-defined]  # a compiled SQL statement has them
            change = bound.type.dialect_impl(dialect).bind_processor(dialect)
            self.into[name] = change if bound.required else None
            if not bound.required:
                self.fixed[name] = change(bound.effective_value) if change else bound.effective_value
        self.order = [(name, self.into[name]) for name in order] if order is not None else None
        columns = getattr(statement, "exported_columns", None)
        self.returns = bool(columns)
        self.outof: list[tuple[int, Callable[[Any], Any]]] = [
            (number, change)
            for number, column in enumerate(columns or ())
            if (change := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def run(self, driver: Any, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        given = self._given(values)
        try:
            cursor = driver.execute(self.text, given)
        except self.errors as error:
            raise self._raised(error) from error
        if not self.returns:
            return []
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [self._changed(row) for row in rows] if self.outof else rows

    def run_many(self, driver: Any, rows: Iterable[dict[str, Any]]) -> None:
        given = list(map(self._given, rows))
        try:
            driver.cursor().executemany(self.text, given)
        except self.errors as error:
            raise self._raised(error) from error

    def _given(self, values: dict[str, Any]) -> list[Any] | dict[str, Any]:
        """Values as the driver wants them."""
        if self.fixed:
            values |= self.fixed
        if self.order is not None:
            return [change(values[name]) if change else values[name] for name, change in self.order]
        return {name: change(values[name]) if change else values[name] for name, change in self.into.items()}

    def _raised(self, error: Exception) -> BaseException:
        """The driver's error as SQLAlchemy would have raised it; never with the values."""
        return DBAPIError.instance(self.text, None, error, self.errors, hide_parameters=True, dialect=self.dialect)

    def _changed(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        cells = list(row)
        for number, change in self.outof:
            cells[number] = change(cells[number])
        return tuple(cells)
