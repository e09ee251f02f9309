"""`/go/CODE`: where the codes on posters lead. Offers every way in, works without script, and remembers nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.orm import Session

from bot.in_public import PublicListing, PublicTown, listing_in_public, town_in_public
from bot.language.languages import BY_TAG
from bot.language.tongue import Speaker, tongue
from bot.store import Store
from bot.telling import Rules
from bot.ways import Way, apps
from bot.web.chrome import GO
from bot.web.pages import WebPages
from conversations.offers.words import kind_name

PATH = "/go/{code}"
HEADERS = {"Cache-Control": "no-store", "Vary": "Accept-Language"}


@dataclass(frozen=True, slots=True)
class GoView:
    """What the page shows: words in one language, and where each button leads."""

    path: str
    title: str
    lines: tuple[str, ...]
    note: str
    """Above the buttons: that this is over, or not known."""
    chat: str
    apps: tuple[Way, ...]


class GoPages:
    """Answers `/go/CODE` and `/go`. Only public codes are looked up: any other is answered like a word that is none.

    A one-time code is never resolved here and never passed on to a button: the address of this page stands in the
    histories of browsers and in the logs of servers on the way, and messengers fetch it to show a preview.
    """

    def __init__(self, store: Store, pages: WebPages, now: Callable[[], datetime], rules: Callable[[], Rules]) -> None:
        self._store, self._pages, self._now, self._rules = store, pages, now, rules

    async def look(self, request: web.Request) -> web.Response:
        """The page. 404, with the general way in, for a code that is unknown or whose time is over."""
        asked = request.query.get("lang", "")
        tag = asked if asked in BY_TAG else self._pages.language(request.headers.get("Accept-Language", ""))
        code = request.match_info.get("code", "")
        rules = self._rules()

        def read(session: Session) -> PublicListing | PublicTown | None:
            return listing_in_public(session, self._now(), code, rules.zone) or town_in_public(session, code)

        found = await self._store.read(read) if code else None
        view, status = _view(found, tongue(tag), rules) if code else (_general(tongue(tag), rules, ""), 200)
        html = self._pages.go(tag, view)
        return web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)


def _view(found: PublicListing | PublicTown | None, voice: Speaker, rules: Rules) -> tuple[GoView, int]:
    """What is shown of what was found, and the status: 404 where it does not lead to what it stands for any more."""
    if isinstance(found, PublicListing) and not found.over:
        return _made(rules, found.code, voice.words(found.title), _about(found, voice), ""), 200
    if isinstance(found, PublicListing):
        over = voice.speak(GO["over"])
        return _made(rules, found.town, voice.words(found.title), (), over, path=found.code), 404
    if isinstance(found, PublicTown):
        kinds = tuple(voice.speak(kind_name(kind)) for kind in found.kinds)
        return _made(rules, found.code, voice.words(found.name), kinds, ""), 200
    return _general(voice, rules, voice.speak(GO["unknown"])), 404


def _general(voice: Speaker, rules: Rules, note: str) -> GoView:
    return _made(rules, "", voice.speak(GO["house"]), (), note)


def _about(listing: PublicListing, voice: Speaker) -> tuple[str, ...]:
    lines = [voice.speak(GO["free"])]
    place = voice.words(listing.place)
    if place:
        lines.append(voice.speak(GO["place"].of(place=place)))
    if listing.until is not None:
        lines.append(voice.speak(GO["until"].of(when=listing.until)))
    elif listing.dates:
        lines.append(voice.speak(GO["next"].of(when=listing.dates[0])))
    organisation = voice.words(listing.organisation)
    if organisation:
        lines.append(voice.speak(GO["held by"].of(organisation=organisation)))
    if listing.invented:
        lines.append(voice.speak(GO["invented"]))
    return tuple(lines)


def _made(rules: Rules, code: str, title: str, lines: tuple[str, ...], note: str, *, path: str = "") -> GoView:
    shown = path or code
    return GoView(
        path=f"/go/{quote(shown)}" if shown else "/go",
        title=title,
        lines=lines,
        note=note,
        chat=f"/chat?start={quote(code)}" if code else "/chat",
        apps=apps(rules, code),
    )
