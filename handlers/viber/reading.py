"""From a callback of Viber to an arrival in the house's words. Pure, and cheap.

Callbacks are read as plain dictionaries: a field that the platform adds tomorrow, or one that it forgets,
does no harm. Facts: creators.viber.com, bots API, events.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NoReturn

from conversations.speech import Attachment, Heard
from handlers.channel import Arrival, Sender
from handlers.cleaning import clean
from handlers.viber.abilities import CHANNEL

TAP_PREFIX = "putokaz:"
"""Stands before a button's payload: a press arrives as a message, and nobody types this."""
EVENTS = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
"""What the channel asks the platform for; `message` always comes."""
_ADDRESS = re.compile(r"[A-Za-z0-9+/=_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}")
_LARGEST_TOKEN = 2**63
_LONGEST_LINK = 200
_LONGEST_REASON = 200
_LONGEST_REF = 2048
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_PAGE = re.compile(r"(https?|viber)://\S+")


@dataclass(frozen=True, slots=True)
class Read:
    """What a callback says: the arrival, and the version of the person's client (None where it is not told)."""

    arrival: Arrival
    version: int | None = None


class _NotForUs(Exception):
    """Nothing in it for the house, or not in a shape that the platform sends."""


def parse(body: bytes) -> dict[str, Any] | None:
    """The callback as it stands in the body; None for anything that is no JSON object."""
    try:
        callback = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return callback if isinstance(callback, dict) else None


def _no_number(name: str) -> NoReturn:
    reason = f"{name} is no number of JSON"
    raise ValueError(reason)


def is_address(external_id: str) -> bool:
    """True for something that can be a person's id: letters of base64."""
    return _ADDRESS.fullmatch(external_id) is not None


def is_page(text: str) -> bool:
    """True for an address of a page and nothing else."""
    return _PAGE.fullmatch(text) is not None


