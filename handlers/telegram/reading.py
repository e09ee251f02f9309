"""From an update of the Bot API, as parsed JSON, to an arrival in the house's words. Pure, and cheap.

Updates are read as plain dictionaries: a field that the platform adds tomorrow, or one that it forgets,
cannot stop a batch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from conversations.speech import Attachment, Heard
from handlers.channel import Arrival, Sender
from handlers.cleaning import clean

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What the channel asks the platform for. Anything else that comes all the same is ignored."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?=\s|$)")
_LONGEST_LINK = 64
_LARGEST_ID = 2**52
_FILES: tuple[tuple[str, Literal["file", "voice"], str], ...] = (
    ("voice", "voice", "audio/ogg"),
    ("audio", "file", "audio/mpeg"),
    ("animation", "file", "video/mp4"),
    ("video", "file", "video/mp4"),
    ("video_note", "file", "video/mp4"),
    ("document", "file", ""),
)
_HEAD = frozenset(
    ("message_id", "date", "chat", "from", "sender_chat", "edit_date", "via_bot", "message_thread_id",
     "has_protected_content", "is_from_offline", "author_signature", "reply_markup", "is_topic_message",
     "reply_to_message", "forward_origin", "external_reply", "quote", "sender_boost_count", "sender_tag")
)  # fmt: skip
_SERVICE = frozenset(
    ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
     "proximity_alert_triggered", "boost_added", "connected_website", "new_chat_title", "new_chat_photo",
     "delete_chat_photo", "successful_payment", "refunded_payment", "gift", "unique_gift", "users_shared",
     "chat_shared", "web_app_data", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
     "forum_topic_reopened", "video_chat_started", "video_chat_ended", "video_chat_scheduled",
     "video_chat_participants_invited", "giveaway_created", "giveaway_completed", "passport_data",
     "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
     "migrate_from_chat_id", "new_chat_members", "left_chat_member")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """What an update says: the arrival, the press to be answered, the group to be left."""

    arrival: Arrival
    press: str = ""
    leave: int | None = None


class _NotForUs(Exception):
    """Nothing in it for the house: not a private chat, not a person, not an event that matters."""


def read(update: Mapping[str, Any], now: datetime) -> Read:
    """Reads one update. Never raises: what cannot be read is an "ignored" arrival.

    `now` (aware, UTC) dates a tap, for which the platform gives no time.
    """
    message_id = f"u{update.get('update_id')}"
    try:
        if "message" in update:
            return _message(message_id, update["message"], now)
        if "callback_query" in update:
            return _press(message_id, update["callback_query"], now)
        if "my_chat_member" in update:
            return _membership(message_id, update["my_chat_member"], now)
    except (_NotForUs, LookupError, TypeError, ValueError, AttributeError, OverflowError):
        press = update.get("callback_query")
        answer = press.get("id") if isinstance(press, dict) else None
        return Read(_ignored(message_id, now), press=answer if isinstance(answer, str) else "")
    return Read(_ignored(message_id, now))


# ---------------------------------------------------------------- kinds of update


def _message(message_id: str, message: dict[str, Any], now: datetime) -> Read:
    sender = _sender(message["from"], message["chat"])
    at = _time(message.get("date"), now)
    text = clean(message["text"]) if isinstance(message.get("text"), str) else ""
    if text:
        return Read(_words(message_id, sender, at, text))
    attachment = _attachment(message)
    if attachment is None:
        raise _NotForUs
    caption = message.get("caption")
    heard = Heard(text=clean(caption) if isinstance(caption, str) else "", attachment=attachment)
    return Read(Arrival(CHANNEL, message_id, sender, at, heard=heard))


def _words(message_id: str, sender: Sender, at: datetime, text: str) -> Arrival:
    command = _COMMAND.match(text)
    if command is None:
        return Arrival(CHANNEL, message_id, sender, at, heard=Heard(text=text))
    name, rest = command.group(1).lower(), text[command.end() :].strip()
    if name == "start":
        link = rest.split()[0][:_LONGEST_LINK] if rest else ""
        return Arrival(CHANNEL, message_id, sender, at, event="opened", link=link)
    return Arrival(CHANNEL, message_id, sender, at, heard=Heard(text=f"/{name} {rest}".rstrip()))


def _press(message_id: str, press: dict[str, Any], now: datetime) -> Read:
    message = press["message"]
    sender = _sender(press["from"], message["chat"])
    answer = str(press["id"])
    heard = Heard(tap=clean(press["data"]))
    shown = str(int(message["message_id"]))
    return Read(Arrival(CHANNEL, message_id, sender, now, heard=heard, shown_id=shown), press=answer)


def _membership(message_id: str, change: dict[str, Any], now: datetime) -> Read:
    chat, status = change["chat"], change["new_chat_member"]["status"]
    if chat["type"] != "private":
        inside = status in ("member", "administrator", "restricted")
        return Read(_ignored(message_id, now), leave=int(chat["id"]) if inside else None)
    event: dict[str, Literal["left", "returned"]] = {"kicked": "left", "left": "left", "member": "returned"}
    if status not in event:
        raise _NotForUs
    at = _time(change.get("date"), now)
    return Read(Arrival(CHANNEL, message_id, _sender(change["from"], chat), at, event=event[status]))


# ---------------------------------------------------------------- parts


def _sender(person: dict[str, Any], chat: dict[str, Any]) -> Sender:
    if chat["type"] != "private" or person.get("is_bot"):
        raise _NotForUs
    language = person.get("language_code")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        language = ""
    chat_id = int(chat["id"])
    if not 0 < chat_id < _LARGEST_ID:
        raise _NotForUs
    return Sender(str(chat_id), language)


def _time(seconds: object, now: datetime) -> datetime:
    """The platform's time; a missing one, or one from the future, is now."""
    if not isinstance(seconds, int) or seconds <= 0:
        return now
    return min(datetime.fromtimestamp(seconds, UTC), now)


def _ignored(message_id: str, now: datetime) -> Arrival:
    return Arrival(CHANNEL, message_id, Sender(""), now, event="ignored")


def _attachment(message: dict[str, Any]) -> Attachment | None:
    """What came that is not text. None for the platform's own notices."""
    if message.get("photo"):
        # the platform lists the sizes from small to large
        return _file(message["photo"][-1], "photo", "image/jpeg")
    for field, kind, media_type in _FILES:
        if field in message:
            return _file(message[field], kind, media_type)
    if "location" in message:
        place = message["location"]
        return Attachment("location", latitude=float(place["latitude"]), longitude=float(place["longitude"]))
    if "contact" in message:
        contact = message["contact"]
        # anybody's contact can be handed on: only a matching user id proves that it is the sender's own
        own = "user_id" in contact and contact["user_id"] == message["from"]["id"]
        phone = clean(contact["phone_number"])
        return Attachment("contact", phone=f"+{phone}" if own and phone.isdigit() else phone, own=own)
    content = message.keys() - _HEAD
    return Attachment("other") if content and not content & _SERVICE else None


def _file(file: dict[str, Any], kind: Literal["photo", "file", "voice"], media_type: str) -> Attachment:
    size = file.get("file_size", 0)
    return Attachment(
        kind,
        name=clean(str(file.get("file_name", "")))[:255],
        media_type=clean(str(file.get("mime_type", media_type)))[:127],
        size=size if isinstance(size, int) else 0,
        ref=str(file["file_id"]),
    )
