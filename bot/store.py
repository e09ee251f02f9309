"""The database behind one door: each piece of work runs whole, in one transaction, in a worker thread."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from models.prepared import DRIVEN

T = TypeVar("T")
Work = Callable[[Session], T]

GROUP = 64
"""The most pieces of work that one SQLite commit carries."""
RETRIES = 3
"""How often PostgreSQL work that met a deadlock is run again."""


class Store(Protocol):
    """Runs work on the database."""

    engine: Engine

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own and return once it is committed.

        What `work` raises is raised here, with everything it did undone.
        """
        ...

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a connection that only reads."""
        ...

    def close(self) -> None:
        """Finish what was begun and close the database."""
        ...


def open_store(url: str) -> Store:
    """The store for a database address: SQLite files and PostgreSQL."""
    if url.startswith("sqlite"):
        return SqliteStore(url)
    return PostgresStore(driver_url(url))


def driver_url(url: str) -> str:
    """The address with the driver named: plain postgresql:// (or postgres://) means psycopg."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


_AWAY = frozenset((5, 6, 7, 8, 10, 11, 13, 14, 15, 26))
"""SQLite's primary codes for busy, locked, no memory, read-only, I/O, corrupt, full, cannot open, protocol, no database
(https://www.sqlite.org/rescode.html). Any other is about what was asked of it."""


class TransactionLost(Exception):
    """SQLite rolled everything back by itself (the disk is full, I/O failed): none of the work took effect."""


def database_is_away(error: BaseException) -> bool:
    """Whether it was the database that failed (full, locked, gone) and not what was asked of it."""
    if isinstance(error, TransactionLost | PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _AWAY
    return (
        error.connection_invalidated
        or isinstance(error, OperationalError | InterfaceError)
        or type(error) is DatabaseError
    )


def sqlite_engine(url: str) -> Engine:
    """An engine whose transactions begin IMMEDIATE (no upgrade of a read lock can fail) and are durable."""
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30})

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN" if options.get("reads_only") else "BEGIN IMMEDIATE")

    return engine


class SqliteStore:
    """SQLite: one thread writes, taking what has queued into one commit; readers have their own connections."""

    def __init__(self, url: str) -> None:
        self.engine = sqlite_engine(url)
        self._reading = self.engine.execution_options(reads_only=True)
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="reader")
        self._writer = threading.Thread(target=self._write_all, name="writer", daemon=True)
        self._writer.start()

    async def write(self, work: Work[T]) -> T:
        """Run `work` and return once it is committed, perhaps together with others."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Job(work, loop, answer))
        return await answer

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a reading connection."""

        def run() -> T:
            with Session(self._reading) as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    def close(self) -> None:
        """Finish the queue and close."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        self.engine.dispose()

    def _write_all(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            jobs, ending = [first], False
            while len(jobs) < GROUP:
                try:
                    job = self._queue.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    ending = True
                    break
                jobs.append(job)
            self._commit_together(jobs)
            if ending:
                return

    def _commit_together(self, jobs: list[_Job]) -> None:
        outcomes: list[tuple[Any, BaseException | None]] = []
        begun = False
        try:
            with self.engine.begin() as connection, _Shared(connection) as shared:
                begun = True
                for job in jobs:
                    outcomes.append(shared.run(job.work))
                    if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]  # SQLite's
                        raise TransactionLost from outcomes[-1][1]
        except BaseException as error:  # noqa: BLE001  # handed to whoever asked for the work
            if begun and len(jobs) > 1:  # nothing took effect; whose work it was that failed shows when each runs alone
                for job in jobs:
                    self._commit_together([job])
                return
            cause = error.__cause__ if isinstance(error, TransactionLost) else None
            outcomes = [(None, cause or error)] * len(jobs)
        answers: dict[asyncio.AbstractEventLoop, list[_Answer]] = {}
        for job, (result, failure) in zip(jobs, outcomes, strict=True):
            answers.setdefault(job.loop, []).append((job.answer, result, failure))
        for loop, told in answers.items():  # one call for all: waking a loop costs more than a short turn's reading
            with contextlib.suppress(RuntimeError):  # a loop that was closed meanwhile waits for nothing
                loop.call_soon_threadsafe(_tell, told)


_Answer = tuple["asyncio.Future[Any]", Any, BaseException | None]


@dataclass(frozen=True, slots=True)
class _Job:
    """A piece of work in the queue, and who waits for it."""

    work: Work[Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]


def _tell(told: list[_Answer]) -> None:
    """Tell those who wait how their work ended; who was cancelled meanwhile is not told."""
    for answer, result, failure in told:
        if answer.done():
            continue
        if failure is None:
            answer.set_result(result)
        else:
            answer.set_exception(failure)


class _Shared:
    """One transaction for several pieces of work, each in a savepoint and with nothing left of the one before.

    The savepoint is the driver's own, and all that end well have one session: SQLAlchemy's savepoint and a session for
    each cost half of a short turn. A flush that fails makes the session roll back the whole transaction; the caller
    sees that and runs each work alone.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]  # SQLite's
        self._session = self._fresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    def _fresh(self) -> Session:
        return Session(self._connection, join_transaction_mode="rollback_only")

    def run(self, work: Work[Any]) -> tuple[Any, BaseException | None]:
        """What the work returns, or what it raises with everything it did undone."""
        raw, session = self._raw, self._session
        raw.execute("SAVEPOINT work")
        try:
            result = work(session)
            session.flush()
        except BaseException as error:  # noqa: BLE001  # handed to whoever asked for the work
            session.close()
            if raw.in_transaction:
                raw.execute("ROLLBACK TO work")
                raw.execute("RELEASE work")
            self._session = self._fresh()
            return None, error
        raw.execute("RELEASE work")
        session.expunge_all()
        driven = session.info.get(DRIVEN)
        session.info.clear()
        if driven is not None:
            session.info[DRIVEN] = driven
        return result, None


class PostgresStore:
    """PostgreSQL: a few worker threads, one transaction each; a deadlock is run again."""

    def __init__(self, url: str, workers: int = 4) -> None:
        self.engine = create_engine(url, pool_size=workers + 2, max_overflow=2, pool_pre_ping=True)
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="reader")

    async def write(self, work: Work[T]) -> T:
        """Run `work` and return once it is committed."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._run, work)

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that is rolled back."""

        def run() -> T:
            with Session(self.engine) as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    def close(self) -> None:
        """Finish what was begun and close."""
        self._workers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    def _run(self, work: Work[T]) -> T:
        for attempt in range(RETRIES + 1):
            try:
                with Session(self.engine) as session:
                    result = work(session)
                    session.commit()
                    return result
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", "")
                if state not in ("40001", "40P01") or attempt == RETRIES:
                    raise
        raise AssertionError("every attempt returns or raises")
