"""`python -m bot poster`: asks which ways in there are, gathers the words, draws the files and says what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.lines.ways import is_local
from bot.posters.gathering import NoWay, Over, poster_of
from bot.posters.poster import Poster
from bot.running.furnishing import furnish, rules_of
from bot.running.preparing import clock_of, open_database
from bot.settings import Settings
from bot.telling import Rules
from models.offers.listing import Listing
from models.offers.programme import Town

FILES = {"wall": "poster.pdf", "picture": "poster.png", "cards": "cards.pdf"}
"""What is drawn, and how the names of the files end."""
NOWHERE = (
    "There is nothing yet that a code could lead to. Set PUTOKAZ_PUBLIC_URL or PUTOKAZ_TELEGRAM_TOKEN (see README.md). "
    "To see how it will look: the same command with --trial, which marks the poster as one."
)


class NoPoster(Exception):
    """Why there is no poster, in a sentence for the person who asked for it."""


def make(settings: Settings, code: str, tag: str, out: Path, say: Callable[[str], object], *, trial: bool) -> None:
    """Write the files into `out` and say which, and which ways in are missing. Raises NoPoster and CannotStart."""
    rules, missing = asyncio.run(ways_of(settings))
    poster = _gathered(settings, rules, code, tag)
    if poster.mark and not trial:
        raise NoPoster(NOWHERE)
    from bot.posters.drawing import draw  # only here: it takes a second to import

    out.mkdir(parents=True, exist_ok=True)
    for form, ending in FILES.items():
        path = out / f"{code}-{tag}-{ending}"
        path.write_bytes(draw(poster, form))
        say(str(path))
    say(f"The large code leads to {poster.main.url}")
    for sentence in missing:
        say(sentence)


async def ways_of(settings: Settings) -> tuple[Rules, list[str]]:
    """The rules with every way in that is set up, and a sentence for each that is not."""
    rules, missing = rules_of(settings), []
    if is_local(rules.landing):
        missing.append("Missing: the landing page and the web chat, which need a PUTOKAZ_PUBLIC_URL that phones reach.")
    for name, ask in ASKED.items():
        prefix, why = await ask(settings)
        if prefix:
            rules = replace(rules, links=((name, prefix), *rules.links))
        else:
            missing.append(f"Missing: {name}, {why}.")
    return rules, missing


async def _telegram(settings: Settings) -> tuple[str, str]:
    """What a code is appended to for Telegram, or why there is nothing."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return "", "which needs PUTOKAZ_TELEGRAM_TOKEN"
    from handlers.channel import SendFailed
    from handlers.telegram.channel import TelegramChannel

    channel = await asyncio.to_thread(
        TelegramChannel, token, spawn=_never, now=WallClock().now, api_url=settings.telegram_api_url
    )
    try:
        return f"https://t.me/{await channel.ask_name()}?start=", ""
    except SendFailed as failure:
        return "", f"which is not reached now ({failure.reason})"
    finally:
        await channel.stop()


async def _viber(settings: Settings) -> tuple[str, str]:
    """The same for Viber."""
    token = settings.viber_token.get_secret_value()
    if not token:
        return "", "which needs PUTOKAZ_VIBER_TOKEN"
    from handlers.channel import SendFailed
    from handlers.viber.channel import ViberChannel

    channel = ViberChannel(
        token, spawn=_never, now=WallClock().now, api_url=settings.viber_api_url, public_url=settings.public_url
    )
    try:
        uri = str((await channel.account()).get("uri") or "")
    except SendFailed as failure:
        return "", f"which is not reached now ({failure.reason})"
    finally:
        await channel.stop()
    return (f"viber://pa?chatURI={quote(uri, safe='')}&context=", "") if uri else ("", "which has no address")


ASKED = {"Viber": _viber, "Telegram": _telegram}
"""The apps there are, and who asks each for the bot's name."""


def _gathered(settings: Settings, rules: Rules, code: str, tag: str) -> Poster:
    store = open_database(settings)
    try:
        with Session(store.engine) as session:
            furnish(session, settings, WallClock().now())
            poster = poster_of(session, clock_of(session).now(), rules, code, tag)
            known = "" if poster else _known(session)
            session.commit()
    except Over:
        raise NoPoster(f"{code} is closed or over: nobody could come in by a poster.") from None
    except NoWay:
        raise NoPoster(NOWHERE) from None
    finally:
        store.close()
    if poster is None:
        raise NoPoster(f"There is no listing or town {code!r}. {known}")
    return poster


def _known(session: Session) -> str:
    towns = session.scalars(select(Town.code).order_by(Town.id))
    listings = session.scalars(select(Listing.code).where(Listing.state == "open").order_by(Listing.id).limit(30))
    return f"Towns: {', '.join(towns)}. Listings: {', '.join(listings) or 'none yet'}."


def _never(_name: str, work: object) -> None:
    raise AssertionError(f"asking for a name starts nothing in the background: {type(work).__name__}")
