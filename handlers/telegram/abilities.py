"""What Telegram can and cannot show, and how fast it may be written to."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from conversations.speech import Spoken, SpokenButton
from handlers.channel import Capabilities, Pace
from handlers.fitting import utf16

CAPABILITIES = Capabilities(
    text_length=4096,
    label_length=64,
    buttons=100,
    buttons_in_row=3,
    edits=True,
    venues=True,
    documents=True,
    asks_phone=True,
    asks_location=True,
    relays=True,
    length=utf16,
)
"""Bot API 10.3: 4,096 UTF-16 units after entity parsing. 100 buttons is undocumented but long observed."""

PACE = Pace(per_second=30, per_chat_second=1, chat_burst=3)
"""Bots FAQ: about 30 messages a second over all chats, one a second in a chat with short bursts."""


def with_pages_written_out(message: Spoken) -> Spoken:
    """The message with those links in the text for which the platform takes no button.

    It refuses a button for `http://localhost` (and the whole message with it), and the keyboard below the
    text field, which a question for the phone number needs, holds no links at all.
    """
    asks = any(button.asks for button in message.buttons)
    out = tuple(button for button in message.buttons if button.url and (asks or not _takes(button.url)))
    if not out:
        return message
    text = "\n\n".join((message.text, *(f"{button.label}: {button.url}" for button in out))).strip()
    return replace(message, text=text, buttons=_without(message.buttons, out))


def _without(buttons: tuple[SpokenButton, ...], out: tuple[SpokenButton, ...]) -> tuple[SpokenButton, ...]:
    return tuple(button for button in buttons if button not in out)


def _takes(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
