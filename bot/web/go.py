"""`/go/CODE`: where codes on posters lead; `/a/CODE`: an answer to read. Without script; nobody is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns.reach import count
from bot.language.languages import BY_TAG
from bot.language.tongue import Speaker, tongue
from bot.lines.ways import Way, apps
from bot.offering.in_public import PublicListing, PublicTown, listing_in_public, town_in_public
from bot.offering.public_answers import (
    PublicAnswer,
    PublicEvent,
    PublicPlace,
    answer_in_public,
    answers_in_public,
    event_in_public,
    place_in_public,
)
from bot.store import Store
from bot.telling import Rules
from bot.web.chrome import GO
from bot.web.pages import WebPages
from conversations.help.events import told
from conversations.help.place import card_text
from conversations.offers.words import kind_name
from models.offers.listing import Listing
from models.offers.programme import Town

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
    links: tuple[tuple[str, str], ...] = ()
    """Further pages: where they are, and what they are called."""


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

        def read(session: Session) -> Found | None:
            now = self._now()
            return (
                listing_in_public(session, now, code, rules.zone)
                or town_in_public(session, code)
                or answer_in_public(session, now, code, rules.zone)
                or event_in_public(session, now, code)
                or place_in_public(session, now, code)
            )

        found = await self._store.read(read) if code else None
        view, status = _view(found, tongue(tag), rules) if code else (_general(tongue(tag), rules, ""), 200)
        if status == 200 and found is not None and not _drawn_by_a_program(request):
            await self._store.write(lambda session: _count(session, self._now(), rules, found))
        html = self._pages.go(tag, view)
        return web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)

    async def book(self, request: web.Request) -> web.Response:
        """`/a`: every answer that may be shown, with a link to each."""
        asked = request.query.get("lang", "")
        tag = asked if asked in BY_TAG else self._pages.language(request.headers.get("Accept-Language", ""))
        rules = self._rules()
        answers = await self._store.read(lambda session: answers_in_public(session, self._now(), rules.zone))
        voice = tongue(tag)
        view = replace(
            _made(rules, "", voice.speak(GO["book"]), (), ""),
            path="/a",
            links=tuple((f"/a/{quote(one.code)}", voice.words(one.question)) for one in answers),
        )
        return web.Response(text=self._pages.go(tag, view), content_type="text/html", headers=HEADERS)


Found = PublicListing | PublicTown | PublicAnswer | PublicEvent | PublicPlace
_PROGRAMS = ("bot", "preview", "crawl", "spider", "facebookexternalhit", "viber")


def _drawn_by_a_program(request: web.Request) -> bool:
    """True for what fetches a page to draw a preview of it, or to list it: nobody has read it then."""
    agent = request.headers.get("User-Agent", "").casefold()
    return request.method != "GET" or any(name in agent for name in _PROGRAMS)


def _count(session: Session, now: datetime, rules: Rules, found: Found) -> None:
    """One more time a page was opened: by day, without who."""
    match found:
        case PublicAnswer():
            count(session, now, rules, "answer", found.card_id, "page")
        case PublicEvent():
            count(session, now, rules, "event", found.event_id, "page")
        case PublicPlace():
            count(session, now, rules, "site", found.site_id, "page")
        case PublicListing() | PublicTown():
            table: Any = Listing if isinstance(found, PublicListing) else Town
            number = session.scalars(select(table.id).where(table.code == found.code)).first()
            if number is not None:
                kind = "listing" if isinstance(found, PublicListing) else "town"
                count(session, now, rules, kind, number, "page")


def _view(found: Found | None, voice: Speaker, rules: Rules) -> tuple[GoView, int]:
    """What is shown of what was found, and the status: 404 where it does not lead to what it stands for any more."""
    if isinstance(found, PublicListing) and not found.over:
        return _made(rules, found.code, voice.words(found.title), _about(found, voice), ""), 200
    if isinstance(found, PublicListing):
        over = voice.speak(GO["over"])
        return _made(rules, found.town, voice.words(found.title), (), over, path=found.code), 404
    if isinstance(found, PublicTown):
        kinds = tuple(voice.speak(kind_name(kind)) for kind in found.kinds)
        return _made(rules, found.code, voice.words(found.name), kinds, ""), 200
    if isinstance(found, PublicAnswer):
        return _made(
            rules, found.code, voice.words(found.question), _read(found, voice), "", path=found.code, at="a"
        ), 200
    if isinstance(found, PublicEvent):
        text = voice.speak(told(found.topic, found.title, found.place, found.at))
        note = voice.speak(GO["past"]) if found.over else ""
        lines = tuple(text.splitlines()[1:])
        made = _made(rules, found.code, voice.words(found.title), lines, note, path=found.code, at="a")
        return made, 404 if found.over else 200
    if isinstance(found, PublicPlace):
        lines = tuple(voice.speak(card_text(found.place)).splitlines()[1:])
        return _made(rules, found.code, voice.words(found.place.name), lines, "", path=found.code, at="a"), 200
    return _general(voice, rules, voice.speak(GO["unknown"])), 404


def _read(answer: PublicAnswer, voice: Speaker) -> tuple[str, ...]:
    """An answer as the chat shows it."""
    source = voice.speak(GO["source"].of(source=answer.source, date=answer.dated))
    organisation = voice.words(answer.organisation)
    signed = (voice.speak(GO["held by"].of(organisation=organisation)),) if organisation else ()
    return (*voice.words(answer.answer).splitlines(), source, *signed)


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


def _made(
    rules: Rules, code: str, title: str, lines: tuple[str, ...], note: str, *, path: str = "", at: str = "go"
) -> GoView:
    shown = path or code
    return GoView(
        path=f"/{at}/{quote(shown)}" if shown else "/go",
        title=title,
        lines=lines,
        note=note,
        chat=f"/chat?start={quote(code)}" if code else "/chat",
        apps=apps(rules, code),
    )
