"""What Viber refuses in a message: required fields, lengths, keyboards. Facts as in creators.viber.com, data models."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.faults import Fault
from tests.fakes.viber.state import plain

MOST_BYTES = 30_000
NAMES = (
    "ok", "invalidUrl", "invalidAuthToken", "badData", "missingData", "receiverNotRegistered", "receiverNotSubscribed",
    "publicAccountBlocked", "publicAccountNotFound", "publicAccountSuspended", "webhookNotSet",
    "receiverNoSuitableDevice", "tooManyRequests", "apiVersionNotSupported", "incompatibleWithVersion",
    "publicAccountNotAuthorized", "inchatReplyMessageNotAllowed", "publicAccountIsNotInline", "noPublicChat",
    "cannotSendBroadcast", "broadcastNotAllowed", "unsupportedCountry", "paymentUnsupported", "freeMessagesExceeded",
    "noBalance",
)  # fmt: skip
_ACTIONS = ("reply", "open-url", "location-picker", "share-phone", "none", "open-map")
_BUTTON_FIELDS = frozenset(
    ("Columns", "Rows", "BgColor", "Silent", "BgMediaType", "BgMedia", "BgLoop", "ActionType", "ActionBody", "Image",
     "Text", "TextVAlign", "TextHAlign", "TextPaddings", "TextOpacity", "TextSize", "OpenURLType", "OpenURLMediaType",
     "Frame", "Map", "InternalBrowser", "MediaPlayer", "TextShouldFit", "TextBgGradientColor", "ImageScaleType",
     "BgMediaScaleType")
)  # fmt: skip
_MESSAGE_FIELDS = frozenset(
    ("auth_token", "receiver", "broadcast_list", "type", "sender", "tracking_data", "min_api_version", "keyboard",
     "text", "media", "thumbnail", "size", "duration", "file_name", "contact", "location", "sticker_id", "rich_media",
     "alt_text", "chat_id")
)  # fmt: skip
_TYPES = ("text", "picture", "video", "file", "location", "contact", "sticker", "url", "rich_media")
_FORBIDDEN = frozenset(
    ("action", "apk", "app", "bat", "bin", "cmd", "com", "command", "cpl", "csh", "exe", "gadget", "inf1", "ins",
     "inx", "ipa", "isu", "job", "jse", "ksh", "lnk", "msc", "msi", "msp", "mst", "osx", "out", "paf", "pif", "prg",
     "ps1", "reg", "rgs", "run", "sct", "shb", "shs", "u3p", "vb", "vbe", "vbs", "vbscript", "workflow", "ws", "wsf")
)  # fmt: skip
"""As viber-botapi 1.0.1 lists them from Viber's own page (utils/constants.py)."""
_TAG = re.compile(r"<(/?)([a-z]+)([^>]*)>")


class Refused(Exception):
    """A call that Viber does not carry out."""

    def __init__(self, code: int, words: str = "") -> None:
        super().__init__(words)
        self.code = code
        self.words = words or (NAMES[code] if code < len(NAMES) else "general error")


def status(code: int, words: str = "") -> Fault:
    """The fault "answers with this status", which Viber sends as HTTP 200."""
    body = {"status": code, "status_message": words or Refused(code).words}
    return Fault(status=200, body=json.dumps(body))


def check_message(message: dict[str, Any], size: int) -> None:
    """Refuses what the platform refuses at once, whoever is to get it."""
    if size > MOST_BYTES:
        raise Refused(3, "message is too long")
    unknown = message.keys() - _MESSAGE_FIELDS
    if unknown:
        raise Refused(3, f"unknown parameter {sorted(unknown)[0]} (said by the fake only)")
    kind = _required(message, "type", str)
    if kind not in _TYPES:
        raise Refused(3, "type is not valid")
    sender = _required(message, "sender", dict)
    if not 1 <= len(_required(sender, "name", str)) <= 28:
        raise Refused(3, "sender.name must be 1 to 28 characters")
    if not isinstance(message.get("min_api_version", 1), int) or message.get("min_api_version", 1) < 1:
        raise Refused(3, "min_api_version is not valid")
    if len(message.get("tracking_data", "")) > 4096:
        raise Refused(3, "tracking_data is too long")
    _CONTENT[kind](message)
    if "keyboard" in message:
        check_keyboard(message["keyboard"], "keyboard", message.get("min_api_version", 1))


def check_keyboard(keyboard: Any, kind: str, version: int) -> None:
    """What is wrong with a keyboard or a carousel at once; see `client_trouble` for what only the phone finds."""
    if not isinstance(keyboard, dict) or keyboard.get("Type") != kind:
        raise Refused(3, f"{kind} is not valid: [object has missing required properties ([Type])]")
    buttons = keyboard.get("Buttons")
    if not isinstance(buttons, list) or not buttons:
        raise Refused(3, f"{kind} is not valid: [object has missing required properties ([Buttons])]")
    for button in buttons:
        if not isinstance(button, dict) or button.keys() - _BUTTON_FIELDS:
            raise Refused(3, "a button has unknown properties (said by the fake only)")
        if button.get("ActionType", "reply") not in _ACTIONS:
            raise Refused(3, "ActionType is not valid")
        if not isinstance(button.get("ActionBody"), str) or not button["ActionBody"]:
            raise Refused(3, "object has missing required properties ([ActionBody])")
        if not any(button.get(field) for field in ("Text", "Image", "BgMedia", "BgColor")):
            raise Refused(3, "a button needs something to show")
        if button.get("ActionType") == "open-url" and not urlsplit(button["ActionBody"]).scheme:
            raise Refused(3, "ActionBody is not a valid url")
        if button.get("ActionType") in ("share-phone", "location-picker") and version < 3:
            raise Refused(14)


