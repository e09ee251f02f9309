"""Settings from the environment and `.env`, every name with the prefix PUTOKAZ_."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TAGS = ("sr-Latn", "sr-Cyrl", "bg", "en")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
VIBER_TOKEN = re.compile(r"[0-9A-Za-z_-]{8,}")
REACHABLE = ("https://", "http://127.0.0.1", "http://localhost")
"""What Viber may be told to write to; the last two are for trials against a Viber of one's own."""
HOUR = Annotated[int, Field(ge=0, le=24)]


class BadSettings(Exception):
    """A setting that cannot be used: one sentence that names the variable."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Belgrade")
    return name


def _tag(tag: str) -> str:
    if tag not in TAGS:
        raise ValueError(f"must be one of {', '.join(TAGS)}")
    return tag


def _https(address: str) -> str:
    if address and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise ValueError("must be a web address such as https://putokaz.example.org")
    return address.rstrip("/")


def _database(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return url


def _sender_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 28:
        raise ValueError("must have 1 to 28 characters: Viber shows it above each message")
    return name.strip()


def price_list(written: str) -> list[tuple[str, Decimal]]:
    """Prices as they are written, "RS=0.0199,BG=0.0210,*=0.05". Raises ValueError for what is no price."""
    prices: list[tuple[str, Decimal]] = []
    for part in (one.strip() for one in written.split(",") if one.strip()):
        country, _, price = part.partition("=")
        try:
            value = Decimal(price.strip())
        except InvalidOperation:
            value = Decimal(-1)
        if not re.fullmatch(r"[A-Z]{2}|\*", country.strip()) or not 0 <= value <= 10:
            raise ValueError("must be countries with prices in euros, such as RS=0.0199,BG=0.0210,*=0.05")
        prices.append((country.strip(), value))
    return prices


def _prices(written: str) -> str:
    price_list(written)
    return written


def _group(number: int) -> int:
    if number > 0:
        raise ValueError("must be the number of a group, which begins with a minus: -100...")
    return number


def _networks(written: str) -> str:
    try:
        for part in (one.strip() for one in written.split(",") if one.strip()):
            ip_network(part)
    except ValueError:
        raise ValueError("must be network addresses such as 127.0.0.1,10.0.0.0/8") from None
    return written


class Settings(BaseSettings):
    """Everything that can be set. What is not set has a value that works on one laptop."""

    model_config = SettingsConfigDict(env_prefix="PUTOKAZ_", env_file=".env", extra="ignore", env_ignore_empty=True)

    data: Path = Path("data")
    database_url: Annotated[str, AfterValidator(_database)] = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    sample: bool = True
    stage: bool | None = None
    public_url: Annotated[str, AfterValidator(_https)] = ""
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = ""
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: Annotated[str, AfterValidator(_https)] = "https://api.telegram.org"
    telegram_name: Annotated[str, Field(max_length=64)] = ""
    viber_token: SecretStr = SecretStr("")
    viber_api_url: Annotated[str, AfterValidator(_https)] = "https://chatapi.viber.com"
    viber_name: Annotated[str, AfterValidator(_sender_name)] = "Putokaz"
    viber_prices: Annotated[str, AfterValidator(_prices)] = ""
    viber_prices_checked: date | None = None
    viber_budget: Annotated[Decimal, Field(ge=0, le=100_000, allow_inf_nan=False)] = Decimal(0)
    desk_token: SecretStr = SecretStr("")
    desk_group: Annotated[int, AfterValidator(_group)] = 0
    desk_safety_group: Annotated[int, AfterValidator(_group)] = 0
    desk_organisation: str = ""
    default_language: Annotated[str, AfterValidator(_tag)] = "sr-Latn"
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Belgrade"
    quiet_from: HOUR = 20
    quiet_until: HOUR = 8
    sunday_until: HOUR = 10
    digest_day: Annotated[int, Field(ge=0, le=6)] = 6
    digest_hour: HOUR = 17
    safety_minutes: Annotated[int, Field(ge=1, le=120)] = 15
    log_json: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        token = self.telegram_token.get_secret_value()
        if token and not TOKEN.fullmatch(token):
            raise ValueError("telegram_token|does not look like a token of BotFather (numbers, a colon, letters)")
        if self.viber_token.get_secret_value():
            if not VIBER_TOKEN.fullmatch(self.viber_token.get_secret_value()):
                raise ValueError("viber_token|does not look like a token of Viber (letters, digits and dashes)")
            if not self.public_url.startswith(REACHABLE):
                raise ValueError("viber_token|needs PUTOKAZ_PUBLIC_URL as well: Viber writes to a public https address")
        desk = self.desk_token.get_secret_value()
        if desk and not TOKEN.fullmatch(desk):
            raise ValueError("desk_token|does not look like a token of BotFather (numbers, a colon, letters)")
        if desk and desk == token:
            raise ValueError("desk_token|must be another bot's than PUTOKAZ_TELEGRAM_TOKEN: the desk is a second bot")
        if desk and not self.desk_group:
            raise ValueError("desk_token|needs PUTOKAZ_DESK_GROUP as well: the number of the staff's group")
        if self.desk_safety_group and self.desk_safety_group == self.desk_group:
            raise ValueError("desk_safety_group|must be another group than PUTOKAZ_DESK_GROUP")
        if self.quiet_until >= self.quiet_from:
            raise ValueError("quiet_until|must be earlier in the day than PUTOKAZ_QUIET_FROM")
        opens = max(self.quiet_until, self.sunday_until) if self.digest_day == 6 else self.quiet_until
        if not opens <= self.digest_hour < self.quiet_from:
            raise ValueError("digest_hour|must be outside the quiet hours")
        return self

    @property
    def url(self) -> str:
        """The database's address: the SQLite file in `data` unless another is set."""
        return self.database_url or f"sqlite:///{self.data / 'putokaz.db'}"

    @property
    def prices(self) -> tuple[tuple[str, Decimal], ...]:
        """The price of a paid message by country, "*" for all others, in euros."""
        return tuple(price_list(self.viber_prices))

    @property
    def on_stage(self) -> bool:
        """True where the stage may be shown: with the sample programme, and not in public."""
        return (not self.public_url and self.sample) if self.stage is None else self.stage


def load(**given: object) -> Settings:
    """The settings as they are. Raises BadSettings with one clear sentence for each wrong one."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        sentences = []
        for wrong in error.errors():
            name = str(wrong["loc"][0]) if wrong["loc"] else ""
            why = str(wrong["msg"]).removeprefix("Value error, ")
            if "|" in why:
                name, _, why = why.partition("|")
            sentences.append(f"PUTOKAZ_{name.upper()} {_plain(why)}.")
        raise BadSettings("\n".join(sentences)) from None


def _plain(why: str) -> str:
    why = why[:1].lower() + why[1:]
    return why if why.startswith(("must", "does", "needs")) else f"is wrong: {why}"
