"""Settings from the environment and `.env`, every name with the prefix PUTOKAZ_."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TAGS = ("sr-Latn", "sr-Cyrl", "bg", "en")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
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
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: Annotated[str, AfterValidator(_https)] = "https://api.telegram.org"
    default_language: Annotated[str, AfterValidator(_tag)] = "sr-Latn"
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Belgrade"
    quiet_from: HOUR = 20
    quiet_until: HOUR = 8
    sunday_until: HOUR = 10
    log_json: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        token = self.telegram_token.get_secret_value()
        if token and not TOKEN.fullmatch(token):
            raise ValueError("telegram_token|does not look like a token of BotFather (numbers, a colon, letters)")
        if self.quiet_until >= self.quiet_from:
            raise ValueError("quiet_until|must be earlier in the day than PUTOKAZ_QUIET_FROM")
        return self

    @property
    def url(self) -> str:
        """The database's address: the SQLite file in `data` unless another is set."""
        return self.database_url or f"sqlite:///{self.data / 'putokaz.db'}"

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
    return why if why.startswith(("must", "does")) else f"is wrong: {why}"
