"""From an update, as python-telegram-bot has parsed it, to an arrival at the desk. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from conversations.speech import Attachment, Heard
from handlers.channel import Sender
from handlers.cleaning import clean
from handlers.desk.arriving import CHANNEL, DeskArrival

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What the desk asks the platform for. Anything else that comes all the same is ignored."""
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)")
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_INSIDE = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER, ChatMemberStatus.RESTRICTED)
_LONGEST_LINK = 64


@dataclass(frozen=True, slots=True)
class Read:
    """What an update says: the arrival, the press to be answered, the message that can be answered by a sign."""

    arrival: DeskArrival
    press: str = ""
    message: int = 0


def read(update: Update, bot: User, now: datetime) -> Read:
    """Reads one update. Never raises: what cannot be read is an "ignored" arrival, and holds up nobody.

    `now` (aware, UTC) dates a press, for which the platform gives no time.
    """
    name = f"u{update.update_id}"
    try:
        return _read(name, update, bot, now)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        press = update.callback_query
        return Read(ignored(name, now), press=press.id if press is not None else "")


def _read(name: str, update: Update, bot: User, now: datetime) -> Read:
    if update.message is not None:
        return _message(name, update.message, bot, now)
    if update.callback_query is not None:
        return _press(name, update.callback_query, now)
    if update.my_chat_member is not None:
        return Read(_membership(name, update.my_chat_member, now))
    return Read(ignored(name, now))


def ignored(name: str, now: datetime) -> DeskArrival:
    """Something that the house has no use for."""
    return DeskArrival(CHANNEL, name, Sender(""), now, event="ignored")


# ---------------------------------------------------------------- kinds of update


def _message(name: str, message: Message, bot: User, now: datetime) -> Read:
    chat, nothing = message.chat, Read(ignored(name, now))
    if chat.type not in (*_GROUPS, ChatType.PRIVATE):
        return nothing
    at = min(message.date.astimezone(UTC), now)
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        before = message.migrate_from_chat_id or chat.id
        after = message.migrate_to_chat_id or chat.id
        change = DeskArrival(CHANNEL, name, Sender(""), at, place=str(before), change="moved", moved_to=after)
        return Read(change)
    if message.from_user is None or message.from_user.id == bot.id:
        return nothing
    arrival = DeskArrival(
        CHANNEL,
        name,
        _sender(message.from_user),
        at,
        place=_place(message),
        member=not (message.from_user.is_bot or message.sender_chat is not None),
        answers=_answers(message, bot),
    )
    if message.forum_topic_closed is not None or message.forum_topic_reopened is not None:
        act = "/close" if message.forum_topic_closed is not None else "/reopen"
        return Read(replace(arrival, heard=Heard(text=act)))
    return _said(arrival, message, bot)


def _said(arrival: DeskArrival, message: Message, bot: User) -> Read:
    text = clean(message.text or message.caption or "")
    attachment = _attachment(message)
    if not text and attachment is None:
        return Read(replace(arrival, event="ignored"))
    command = _COMMAND.match(text)
    if command is None:
        return Read(replace(arrival, heard=Heard(text=text, attachment=attachment)), message=message.message_id)
    name, to, rest = command[1], command[2], text[command.end() :].strip()
    if to and to.lower() != (bot.username or "").lower():
        return Read(replace(arrival, event="ignored"))
    if name.lower() == "start" and not arrival.place:
        link = rest.split()[0][:_LONGEST_LINK] if rest else ""
        return Read(replace(arrival, event="opened", link=link), message=message.message_id)
    heard = Heard(text=f"/{name} {rest}".rstrip(), attachment=attachment)
    return Read(replace(arrival, heard=heard), message=message.message_id)


def _press(name: str, press: CallbackQuery, now: datetime) -> Read:
    message = press.message
    if message is None or not press.data or press.from_user.is_bot:
        return Read(ignored(name, now), press=press.id)
    if message.chat.type not in (*_GROUPS, ChatType.PRIVATE):
        return Read(ignored(name, now), press=press.id)
    place = _place(message) if isinstance(message, Message) else _outside(message.chat.type, message.chat.id)
    arrival = DeskArrival(
        CHANNEL,
        name,
        _sender(press.from_user),
        now,
        heard=Heard(tap=clean(press.data)),
        shown_id=str(message.message_id),
        place=place,
        member=True,
    )
    return Read(arrival, press=press.id)


def _membership(name: str, change: ChatMemberUpdated, now: datetime) -> DeskArrival:
    inside = change.new_chat_member.status in _INSIDE
    if change.chat.type == ChatType.PRIVATE:
        event: Literal["returned", "left"] = "returned" if inside else "left"
        return DeskArrival(CHANNEL, name, _sender(change.from_user), now, event=event)
    if change.chat.type not in _GROUPS:
        return ignored(name, now)
    became: Literal["in", "out"] = "in" if inside else "out"
    return DeskArrival(CHANNEL, name, Sender(""), now, place=str(change.chat.id), change=became)


# ---------------------------------------------------------------- parts


def _sender(user: User) -> Sender:
    return Sender(str(user.id), user.language_code or "")


def _outside(kind: str, chat: int) -> str:
    return "" if kind == ChatType.PRIVATE else str(chat)


def _place(message: Message) -> str:
    place = _outside(message.chat.type, message.chat.id)
    # without topics a thread is only a chain of replies
    thread = message.message_thread_id if message.is_topic_message else None
    return f"{place}/{thread}" if place and thread else place


def _answers(message: Message, bot: User) -> bool:
    """Whether it replies to the bot. Everything in a topic replies to the notice that the topic was made."""
    before = message.reply_to_message
    return (
        before is not None
        and before.from_user is not None
        and before.from_user.id == bot.id
        and before.forum_topic_created is None
    )


def _attachment(message: Message) -> Attachment | None:
    """What came that is not text. None for the platform's own notices."""
    if message.photo:
        return _file(message.photo[-1].file_id, message.photo[-1].file_size, "photo", "", "image/jpeg")
    if message.voice is not None:
        voice = message.voice
        return _file(voice.file_id, voice.file_size, "voice", "", voice.mime_type or "audio/ogg")
    for file in (message.document, message.audio, message.animation, message.video):
        if file is not None:
            return _file(file.file_id, file.file_size, "file", file.file_name or "", file.mime_type or "")
    if message.video_note is not None:
        return _file(message.video_note.file_id, message.video_note.file_size, "file", "", "video/mp4")
    other = (message.sticker, message.location, message.contact, message.poll, message.dice, message.story)
    return Attachment("other") if any(one is not None for one in other) else None


def _file(
    ref: str, size: int | None, kind: Literal["photo", "file", "voice"], name: str, media_type: str
) -> Attachment:
    return Attachment(kind, name=clean(name)[:255], media_type=clean(media_type)[:127], size=size or 0, ref=ref)