def read(callback: Mapping[str, Any], now: datetime) -> Read:
    """Reads one callback. Never raises: what cannot be read is an "ignored" arrival.

    `now` (aware, UTC) stands in for a time that is missing or lies ahead.
    """
    event = callback.get("event")
    try:
        if event == "message":
            return _message(callback, now)
        if event == "conversation_started":
            user = callback["user"]
            link = callback.get("context")
            link = clean(link)[:_LONGEST_LINK] if isinstance(link, str) else ""
            opened = _arrival(callback, event, _sender(user), now, "opened", link=link, inline=True)
            return Read(opened, _version(user))
        if event == "subscribed":
            user = callback["user"] if "user" in callback else {"id": callback["user_id"]}
            return Read(_arrival(callback, event, _sender(user), now, "returned"), _version(user))
        if event == "unsubscribed":
            return Read(_arrival(callback, event, _sender({"id": callback["user_id"]}), now, "left"))
        if event in ("delivered", "seen", "failed"):
            return _receipt(callback, event, now)
    except (_NotForUs, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return Read(_ignored(now))
    return Read(_ignored(now))


# ---------------------------------------------------------------- kinds of callback


def _message(callback: Mapping[str, Any], now: datetime) -> Read:
    if callback.get("chat_id") or callback.get("reply_type"):
        # from a group or another chat: an answer would go somewhere else
        raise _NotForUs
    person, message = callback["sender"], callback["message"]
    sender, silent = _sender(person), callback.get("silent") is True
    heard = _heard(message, silent=silent)
    token = _token(callback)
    # by whom and what as well: should a token ever come twice for different words, none of them is dropped
    name = f"{token}.{_named({'of': sender.external_id, 'said': _lasting(message)})}" if token else _named(callback)
    return Read(Arrival(CHANNEL, name, sender, _time(callback, now), heard=heard), _version(person))


def _receipt(callback: Mapping[str, Any], event: Literal["delivered", "seen", "failed"], now: datetime) -> Read:
    token = _token(callback)
    if not token:
        raise _NotForUs
    reason = callback.get("desc")
    # what stands in quotation marks may be a person's own words
    reason = re.split(r"[\"'«“]", clean(reason))[0].strip() if isinstance(reason, str) and event == "failed" else ""
    sender = _sender({"id": callback["user_id"]})
    return Read(_arrival(callback, event, sender, now, event, shown_id=token, reason=reason[:_LONGEST_REASON]))


def _arrival(
    callback: Mapping[str, Any],
    event: str,
    sender: Sender,
    now: datetime,
    kind: Literal["opened", "left", "returned", "delivered", "seen", "failed"],
    **more: Any,
) -> Arrival:
    name = f"{event}.{_token(callback) or _named(callback)}.{sender.external_id}"
    return Arrival(CHANNEL, name, sender, _time(callback, now), event=kind, **more)


def _ignored(now: datetime) -> Arrival:
    return Arrival(CHANNEL, "", Sender(""), now, event="ignored")


# ---------------------------------------------------------------- what was said


def _heard(message: Mapping[str, Any], *, silent: bool) -> Heard:
    kind = message.get("type")
    text = message.get("text")
    text = clean(text) if isinstance(text, str) else ""
    if kind == "text" or (kind is None and text):
        return _words(text, silent=silent)
    if kind == "url":
        page = message["media"]
        return _words(clean(page) if isinstance(page, str) else "", silent=False)
    attachment = _attachment(kind, message)
    return Heard(text="" if text.startswith(TAP_PREFIX) else text, attachment=attachment)


def _words(text: str, *, silent: bool) -> Heard:
    if text.startswith(TAP_PREFIX):
        return Heard(tap=text.removeprefix(TAP_PREFIX))
    if not text.strip() or (silent and is_page(text)):
        # a button that opens a page sends the page's address as well: nobody said that
        raise _NotForUs
    return Heard(text=text)


def _attachment(kind: object, message: Mapping[str, Any]) -> Attachment:
    if kind == "location":
        place = message["location"]
        latitude, longitude = _degrees(place["lat"], 90), _degrees(place["lon"], 180)
        return Attachment("location", latitude=latitude, longitude=longitude)
    if kind == "contact":
        phone = message["contact"]["phone_number"]
        if not isinstance(phone, str):
            raise _NotForUs
        # nothing proves that a number is the sender's own: any contact can be handed on
        phone = clean(phone)[:40]
        return Attachment("contact", phone=f"+{phone}" if phone.isdigit() and len(phone) > 9 else phone)
    if kind == "picture":
        return _file("photo", "image/jpeg", message)
    if kind in ("video", "file", "audio"):
        return _file("file", "video/mp4" if kind == "video" else "", message)
    return Attachment("other")


def _file(kind: Literal["photo", "file"], media_type: str, message: Mapping[str, Any]) -> Attachment:
    ref, name, size = message["media"], message.get("file_name"), message.get("size", message.get("file_size"))
    if not isinstance(ref, str) or not 0 < len(ref) <= _LONGEST_REF:
        raise _NotForUs
    return Attachment(
        kind,
        name=clean(name)[:255] if isinstance(name, str) else "",
        media_type=media_type,
        size=size if type(size) is int and 0 < size < _LARGEST_TOKEN else 0,
        ref=clean(ref),
    )


def _degrees(value: object, most: int) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)  # as the platform's own examples of a location have it
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > most:
        raise _NotForUs
    return float(value)


# ---------------------------------------------------------------- who and when


def _sender(person: Mapping[str, Any]) -> Sender:
    external_id, language = person["id"], person.get("language")
    if not isinstance(external_id, str) or not is_address(external_id):
        raise _NotForUs
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        language = ""
    return Sender(external_id, language.replace("_", "-"))


def _version(person: Mapping[str, Any]) -> int | None:
    version = person.get("api_version")
    if isinstance(version, str) and re.fullmatch("[0-9]{1,3}", version):
        version = int(version)
    return version if type(version) is int and 0 < version < 1000 else None


def _token(callback: Mapping[str, Any]) -> str:
    """The message_token, exactly: up to 19 digits, which a float would round. Empty where there is none."""
    token = callback.get("message_token")
    if isinstance(token, str) and token.isascii() and token.isdigit() and len(token) <= 19:
        return token
    return str(token) if type(token) is int and 0 < token < _LARGEST_TOKEN else ""


def _lasting(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message without the addresses of its files, which are made anew for each try."""
    return {key: value for key, value in message.items() if key not in ("media", "thumbnail")}


def _named(callback: Mapping[str, Any]) -> str:
    """A name for a callback without a token, the same when it comes again."""
    return hashlib.sha256(json.dumps(callback, sort_keys=True).encode()).hexdigest()[:20]


def _time(callback: Mapping[str, Any], now: datetime) -> datetime:
    """The platform's time (milliseconds); a missing one, or one from the future, is now."""
    stamp = callback.get("timestamp")
    if type(stamp) is not int or not 0 < stamp < now.timestamp() * 1000:
        return now
    return datetime.fromtimestamp(stamp / 1000, UTC)
