"""`/c/CODE`: whether a certificate is valid. Without script, no more than the person wanted; who asked is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy.orm import Session

from bot.language.languages import BY_TAG
from bot.language.tongue import Speaker, tongue
from bot.offering.certificates import days, length
from bot.store import Store
from bot.web.pages import WebPages
from conversations.speech import Words, _
from handlers.webchat.limits import Limit
from models.lessons import certificate
from models.offers.listing import Listing
from models.offers.programme import Organisation, Town

HEADERS = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
AT_ONCE, PER_SECOND = 20, 0.2
"""Looks that one network address has: a class that checks its papers, and then one in five seconds."""

VALID = _("✅ This certificate is valid.")
WITHDRAWN = _("❌ This certificate was withdrawn. It is not valid.")
UNKNOWN = _("There is no certificate under this address.")
LOOK_AGAIN = _("Please look again whether every letter is right, or scan the code.")
TOO_FAST = _("That was very fast. Please wait a minute and look again.")
NAME = _("Name: {name}")
WHAT = _("What: {title}")
LENGTH = _("Length: {length}")
WHEN = _("When: {days}")
BY = _("Issued by: {organisation}")
NUMBER = _("Number: {number}")
TITLE = _("Checking a certificate")


@dataclass(frozen=True, slots=True)
class Shown:
    """What everybody may know of a certificate. `name` is as the person wanted it to be shown."""

    row: certificate.Certificate
    name: str
    zone: str
    organisation: Words


@dataclass(frozen=True, slots=True)
class CertificateView:
    """What the page shows, in one language."""

    title: str
    lines: tuple[str, ...]


class CertificatePages:
    """Answers `/c/CODE`. Whatever is unknown gets the same answer, and one network address a limited number of them."""

    def __init__(self, store: Store, pages: WebPages, now: Callable[[], datetime], zone: str) -> None:
        self._store, self._pages, self._zone = store, pages, zone
        self._limit = Limit(AT_ONCE, PER_SECOND, now)

    async def look(self, request: web.Request) -> web.Response:
        """The page: 404 for what is unknown, 429 for who asks too often."""
        asked = request.query.get("lang", "")
        tag = asked if asked in BY_TAG else self._pages.language(request.headers.get("Accept-Language", ""))
        voice = tongue(tag)
        if not self._limit.allows(request.remote or ""):
            return self._page(tag, CertificateView(voice.speak(TITLE), (voice.speak(TOO_FAST),)), 429)
        code = request.match_info["code"]
        found = await self._store.read(lambda session: shown(session, code, self._zone))
        if found is None:
            nothing = CertificateView(voice.speak(UNKNOWN), (voice.speak(LOOK_AGAIN),))
            return self._page(tag, nothing, 404)
        return self._page(tag, _view(found, voice), 200)

    def _page(self, tag: str, view: CertificateView, status: int) -> web.Response:
        html = self._pages.certificate(tag, view)
        return web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)


def shown(session: Session, code: str, zone: str) -> Shown | None:
    """What the page may show of the certificate with that code; None where there is none."""
    row = certificate.by_code(session, code)
    if row is None:
        return None
    listing = session.get_one(Listing, row.listing_id)
    town = session.get(Town, listing.town_id) if listing.town_id is not None else None
    organisation = session.get_one(Organisation, listing.organisation_id)
    name = row.name if row.name_public else certificate.initials(row.name)
    return Shown(row, name, town.zone if town is not None else zone, Words.of(organisation.name))


def _view(found: Shown, voice: Speaker) -> CertificateView:
    row = found.row
    lines = [
        voice.speak(WHAT.of(title=Words.of(row.title))),
        voice.speak(BY.of(organisation=found.organisation)),
        voice.speak(NUMBER.of(number=str(row.number))),
    ]
    if row.revoked_at is not None:
        return CertificateView(voice.speak(WITHDRAWN), tuple(lines))
    named = [voice.speak(NAME.of(name=found.name))] if found.name else []
    lines[1:1] = [
        voice.speak(LENGTH.of(length=length(row.minutes, voice))),
        voice.speak(WHEN.of(days=days(row, found.zone, voice))),
    ]
    return CertificateView(voice.speak(VALID), (*named, *lines))
