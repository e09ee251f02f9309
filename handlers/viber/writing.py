"""From one fitted part of a message to the JSON of send_message, without its receiver."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conversations.speech import TAP_BYTES, Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.cleaning import clean
from handlers.fitting import fit
from handlers.viber.abilities import (
    ASKING_API,
    BUTTON_TEXT,
    CAPABILITIES,
    CARDS_API,
    MOST_BYTES,
    OLDEST_API,
    SILENT_API,
    capabilities_of,
)
from handlers.viber.hosting import Hosted
from handlers.viber.layout import COLUMNS, columns, height, rows
from handlers.viber.reading import TAP_PREFIX

Json = dict[str, Any]
_CARD_ROWS = 7
_MOST_CARD_BUTTONS = 3
_SHORT_CARD = 120
_ASKS = {"phone": "share-phone", "location": "location-picker"}
_INK, _PAPER, _BUTTON = "#ffffff", "#ffffff", "#4a4a8f"
_PLACEHOLDER, _NO_PLACEHOLDER = "replace_me_with_", "replace_me_with\u2060_"
"""Viber fills placeholders in broadcasts wherever they stand; with an invisible joiner in it, it is just a text."""


def text_message(sender: str, text: str, buttons: Sequence[SpokenButton]) -> Json:
    """A text with its keyboard. Raises ValueError, as all here do, for what the platform cannot show at all."""
    text = clean(text).strip()
    if not text and not buttons:
        reason = "there is nothing to show"
        raise ValueError(reason)
    # a keyboard can come alone, but then nobody notices that something was said
    return _message(sender, buttons, type="text", text=text or "…")


def location_message(sender: str, venue: SpokenVenue, buttons: Sequence[SpokenButton]) -> Json:
    """A pin on the map: it has no name."""
    if not (-90 <= venue.latitude <= 90 and -180 <= venue.longitude <= 180):
        reason = "there is no such place on earth"
        raise ValueError(reason)
    return _message(sender, buttons, type="location", location={"lat": venue.latitude, "lon": venue.longitude})


def hosted_message(sender: str, file: Hosted, buttons: Sequence[SpokenButton]) -> Json:
    """A picture, or a file of any other kind, that lies at an address of ours."""
    if file.picture:
        return _message(sender, buttons, type="picture", text="", media=file.url)
    return _message(sender, buttons, type="file", media=file.url, size=file.size, file_name=file.name)


def cards_message(sender: str, message: Spoken, buttons: Sequence[SpokenButton]) -> Json:
    """A carousel, with what an old client shows in its place."""
    parts = [one for card in message.cards for one in _card(card)]
    media = {
        "Type": "rich_media",
        "ButtonsGroupColumns": COLUMNS,
        "ButtonsGroupRows": _CARD_ROWS,
        "BgColor": _PAPER,
        "Buttons": parts,
    }
    plain = "\n\n".join(part.text for part in fit(message, capabilities_of(OLDEST_API)))
    made = _message(sender, buttons, type="rich_media", rich_media=media, alt_text=clean(plain)[:7000])
    return {**made, "min_api_version": CARDS_API}


def cards_can_be_shown(cards: Sequence[SpokenCard]) -> bool:
    """True if each card fits into a carousel: at most three buttons, and words that are not cut off."""
    texts = [_card_text(card.text) for card in cards] + [_card_label(b) for card in cards for b in card.buttons]
    few = all(len(card.buttons) <= _MOST_CARD_BUTTONS for card in cards)
    return few and all(len(text) <= BUTTON_TEXT for text in texts) and all(card.text.strip() for card in cards)


def welcome(sender: str, message: Spoken) -> Json:
    """The one message that can stand in the answer to `conversation_started`: everything as text and buttons.

    Raises ValueError for what cannot be shown at all.
    """
    parts = fit(message, replace(capabilities_of(OLDEST_API), venues=False, documents=False))
    text = "\n\n".join(part.text for part in parts if part.text)
    most = CAPABILITIES.text_length
    return text_message(sender, text if len(text) <= most else text[: most - 1] + "…", parts[-1].buttons)


def silently(message: Json, version: int | None) -> Json:
    """The message for a client of this version (None: unknown): one that can keeps presses out of the chat."""
    buttons = message.get("keyboard", {}).get("Buttons", ())
    if version is None or version < SILENT_API or not any(button.get("Silent") for button in buttons):
        return message
    return {**message, "min_api_version": max(SILENT_API, message["min_api_version"])}


def encoded(message: Json, *, broadcast: bool = False) -> bytes:
    """The JSON as it goes over the line. Raises ValueError where it is larger than the platform takes."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if broadcast:
        text = text.replace(_PLACEHOLDER, _NO_PLACEHOLDER)
    body = text.encode()
    if len(body) > MOST_BYTES:
        reason = "the message is larger than 30 kB"
        raise ValueError(reason)
    return body


