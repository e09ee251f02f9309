"""Before the house opens: the database at this version's tables, what it must hold, its rules and its clock."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import StageClock, WallClock
from bot.keeping.erasure import LedgerDamaged, ledger_at, reapply
from bot.leases import AlreadyRunning, FileLock
from bot.running.seats import add_people, seat_keys
from bot.searching.search_index import ensure
from bot.settings import Settings
from bot.store import Store, open_store
from bot.telling import Rules
from handlers.webchat.sessions import key_hash
from models.house import Remembered
from models.messages.money import EURO, UNKNOWN_PRICE, Tariff
from models.migrating import TooNew, migrate
from models.offers.programme import Organisation, Town

STAGE_CLOCK = "stage clock"


class CannotStart(Exception):
    """Why the house cannot be opened, in a sentence for the person who started it."""


def rules_of(settings: Settings) -> Rules:
    """The rules on when and how people are written to."""
    links = (("web", f"{settings.public_url}/chat?start="),) if settings.public_url else ()
    here = settings.public_url or f"http://localhost:{settings.port}"
    return Rules(
        zone=settings.time_zone,
        quiet_from=settings.quiet_from,
        quiet_until=settings.quiet_until,
        sunday_until=settings.sunday_until,
        digest_day=settings.digest_day,
        digest_hour=settings.digest_hour,
        safety_minutes=settings.safety_minutes,
        default_tag=settings.default_language,
        links=links,
        tariffs=(viber_tariff(settings),) if settings.viber_token.get_secret_value() else (),
        landing=f"{here}/go/",
        privacy_url=f"{settings.public_url}/privacy" if settings.public_url else "",
        ledger=str(settings.data / "erased.ledger"),
    )


def viber_tariff(settings: Settings) -> Tariff:
    """What Viber costs outside the free hours, as it is set."""
    prices = dict(settings.prices)
    otherwise = prices.pop("*", None)
    return Tariff(
        "viber",
        "Viber",
        prices=tuple((country, _micros(price)) for country, price in prices.items()),
        otherwise=UNKNOWN_PRICE if otherwise is None else _micros(otherwise),
        budget=_micros(settings.viber_budget),
        checked=settings.viber_prices_checked,
    )


def _micros(euros: Decimal) -> int:
    return int((euros * EURO).to_integral_value(ROUND_CEILING))


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


def furnish(session: Session, settings: Settings, now: datetime) -> bool:
    """What a database must hold before people come: erasures again, places, the sample in an empty one.

    True if the stage can be shown: the DEMO people are there and the settings allow it.
    """
    try:
        ledger = ledger_at(str(settings.data / "erased.ledger"))
    except LedgerDamaged as damage:
        raise CannotStart(f"{damage}. Nobody who was erased could be kept erased: restore that file.") from None
    if ledger is not None:
        reapply(session, ledger, now)
    if session.scalars(select(Town.id).limit(1)).first() is None:
        from bot.sample import furnish_places  # only the first start needs it, and it takes a while to import

        furnish_places(session, now)
    if settings.sample and session.scalars(select(Organisation.id).limit(1)).first() is None:
        from bot.sample import load

        load(session, now)
        keys = seat_keys(session)
        add_people(session, now, {seat: key_hash(key) for seat, key in keys.items()})
        session.add(Remembered(name=STAGE_CLOCK, value="0"))
    return settings.on_stage and session.get(Remembered, STAGE_CLOCK) is not None


def clock_of(session: Session) -> StageClock | WallClock:
    """The clock: the stage's, as far ahead as it was left, or the machine's."""
    kept = session.get(Remembered, STAGE_CLOCK)
    if kept is None:
        return WallClock()
    return StageClock(timedelta(seconds=float(kept.value)))


def kept_secret(session: Session, name: str) -> str:
    """A secret of 256 bits that is made once and is the same after a restart: forms, webhooks."""
    kept = session.get(Remembered, name)
    if kept is None:
        kept = Remembered(name=name, value=secrets.token_hex(32))
        session.add(kept)
        session.flush()
    return kept.value


def keep_clock(session: Session, ahead: timedelta) -> None:
    """Remember how far ahead the stage's clock is."""
    session.get_one(Remembered, STAGE_CLOCK).value = str(ahead.total_seconds())