def client_trouble(message: dict[str, Any]) -> str:
    """What a phone does not show although the platform took it: this comes later, as a `failed` callback."""
    if "keyboard" in message:
        trouble = _grid_trouble(message["keyboard"]["Buttons"], 2, 12)
        if trouble:
            return f"keyboard is not valid: {trouble}"
    if message["type"] == "rich_media":
        media = message["rich_media"]
        trouble = _grid_trouble(media["Buttons"], media.get("ButtonsGroupRows", 7), None)
        if trouble:
            return f"rich_media is not valid: {trouble}"
        return _cards_trouble(media)
    return ""


def _grid_trouble(buttons: list[dict[str, Any]], most_rows: int, most_in_all: int | None) -> str:
    used = total = high = 0
    for button in buttons:
        columns, rows = int(button.get("Columns", 6)), int(button.get("Rows", 1))
        if not 1 <= columns <= 6 or not 1 <= rows <= most_rows:
            return "Columns or Rows out of range"
        text = button.get("Text", "")
        if len(text) > 250 or not _balanced(text):
            return "Text is too long or not well-formed"
        if not plain(text).strip():
            return "Text is empty"
        if used and used + columns > 6:
            return "a row is not full"
        if used and rows != high:
            return "buttons of one row differ in height"
        high = rows
        used = (used + columns) % 6
        total += rows if used == 0 else 0
    if used:
        return "a row is not full"
    return "more than 12 rows" if most_in_all is not None and total > most_in_all else ""


def _cards_trouble(media: dict[str, Any]) -> str:
    """The buttons of a carousel fill blocks: each block is one card."""
    rows = media.get("ButtonsGroupRows", 7)
    filled = 0
    for button in media["Buttons"]:
        if button.get("Columns", 6) != 6:
            return "the fake lays out cards of full rows only"
        filled += button.get("Rows", 1)
        if filled > rows:
            return "a button crosses two cards"
        filled %= rows
    return "the last card is not full" if filled else ""


def _balanced(text: str) -> bool:
    """True for the little HTML that buttons read: b, i, u, br, font."""
    opened: list[str] = []
    for match in _TAG.finditer(text):
        closing, name, _ = match.groups()
        if name == "br":
            continue
        if name not in ("b", "i", "u", "font"):
            return False
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    rest = _TAG.sub("", text)
    return not opened and "<" not in rest and re.search(r"&(?!(amp|lt|gt|quot|#\d+|#x[0-9a-f]+);)", rest) is None


# ---------------------------------------------------------------- content by type


def _required(where: dict[str, Any], field: str, kind: type) -> Any:
    if field not in where or where[field] in ("", None):
        raise Refused(4, f"{field} is missing")
    if not isinstance(where[field], kind) or isinstance(where[field], bool):
        raise Refused(3, f"{field} is not valid")
    return where[field]


def _text(message: dict[str, Any]) -> None:
    if len(_required(message, "text", str)) > 7000:
        raise Refused(3, "text is too long")


def _url(message: dict[str, Any]) -> str:
    url = _required(message, "media", str)
    if urlsplit(url).scheme not in ("http", "https") or len(url) > 2000:
        raise Refused(3, "media is not a valid url")
    return str(url)


def _picture(message: dict[str, Any]) -> None:
    if PurePosixPath(urlsplit(_url(message)).path).suffix.lower() not in (".jpg", ".jpeg", ".png", ".gif"):
        raise Refused(3, "media is not a picture")
    if len(message.get("text", "")) > 512:
        raise Refused(3, "text is too long")


def _sized(message: dict[str, Any], most: int) -> None:
    _url(message)
    if not 0 < _required(message, "size", int) <= most:
        raise Refused(3, "size is not valid")


def _file(message: dict[str, Any]) -> None:
    _sized(message, 50 * 1024 * 1024)
    name = PurePosixPath(_required(message, "file_name", str))
    if len(str(name)) > 256 or not name.suffix or name.suffix[1:].lower() in _FORBIDDEN:
        raise Refused(3, "file_name is not valid")


def _location(message: dict[str, Any]) -> None:
    place = _required(message, "location", dict)
    for field, most in (("lat", 90), ("lon", 180)):
        if not isinstance(place.get(field), int | float) or abs(place[field]) > most:
            raise Refused(3, "location is not valid")


def _contact(message: dict[str, Any]) -> None:
    contact = _required(message, "contact", dict)
    if len(_required(contact, "name", str)) > 28 or len(_required(contact, "phone_number", str)) > 18:
        raise Refused(3, "contact is not valid")


def _rich_media(message: dict[str, Any]) -> None:
    if message.get("min_api_version", 1) < 2:
        raise Refused(14)
    if len(message.get("alt_text", "")) > 7000:
        raise Refused(3, "alt_text is too long")
    media = _required(message, "rich_media", dict)
    check_keyboard(media, "rich_media", message.get("min_api_version", 1))
    if any(button.get("ActionType") in ("share-phone", "location-picker") for button in media["Buttons"]):
        raise Refused(3, "ActionType is not supported in rich media")
    if not 1 <= media.get("ButtonsGroupColumns", 6) <= 6 or not 1 <= media.get("ButtonsGroupRows", 7) <= 7:
        raise Refused(3, "rich_media is not valid")


_CONTENT: dict[str, Any] = {
    "text": _text,
    "picture": _picture,
    "video": lambda message: _sized(message, 26 * 1024 * 1024),
    "file": _file,
    "location": _location,
    "contact": _contact,
    "sticker": lambda message: _required(message, "sticker_id", int),
    "url": _url,
    "rich_media": _rich_media,
}
