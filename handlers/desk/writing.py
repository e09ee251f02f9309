"""From a spoken message to what the Bot API is asked to show. Texts are sent as they are: nothing in them is markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from conversations.speech import TAP_BYTES, Spoken, SpokenButton
from handlers.channel import Relay
from handlers.cleaning import clean, file_name
from handlers.desk.abilities import CAPABILITIES, where
from handlers.fitting import rows, utf16

_CAPTION = 1024
_PLACE = re.compile(r"(-?[0-9]{1,19})(?:/([0-9]{1,19}))?")


@dataclass(frozen=True, slots=True)
class File:
    """A file to be shown as "photo", "voice" or "document"."""

    kind: str
    name: str
    content: bytes


def target(external_id: str) -> tuple[int, int | None]:
    """The chat and the topic of an address. Raises ValueError for what is none."""
    found = _PLACE.fullmatch(where(external_id))
    if found is None:
        reason = "no such place"
        raise ValueError(reason)
    return int(found[1]), int(found[2]) if found[2] else None


def words(message: Spoken) -> str:
    """The text of a message, with those links below it that the platform takes no button for."""
    pages = [f"{button.label}: {button.url}" for button in message.buttons if button.url and not _takes(button.url)]
    text = clean("\n\n".join((message.text.strip(), *pages)).strip())
    if not text and not message.buttons:
        reason = "there is nothing to show"
        raise ValueError(reason)
    return text or "…"


def caption(message: Spoken) -> str | None:
    """The words beside a file."""
    if utf16(message.text) > _CAPTION:
        reason = "the words beside a file are too long"
        raise ValueError(reason)
    return clean(message.text) or None


def file_of(message: Spoken, relay: Relay | None) -> File | None:
    """The file that a message brings; pictures are shown as such."""
    if message.document is not None:
        picture = message.document.media_type.startswith("image/")
        return File("photo" if picture else "document", file_name(message.document.name), message.document.content)
    if message.relay is None:
        return None
    if relay is None:
        reason = "the attachment is not at hand"
        raise ValueError(reason)
    kind = relay.kind if relay.kind in ("photo", "voice") else "document"
    return File(kind, file_name(relay.name), relay.content)


def markup(message: Spoken) -> InlineKeyboardMarkup | None:
    """The buttons below a message."""
    buttons = tuple(button for button in message.buttons if not button.url or _takes(button.url))
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows(buttons, CAPABILITIES)])


def _button(button: SpokenButton) -> InlineKeyboardButton:
    label = clean(button.label).strip() or "•"
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    if not 1 <= len(button.tap.encode("utf-8", "replace")) <= TAP_BYTES:
        reason = "a button's payload does not fit"
        raise ValueError(reason)
    return InlineKeyboardButton(label, callback_data=button.tap)


def _takes(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
