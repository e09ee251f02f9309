"""From a spoken message to the one call of the Bot API that shows it."""

from __future__ import annotations

import html
from typing import Any

from aiogram.methods import EditMessageText, SendDocument, SendMessage, SendPhoto, SendVenue, SendVoice, TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from conversations.speech import TAP_BYTES, Spoken, SpokenButton
from handlers.channel import Relay
from handlers.cleaning import clean, file_name
from handlers.fitting import rows, utf16
from handlers.telegram.abilities import CAPABILITIES

_CAPTION = 1024
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


def new_message(chat: int, message: Spoken, relay: Relay | None, *, clear: bool = False) -> TelegramMethod[Any]:
    """The call that shows one fitted part. `clear` takes away a keyboard that an earlier question left.

    Raises ValueError, naming the reason, for a message that the platform cannot show at all.
    """
    markup = _markup(message)
    if markup is None and clear:
        markup = ReplyKeyboardRemove(remove_keyboard=True)
    if message.venue is not None:
        venue = message.venue
        # the platform refuses a pin without words
        name, address = venue.name.strip(), venue.address.strip()
        return SendVenue(
            chat_id=chat,
            latitude=venue.latitude,
            longitude=venue.longitude,
            title=clean(name or address or "•"),
            address=clean(address or name or "•"),
            reply_markup=markup,
        )
    if message.document is not None:
        document = message.document
        file = BufferedInputFile(document.content, file_name(document.name))
        return SendDocument(
            chat_id=chat, document=file, caption=_caption(message), parse_mode="HTML", reply_markup=markup
        )
    if message.relay is not None:
        return _relayed(chat, message, relay, markup)
    text = _html(message)
    return SendMessage(
        chat_id=chat, text=text, parse_mode="HTML", reply_markup=markup, link_preview_options=_NO_PREVIEW
    )


def changed_message(chat: int, shown: int, message: Spoken) -> TelegramMethod[Any]:
    """The call that shows a text in place of an earlier one."""
    markup = _markup(message)
    return EditMessageText(
        chat_id=chat,
        message_id=shown,
        text=_html(message),
        parse_mode="HTML",
        reply_markup=markup if isinstance(markup, InlineKeyboardMarkup) else None,
        link_preview_options=_NO_PREVIEW,
    )


def _relayed(chat: int, message: Spoken, relay: Relay | None, markup: Markup) -> TelegramMethod[Any]:
    if relay is None:
        reason = "the attachment is not at hand"
        raise ValueError(reason)
    file = BufferedInputFile(relay.content, file_name(relay.name))
    caption = _caption(message)
    if relay.kind == "photo":
        return SendPhoto(chat_id=chat, photo=file, caption=caption, parse_mode="HTML", reply_markup=markup)
    if relay.kind == "voice":
        return SendVoice(chat_id=chat, voice=file, caption=caption, parse_mode="HTML", reply_markup=markup)
    return SendDocument(chat_id=chat, document=file, caption=caption, parse_mode="HTML", reply_markup=markup)


def _caption(message: Spoken) -> str | None:
    if utf16(message.text) > _CAPTION:
        reason = "the words beside a file are too long"
        raise ValueError(reason)
    return html.escape(clean(message.text), quote=False) or None


def _html(message: Spoken) -> str:
    text = message.text.strip()
    if not text and not message.buttons:
        reason = "there is nothing to show"
        raise ValueError(reason)
    # the platform refuses buttons without a text
    return html.escape(clean(text or "…"), quote=False)


def _markup(message: Spoken) -> Markup:
    if not message.buttons:
        return None
    laid = rows(message.buttons, CAPABILITIES)
    if any(button.asks for button in message.buttons):
        # sharing from the phone works only from the keyboard below the text field
        keyboard = [[_key(button) for button in row] for row in laid]
        return ReplyKeyboardMarkup(keyboard=keyboard, resize_keyboard=True, one_time_keyboard=True)
    return InlineKeyboardMarkup(inline_keyboard=[[_inline(button) for button in row] for row in laid])


def _inline(button: SpokenButton) -> InlineKeyboardButton:
    label = clean(button.label).strip() or "•"
    if button.url:
        return InlineKeyboardButton(text=label, url=button.url)
    if not 1 <= len(button.tap.encode("utf-8", "replace")) <= TAP_BYTES:
        reason = "a button's payload does not fit"
        raise ValueError(reason)
    return InlineKeyboardButton(text=label, callback_data=button.tap)


def _key(button: SpokenButton) -> KeyboardButton:
    label = clean(button.label).strip() or "•"
    return KeyboardButton(
        text=label,
        request_contact=True if button.asks == "phone" else None,
        request_location=True if button.asks == "location" else None,
    )
