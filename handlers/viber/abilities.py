"""What Viber can and cannot show, how fast it may be written to, and how it counts."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

from conversations.speech import Spoken
from handlers.channel import Capabilities, Pace

CHANNEL = "viber"
MOST_BYTES = 30_000
"""Bytes of the JSON of one message (creators.viber.com, data models, message)."""
SENDER_NAME = 28
"""Characters of the name that stands above each message."""
MANY = 300
"""Receivers of one broadcast_message (creators.viber.com, messaging, broadcast-message)."""
ROWS = 12
"""Rows of a keyboard that are seen in portrait (developers.viber.com, FAQ)."""
BUTTON_TEXT = 250
"""Characters of a button's text, markup included (developers.viber.com, keyboards, buttons parameters)."""
ASKING_API = 3
"""The client version from which buttons can ask for the phone number or the place."""
SILENT_API = 6
"""The client version that a message must ask for: else the client ignores `Silent`, and what a press sends stands in
the chat as the person's own message (decision 0042)."""
CARDS_API = 7
"""The client version from which carousels look as they should."""
OLDEST_API = 1


def units(text: str) -> int:
    """The length of a text: characters, or so much more as its bytes would burst the limit of 30 kB.

    7,000 units are at most 17,500 bytes of JSON, which leaves room for a full keyboard; 7,000 Cyrillic
    letters are still 7,000 units.
    """
    if text.isascii() and text.isprintable():
        return len(text)
    size = len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")) - 2
    return max(len(text), (2 * size + 4) // 5)


CAPABILITIES = Capabilities(
    text_length=7000,
    label_length=80,
    buttons=24,
    buttons_in_row=6,
    cards=6,
    cards_alone=True,
    venues=True,
    bare_pins=True,
    documents=True,
    asks_phone=True,
    asks_location=True,
    relays=True,
    many=MANY,
    length=units,
)
"""Text and sender as documented. A message cannot be edited: `replaces` simply shows a new one. 24 buttons
stand in twelve rows of two; more than twelve rows become a list (see `layout`)."""

PACE = Pace(per_second=40, per_chat_second=2, chat_burst=8)
"""The platform states 50 calls a second for broadcasts, and nothing for single messages but the hourly rule."""


def capabilities_of(version: int | None) -> Capabilities:
    """What a client of this version can show; of an unknown one, what nearly every client can.

    A carousel is sent only to a client that is known to show it: to all others cards are numbered text.
    """
    if version is not None and version >= CARDS_API:
        return CAPABILITIES
    asks = version is None or version >= ASKING_API
    return replace(CAPABILITIES, cards=0, asks_phone=asks, asks_location=asks)


def with_pages_written_out(message: Spoken) -> Spoken:
    """The message with those links in the text that no button of Viber opens: `tel:`, `mailto:`, overlong ones."""
    out = tuple(button for button in message.buttons if button.url and not opens(button.url))
    if not out:
        return message
    text = "\n\n".join((message.text, *(f"{button.label}: {button.url}" for button in out))).strip()
    return replace(message, text=text, buttons=tuple(b for b in message.buttons if b not in out))


def opens(url: str) -> bool:
    """True for an address that a button can open."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "viber") and bool(parts.netloc) and len(url) <= 2000


FORBIDDEN_FILES = frozenset(
    ("action", "apk", "app", "bat", "bin", "cab", "cmd", "com", "command", "cpl", "csh", "ex_", "exe", "gadget", "inf1",
     "ins", "inx", "ipa", "isu", "job", "jse", "ksh", "lnk", "msc", "msi", "msp", "mst", "osx", "out", "paf", "pif",
     "prg", "ps1", "reg", "rgs", "run", "sct", "shb", "shs", "u3p", "vb", "vbe", "vbs", "vbscript", "workflow",
     "ws", "wsf")
)  # fmt: skip
"""Endings of files that the platform does not carry (decision 0042 says against what the list was checked)."""
