"""`python -m bot check`: looks at everything that must be right before people come, and says what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

from sqlalchemy import select

from bot.clock import WallClock
from bot.preparing import CannotStart, open_database
from bot.settings import Settings

Say = Callable[[str], object]


class Wrong(Exception):
    """What is not right, in a sentence."""


async def check_all(settings: Settings, say: Say) -> bool:
    """Run every check and say how each ended. True if nothing is wrong."""
    checks: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("settings", _settings),
        ("database", _database),
        ("catalogues", _catalogues),
        ("clock", _clock),
        ("telegram", _telegram),
    ]
    well = True
    for name, look in checks:
        try:
            say(f"  ok     {name}: {await look(settings)}")
        except Wrong as what:
            well = False
            say(f"  WRONG  {name}: {what}")
    return well


async def _settings(settings: Settings) -> str:
    where = settings.public_url or f"http://{settings.host}:{settings.port}"
    return f"served at {where}, languages from {settings.default_language}, time zone {settings.time_zone}"


async def _database(settings: Settings) -> str:
    try:
        store = open_database(settings)
    except CannotStart as why:
        raise Wrong(str(why)) from None
    try:
        await store.read(lambda session: session.execute(select(1)).scalar())
        kind = store.engine.dialect.name
    finally:
        store.close()
    return f"{kind}, tables up to date"


async def _catalogues(_settings: Settings) -> str:
    from bot.language.languages import TAGS
    from bot.language.tongue import tongue

    for tag in TAGS:
        tongue(tag)
    return f"{', '.join(TAGS)}"


async def _clock(settings: Settings) -> str:
    from zoneinfo import ZoneInfo

    now = WallClock().now()
    if now.year < 2026:
        raise Wrong(f"this machine thinks it is {now:%d.%m.%Y}. Set its clock, or reminders go out at wrong times.")
    local = now.astimezone(ZoneInfo(settings.time_zone))
    return f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {local:%H:%M} in {settings.time_zone}"


async def _telegram(settings: Settings) -> str:
    token = settings.telegram_token.get_secret_value()
    if not token:
        return "off (no PUTOKAZ_TELEGRAM_TOKEN; @BotFather on Telegram gives one)"
    from handlers.channel import SendFailed
    from handlers.telegram.channel import TelegramChannel

    channel = await asyncio.to_thread(
        TelegramChannel, token, spawn=_never, now=WallClock().now, api_url=settings.telegram_api_url
    )
    try:
        name = await channel.ask_name()
    except SendFailed as failure:
        if failure.kind == "stopped":
            raise Wrong("the token is refused. Ask @BotFather for the present one (/token).") from None
        raise Wrong(f"Telegram is not reached ({failure.reason}).") from None
    finally:
        await channel.stop()
    how = "webhook" if settings.public_url else "long polling"
    return f"@{name}, {how}"


def _never(_name: str, work: object) -> None:
    raise AssertionError(f"a check starts nothing in the background: {type(work).__name__}")
