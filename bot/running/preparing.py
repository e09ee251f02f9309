"""Before the page is served: the database at this version's tables, for this process alone; its clock and its secrets.

What needs more tables than the one of things remembered is in bot/running/furnishing.py: importing them all takes
longer than all of this.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import StageClock, WallClock
from bot.keeping.ledger import Ledger, LedgerDamaged
from bot.running.file_lock import AlreadyRunning, FileLock
from bot.searching.index_tables import ensure
from bot.settings import Settings
from bot.store import Store, open_store
from models.house import recall, remember
from models.migrating import TooNew, migrate

STAGE_CLOCK = "stage clock"


class CannotStart(Exception):
    """Why the house cannot be opened, in a sentence for the person who started it."""


def lock_database(settings: Settings) -> FileLock | None:
    """Take the SQLite file for this process alone; None on PostgreSQL. Raises CannotStart while another has it."""
    if not settings.url.startswith("sqlite:///"):
        return None
    lock = FileLock(Path(settings.url.removeprefix("sqlite:///")).absolute())
    try:
        lock.take()
    except AlreadyRunning as other:
        raise CannotStart(str(other)) from None
    return lock


def open_database(settings: Settings) -> Store:
    """Open the database and bring it to this version's tables. Raises CannotStart."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        if settings.url.startswith("sqlite:///"):
            Path(settings.url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        store = open_store(settings.url)
    except (OSError, SQLAlchemyError) as error:
        raise CannotStart(
            f"The database cannot be opened ({type(error).__name__}). See PUTOKAZ_DATABASE_URL."
        ) from None
    try:
        migrate(store.engine)
        with Session(store.engine) as session:
            ensure(session)
            session.commit()
    except TooNew as revision:
        store.close()
        raise CannotStart(
            f"The database was written by a newer version of Putokaz (revision {revision}). Use that version, or a "
            "backup from before it."
        ) from None
    except SQLAlchemyError as error:
        store.close()
        raise CannotStart(
            f"The database cannot be used ({type(error).__name__}). Is PUTOKAZ_DATABASE_URL right, and is it running? "
            "If the file is damaged, put a backup in its place."
        ) from None
    return store


def own_database(settings: Settings) -> tuple[FileLock | None, Store]:
    """The database for this process alone (see `lock_database`), opened. Raises CannotStart and then keeps nothing."""
    lock = lock_database(settings)
    try:
        return lock, open_database(settings)
    except CannotStart:
        if lock:
            lock.give_back()
        raise


def ledger_path(settings: Settings) -> Path:
    """The file outside the database that remembers who was erased."""
    return settings.data / "erased.ledger"


def ledger_of(settings: Settings) -> Ledger:
    """Who was erased. Raises CannotStart where that file is damaged."""
    try:
        return Ledger(ledger_path(settings))
    except LedgerDamaged as damage:
        raise CannotStart(f"{damage}. Nobody who was erased could be kept erased: restore that file.") from None


def has_places(session: Session) -> bool:
    """Whether there are towns: without them the database is new."""
    return session.execute(text("SELECT 1 FROM town LIMIT 1")).first() is not None


def has_programme(session: Session) -> bool:
    """Whether there is anything of an organisation, if only of the sample."""
    return session.execute(text("SELECT 1 FROM organisation LIMIT 1")).first() is not None


def is_furnished(session: Session, settings: Settings) -> bool:
    """True if the database holds what it must before people come."""
    return has_places(session) and (not settings.sample or has_programme(session))


def is_on_stage(session: Session, settings: Settings) -> bool:
    """True if the stage can be shown: the DEMO people are there and the settings allow it."""
    return settings.on_stage and recall(session, STAGE_CLOCK) is not None


def clock_of(session: Session) -> StageClock | WallClock:
    """The clock: the stage's, as far ahead as it was left, or the machine's."""
    kept = recall(session, STAGE_CLOCK)
    if kept is None:
        return WallClock()
    return StageClock(timedelta(seconds=float(kept)))


def keep_clock(session: Session, ahead: timedelta) -> None:
    """Remember how far ahead the stage's clock is."""
    remember(session, STAGE_CLOCK, str(ahead.total_seconds()))
