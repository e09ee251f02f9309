"""What a house must hold before people come, and its rules. All tables are imported for it: beside the served page."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from sqlalchemy.orm import Session

import models.every  # noqa: F401  # a table that another refers to must be known
from bot.keeping.erasure import reapply
from bot.running.preparing import STAGE_CLOCK, has_places, has_programme, ledger_of, ledger_path
from bot.running.seats import seat_keys
from bot.settings import Settings
from bot.telling import Rules
from handlers.webchat.sessions import key_hash
from models.house import remember
from models.messages.money import EURO, UNKNOWN_PRICE, Tariff


def furnish(session: Session, settings: Settings, now: datetime) -> None:
    """What is missing in the database: places, and the sample in an empty one; and erasures again.

    Raises CannotStart where nobody who was erased can be known again.
    """
    keep_erased(session, settings, now)
    if not has_places(session):
        from bot.sample import furnish_places  # only the first start needs it, and it takes a while to import

        furnish_places(session, now)
    if settings.sample and not has_programme(session):
        from bot.sample import load
        from bot.sample.people import add_people

        load(session, now)
        keys = seat_keys(session)
        add_people(session, now, {seat: key_hash(key) for seat, key in keys.items()})
        remember(session, STAGE_CLOCK, "0")


def keep_erased(session: Session, settings: Settings, now: datetime) -> None:
    """Erase again whoever an old copy of the database brought back."""
    reapply(session, ledger_of(settings), now)


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
        ledger=str(ledger_path(settings)),
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