# ---------------------------------------------------------------- parts


def _message(sender: str, buttons: Sequence[SpokenButton], **content: Any) -> Json:
    version = ASKING_API if any(button.asks for button in buttons) else OLDEST_API
    made: Json = {"sender": {"name": sender}, "min_api_version": version, **content}
    # Nothing takes a keyboard back: the client goes on showing the last one that it got. So a message without
    # buttons simply brings none. Nobody relies on it: a tap names the question it answers, and is checked again.
    return {**made, "keyboard": _keyboard(buttons)} if buttons else made


def _keyboard(buttons: Sequence[SpokenButton]) -> Json:
    keys = [
        {"Columns": columns(row), "Rows": height(row), **_action(button), "Text": _escaped(button.label)}
        for row in rows(buttons)
        for button in row
    ]
    return {"Type": "keyboard", "DefaultHeight": False, "Buttons": keys}


def _action(button: SpokenButton) -> Json:
    """What a press does. `Silent` keeps our payload out of the chat, where the client heeds it (see `silently`)."""
    if button.url:
        return {"ActionType": "open-url", "ActionBody": button.url, "TextSize": "regular", "Silent": True}
    if button.asks and not button.tap:
        # the platform wants some words here, and does nothing with them
        return {"ActionType": _ASKS[button.asks], "ActionBody": button.asks, "TextSize": "regular"}
    if not 1 <= len(button.tap.encode("utf-8", "replace")) <= TAP_BYTES:
        reason = "a button's payload does not fit"
        raise ValueError(reason)
    return {"ActionType": "reply", "ActionBody": TAP_PREFIX + clean(button.tap), "TextSize": "regular", "Silent": True}


def _card(card: SpokenCard) -> list[Json]:
    """One card: its words above, its buttons in the lowest rows. All cards of a carousel are equally high.

    Where the one button says what the words begin with, it is their heading: nothing is said twice.
    """
    heading, _, below = card.text.strip().partition("\n")
    if [button.label.strip() for button in card.buttons] == [heading.strip()]:
        rows = height(card.buttons) if below.strip() else _CARD_ROWS
        key = _key(card.buttons[0], rows)
        return [key, _words(below, _CARD_ROWS - rows)] if below.strip() else [key]
    return [_words(card.text, _CARD_ROWS - len(card.buttons)), *(_key(button, 1) for button in card.buttons)]


def _words(text: str, rows: int) -> Json:
    return {
        "Columns": COLUMNS,
        "Rows": rows,
        "ActionType": "none",
        "ActionBody": "none",
        "Text": _card_text(text),
        "TextSize": "small" if len(text) > _SHORT_CARD else "regular",
        "TextVAlign": "top",
        "TextHAlign": "left",
    }


def _key(button: SpokenButton, rows: int) -> Json:
    return {"Columns": COLUMNS, "Rows": rows, "BgColor": _BUTTON, **_action(button), "Text": _card_label(button)}


def _card_text(text: str) -> str:
    return _escaped(text.strip()).replace("\n", "<br>")


def _card_label(button: SpokenButton) -> str:
    return f'<font color="{_INK}">{_escaped(button.label)}</font>'


def _escaped(words: str) -> str:
    """Words for a button, which reads a little HTML."""
    return html.escape(clean(words).strip(), quote=False) or "•"
