"""`python -m bot check`: looks at everything that must be right before people come, and says what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

from sqlalchemy import select

from bot.clock import WallClock
from bot.running.preparing import CannotStart, open_database
from bot.settings import Settings

PRICES_LAST = timedelta(days=180)
"""Prices that were looked up longer ago are to be looked up again."""
Say = Callable[[str], object]


DESK_TROUBLES = {
    "not a member": "the bot is not in the group. Add it, and make it an administrator.",
    "no forum": "topics are not switched on in the group's settings.",
    "no rights": "the bot must be an administrator that may manage topics and delete messages.",
}


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
        ("viber", _viber),
        ("desk", _desk),
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


async def _viber(settings: Settings) -> str:
    token = settings.viber_token.get_secret_value()
    if not token:
        return "off (no PUTOKAZ_VIBER_TOKEN; docs/costs.md says how to get one and what it costs)"
    from handlers.channel import SendFailed
    from handlers.viber.channel import ViberChannel
    from handlers.viber.receiving import WEBHOOK_PATH

    channel = await asyncio.to_thread(
        ViberChannel,
        token,
        spawn=_never,
        now=WallClock().now,
        api_url=settings.viber_api_url,
        public_url=settings.public_url,
        sender_name=settings.viber_name,
    )
    try:
        account = await channel.account()
    except SendFailed as failure:
        if failure.kind == "stopped":
            raise Wrong(
                f"the token is refused ({failure.reason}). The present one is in Viber's admin panel."
            ) from None
        raise Wrong(f"Viber is not reached ({failure.reason}).") from None
    finally:
        await channel.stop()
    hook, ours = str(account.get("webhook") or ""), settings.public_url + WEBHOOK_PATH
    if hook and hook != ours:
        raise Wrong(f"the webhook is {hook}, which is not {ours}. `python -m bot run` sets it; is another one running?")
    receives = "webhook set" if hook else "webhook not set yet: `python -m bot run` sets it"
    return f"{account.get('name')}, sends as {settings.viber_name}, {receives}; {_money(settings)}"


def _money(settings: Settings) -> str:
    """What paid messages cost as it is set, and whether that is still to be believed."""
    prices = ", ".join(f"{country} {price} EUR" for country, price in settings.prices)
    checked = settings.viber_prices_checked
    if not prices:
        looked = "no prices are set: every paid message is reckoned with 0.05 EUR"
    elif checked is None:
        looked = f"{prices}, checked nobody knows when (PUTOKAZ_VIBER_PRICES_CHECKED)"
    else:
        old = WallClock().now().date() - checked > PRICES_LAST
        looked = f"{prices}, checked on {checked}" + (": look again" if old else "")
    return f"budget {settings.viber_budget} EUR a month; {looked}"


async def _desk(settings: Settings) -> str:
    token = settings.desk_token.get_secret_value()
    if not token:
        return "off (no PUTOKAZ_DESK_TOKEN; docs/operating.md says how to set a desk up)"
    from bot.desk.look import NoOrganisation, organisation_of, wanted
    from handlers.channel import SendFailed
    from handlers.desk.channel import DeskChannel
    from models.offers.programme import Organisation

    store = await asyncio.to_thread(open_database, settings)
    try:
        whose = await store.read(lambda session: session.get_one(Organisation, organisation_of(session, settings)).code)
    except NoOrganisation as why:
        raise Wrong(str(why)) from None
    finally:
        store.close()
    groups = wanted(settings)
    channel = await asyncio.to_thread(
        DeskChannel,
        token,
        spawn=_never,
        now=WallClock().now,
        groups=lambda: tuple(groups.values()),
        api_url=settings.telegram_api_url,
    )
    try:
        name = await channel.ask_name()
        for kind, chat in groups.items():
            trouble = await channel.trouble_in(chat)
            if trouble:
                raise Wrong(f"@{name}, {kind} group: {DESK_TROUBLES.get(trouble, trouble)}")
    except SendFailed as failure:
        if failure.kind == "stopped":
            raise Wrong("the desk's token is refused. Ask @BotFather for the present one (/token).") from None
        if "another number" in failure.reason:
            raise Wrong("the group has another number since topics were switched on: put the new one in.") from None
        raise Wrong(f"Telegram is not reached ({failure.reason}).") from None
    finally:
        await channel.stop()
    return f"@{name}, {len(groups)} group{'s' if len(groups) > 1 else ''} with topics, all rights, for {whose}"


def _never(_name: str, work: object) -> None:
    raise AssertionError(f"a check starts nothing in the background: {type(work).__name__}")
