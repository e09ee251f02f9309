"""Fits a message to what a channel can show: splits, numbers and lays out; drops nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from conversations.speech import Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.channel import Capabilities

LONG_LABEL = 16
"""A label of more units gets a row of its own."""
SHORT_LABEL = 8
"""Labels up to this length stand three in a row, where the channel has room for three."""
WAY_BACK = "w.back"
"""The tap of the one way out that can be typed as 0."""
_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[.!?…][»“”\"')]*\s"), re.compile(r"\s"))


def utf16(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(message: Spoken, capabilities: Capabilities) -> tuple[Spoken, ...]:
    """The message as parts that the channel can show one by one, each with a single call of the platform.

    Text comes first (split at the limit), then a pin, a file, a relayed attachment; the buttons stand
    under the last part, and only the first may replace the message just tapped. Fitting a fitted
    part changes nothing. What cannot be shown is written out: cards and surplus buttons as numbered
    lines, a pin as its address, a file by its name. Offers to share from the phone are left out where
    the channel cannot ask for it (the question is then answered by typing).
    """
    return _fitted(message, capabilities) if message.document is not None else _known(message, capabilities)


def _fitted(message: Spoken, capabilities: Capabilities) -> tuple[Spoken, ...]:
    text, cards, buttons = message.text, message.cards, _possible(message.buttons, capabilities)
    if cards and len(cards) > capabilities.cards:
        text, buttons = _cards_as_lines(text, cards, buttons, capabilities)
        cards = ()
    venue = message.venue
    if venue is not None and not capabilities.venues:
        text, venue = _below(text, venue_lines(venue)), None
    elif venue is not None and capabilities.bare_pins:
        unsaid = [line for line in (venue.name, venue.address) if line and line not in text]
        text = _below(text, "\n".join(unsaid)) if unsaid else text
        venue = replace(venue, name="", address="")
    if message.document is not None and not capabilities.documents:
        text = _below(text, f"📎 {message.document.name}")
    text, buttons = _buttons_as_lines(text, buttons, capabilities)
    bare = Spoken(text="", language=message.language)
    parts = [replace(bare, text=part) for part in split(text, capabilities.text_length, capabilities.length)]
    if cards:
        parts = [*parts, bare] if capabilities.cards_alone or not parts else parts
        parts[-1] = replace(parts[-1], cards=cards)
    if venue is not None:
        parts.append(replace(bare, venue=venue))
    if message.document is not None and capabilities.documents:
        parts.append(replace(bare, document=message.document))
    if message.relay is not None:
        parts.append(replace(bare, relay=message.relay))
    if not parts:
        parts = [bare]
    parts[0] = replace(parts[0], replaces=message.replaces)
    parts[-1] = replace(parts[-1], buttons=buttons)
    return tuple(parts)


_known = lru_cache(16)(_fitted)
"""A broadcast is the same for many, and every message is fitted twice: by who splits it, and by the channel."""


def rows(buttons: tuple[SpokenButton, ...], capabilities: Capabilities) -> tuple[tuple[SpokenButton, ...], ...]:
    """Buttons in rows: long answers one below the other, short ones side by side, the quiet ones last together."""
    answers = [button for button in buttons if not button.quiet]
    quiet = [button for button in buttons if button.quiet]
    laid = [*_rows_of(answers, capabilities), *_rows_of(quiet, capabilities)]
    return tuple(laid)


def split(text: str, limit: int, length: Callable[[str], int] = len) -> tuple[str, ...]:
    """A text in parts of at most `limit` units, cut at a paragraph, line, sentence or word if there is one.

    Only the white space at a cut is left out. An emoji or a letter with its accents stays whole, unless
    it alone is longer than the limit. Blank text gives no part.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest and length(rest) > limit:
        end = _longest_prefix(rest, limit, length)
        cut = _best_break(rest, end)
        part = rest[:cut].rstrip()
        if part:
            parts.append(part)
        rest = rest[cut:].lstrip()
    if rest:
        parts.append(rest)
    return tuple(parts)


def venue_lines(venue: SpokenVenue) -> str:
    """A place as text, for channels without pins."""
    return "\n".join(part for part in (venue.name, venue.address) if part)


# ---------------------------------------------------------------- text


