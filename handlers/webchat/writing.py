"""From lines of a chat to what a page shows of them: bubbles, links, buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from conversations.speech import SpokenButton
from handlers.channel import Capabilities
from handlers.fitting import rows
from handlers.webchat.transcript import Line

CAPABILITIES = Capabilities(
    text_length=4000,
    label_length=80,
    buttons=40,
    buttons_in_row=3,
    cards=12,
    edits=True,
    venues=True,
    documents=True,
    relays=True,
)
_STANDING = ("s.", "l.")
"""Taps that begin so, deeds and links, stay good for as long as they are seen, with all that stands beside them; all
others belong to one question."""
_PAGE = re.compile(r"https?://[^\s<>\"“”«»]+")
_SAFE = frozenset({"http", "https", "tel", "mailto", "geo", "tg", "viber"})
_SHOWN_AS_PICTURE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or a link if it has a `url`."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button: `tap` is what it sends, `url` the page it opens instead."""

    label: str
    tap: str = ""
    url: str = ""
    quiet: bool = False
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """A card with its own buttons."""

    text: tuple[Piece, ...]
    taps: tuple[Tap, ...]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One bubble as it is drawn. `open` is False once its question has been answered."""

    id: int
    mine: bool
    at: datetime
    language: str = ""
    text: tuple[Piece, ...] = ()
    cards: tuple[CardView, ...] = ()
    rows: tuple[tuple[Tap, ...], ...] = ()
    place: str = ""
    place_url: str = ""
    file_name: str = ""
    file_url: str = ""
    picture: bool = False
    sound: bool = False
    open: bool = True

    @property
    def taps(self) -> bool:
        """Whether there is anything to tap."""
        return bool(self.rows) or any(card.taps for card in self.cards)


def bubbles(lines: Sequence[Line], seat: str = "") -> tuple[Bubble, ...]:
    """The lines as bubbles. Buttons of a question that was answered since are left out."""
    answered_up_to = max((line.id for line in lines if line.side == "person"), default=0)
    return tuple(bubble(line, seat, open_=line.id > answered_up_to) for line in lines)


def bubble(line: Line, seat: str = "", *, open_: bool = True) -> Bubble:
    """One line as a bubble."""
    message = line.message
    if message is None:
        return Bubble(line.id, True, line.at, text=pieces(line.text), file_name=line.attached)
    place, place_url = "", ""
    if message.venue is not None:
        venue = message.venue
        place = "\n".join(part for part in (venue.name, venue.address) if part)
        place_url = f"geo:{venue.latitude:.6f},{venue.longitude:.6f}"
    laid = rows(tuple(b for b in message.buttons if b.tap or _safe(b.url)), CAPABILITIES)
    lasting = any(b.tap.startswith(_STANDING) for b in message.buttons)
    return Bubble(
        line.id,
        False,
        line.at,
        language=message.language,
        text=pieces(message.text),
        cards=tuple(CardView(pieces(card.text), _taps(card.buttons, open_, lasting)) for card in message.cards),
        rows=tuple(kept for kept in (_taps(row, open_, lasting) for row in laid) if kept),
        place=place,
        place_url=place_url,
        file_name=line.file_name,
        file_url=f"/chat/file/{line.id}{'?seat=' + quote(seat) if seat else ''}" if line.has_file else "",
        picture=line.media_type in _SHOWN_AS_PICTURE,
        sound=line.media_type.startswith("audio/"),
        open=open_,
    )


def pieces(text: str) -> tuple[Piece, ...]:
    """A text with the web addresses in it as links."""
    found: list[Piece] = []
    at = 0
    for match in _PAGE.finditer(text):
        url = match.group().rstrip(".,;:!?)…")
        if not _safe(url):
            continue
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        found.append(Piece(url, url))
        at = match.start() + len(url)
    if at < len(text):
        found.append(Piece(text[at:]))
    return tuple(found)


def label_of(line: Line | None, tap: str) -> str:
    """What the tapped button said; "" for one that the bubble does not have."""
    if line is None or line.message is None:
        return ""
    buttons = (*line.message.buttons, *(button for card in line.message.cards for button in card.buttons))
    return next((button.label for button in buttons if button.tap == tap), "")


def _taps(buttons: Sequence[SpokenButton], open_: bool, lasting: bool) -> tuple[Tap, ...]:
    """The buttons that are to be seen. `lasting`: they stand under news, not under a question."""
    stay = [lasting or bool(b.url) or b.tap.startswith(_STANDING) for b in buttons]
    return tuple(
        Tap(b.label, "" if b.url else b.tap, b.url, b.quiet, stays)
        for b, stays in zip(buttons, stay, strict=True)
        if (open_ or stays) and (b.tap or _safe(b.url))
    )


def _safe(url: str) -> bool:
    try:
        return urlsplit(url).scheme in _SAFE
    except ValueError:
        return False