def _longest_prefix(text: str, limit: int, length: Callable[[str], int]) -> int:
    """How many characters of the text fit; at least one, so that there is always progress."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _best_break(text: str, end: int) -> int:
    """Where to cut within the first `end` characters: after the best kind of break in the later half."""
    window = text[: end + 1]
    for kind in _BREAKS:
        places = [match.end() for match in kind.finditer(window) if end // 2 <= match.start() <= end]
        fitting = [place for place in places if len(window[:place].rstrip()) <= end]
        if fitting:
            return fitting[-1]
    cut = end
    while cut > 0 and _joined(text, cut):
        cut -= 1
    return cut or end


def _joined(text: str, cut: int) -> bool:
    """True if a cut here would part a letter from its accent, or an emoji from its colour or partner."""
    if cut >= len(text):
        return False
    before, after = text[cut - 1], text[cut]
    if unicodedata.combining(after) or after in "\u200d\ufe0e\ufe0f\u20e3" or before == "\u200d":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if _flag_half(before) and _flag_half(after):
        run = 0
        while run < cut and _flag_half(text[cut - 1 - run]):
            run += 1
        return run % 2 == 1
    return False


def _flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _below(text: str, more: str) -> str:
    return f"{text}\n\n{more}" if text.strip() else more


# ---------------------------------------------------------------- buttons and cards


def _possible(buttons: tuple[SpokenButton, ...], capabilities: Capabilities) -> tuple[SpokenButton, ...]:
    """Without the offers to share from the phone that the channel cannot make."""
    able = {"": True, "phone": capabilities.asks_phone, "location": capabilities.asks_location}
    return tuple(button for button in buttons if able.get(button.asks, False) or button.tap)


def _cards_as_lines(
    text: str, cards: tuple[SpokenCard, ...], buttons: tuple[SpokenButton, ...], capabilities: Capabilities
) -> tuple[str, tuple[SpokenButton, ...]]:
    """Cards as numbered paragraphs, their buttons carrying the number of the card in front."""
    if not capabilities.buttons or sum(len(card.buttons) for card in cards) + len(buttons) > capabilities.buttons:
        return _cards_with_lists(text, cards, buttons), ()
    numbered = [f"{number}. {card.text}" for number, card in enumerate(cards, 1)]
    of_cards = tuple(
        replace(button, label=f"{number}. {button.label}")
        for number, card in enumerate(cards, 1)
        for button in card.buttons
    )
    return _below(text, "\n\n".join(numbered)), of_cards + buttons


def _cards_with_lists(text: str, cards: tuple[SpokenCard, ...], buttons: tuple[SpokenButton, ...]) -> str:
    """Each card with its answers below it; numbers run on over all cards, so that each names one answer."""
    number = 0
    for card in cards:
        text = _below(text, "\n".join((card.text, *_listed(card.buttons, number))))
        number += sum(1 for button in card.buttons if not button.quiet and not button.url)
    return _below(text, "\n".join(_listed(buttons, number))) if buttons else text


def _buttons_as_lines(
    text: str, buttons: tuple[SpokenButton, ...], capabilities: Capabilities
) -> tuple[str, tuple[SpokenButton, ...]]:
    """Buttons that the channel has no room for, as lines to answer with a number or the words."""
    if not buttons:
        return text, buttons
    if len(buttons) > capabilities.buttons:
        return _below(text, "\n".join(_listed(buttons))), ()
    if any(capabilities.length(button.label) > capabilities.label_length for button in buttons):
        limit, length = capabilities.label_length, capabilities.length
        long = [button.label for button in buttons if length(button.label) > limit]
        cut = tuple(replace(button, label=_shortened(button.label, limit, length)) for button in buttons)
        return _below(text, "\n".join(f"• {label}" for label in long)), cut
    return text, buttons


def _listed(buttons: tuple[SpokenButton, ...], number: int = 0) -> Iterator[str]:
    """`1. Label` for the answers, `0. Label` for the way back, the other ways out by their words alone.

    A page is listed with its address, unnumbered: there is nothing to answer.
    """
    for button in (b for b in buttons if not b.quiet):
        if button.url:
            yield f"{button.label}: {button.url}"
            continue
        number += 1
        yield f"{number}. {button.label}"
    for button in (b for b in buttons if b.quiet):
        if button.url:
            yield f"{button.label}: {button.url}"
        else:
            yield f"0. {button.label}" if button.tap == WAY_BACK else f"• {button.label}"


def _shortened(label: str, limit: int, length: Callable[[str], int]) -> str:
    if length(label) <= limit:
        return label
    room = limit - length("…")
    if room <= 0:
        return label[:1]
    end = _longest_prefix(label, room, length)
    while end > 1 and _joined(label, end):
        end -= 1
    return label[:end].rstrip() + "…"


def _rows_of(buttons: list[SpokenButton], capabilities: Capabilities) -> Iterator[tuple[SpokenButton, ...]]:
    row: list[SpokenButton] = []
    for button in buttons:
        width = min(_width([*row, button], capabilities), max(1, capabilities.buttons_in_row))
        if row and len(row) >= width:
            yield tuple(row)
            row = []
        row.append(button)
    if row:
        yield tuple(row)


def _width(row: list[SpokenButton], capabilities: Capabilities) -> int:
    """How many buttons may stand in a row that holds these."""
    longest = max(capabilities.length(button.label) for button in row)
    if longest > LONG_LABEL:
        return 1
    return 3 if longest <= SHORT_LABEL else 2
