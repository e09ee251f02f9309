"""The lengths and shapes that the Bot API checks beyond its types: texts, keyboards, commands, files."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.markup import parse_text, utf16
from tests.fakes.telegram.schema import bad

TEXT = 4096
CAPTION = 1024
CALLBACK_BYTES = 64
BUTTONS = 100
BUTTONS_IN_ROW = 8
UPLOAD = 50 * 1024 * 1024
PHOTO_UPLOAD = 10 * 1024 * 1024
_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def shown_text(params: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text of a message as it will be shown, 1 to 4,096 units after parsing."""
    text, entities = parse_text(params.get("text", ""), params.get("parse_mode", ""))
    if not text.strip():
        raise bad("message text is empty")
    if utf16(text) > TEXT:
        raise bad("message is too long")
    return text.strip() if not entities else text, entities


def caption(params: dict[str, Any]) -> str:
    """The caption of a file, at most 1,024 units after parsing."""
    text, _ = parse_text(params.get("caption", ""), params.get("parse_mode", ""))
    if utf16(text) > CAPTION:
        raise bad("message caption is too long")
    return text.strip()


def check_markup(markup: dict[str, Any] | None) -> None:
    """Refuses a keyboard that Telegram refuses."""
    if markup is None:
        return
    if "inline_keyboard" in markup:
        rows = markup["inline_keyboard"]
        for row in rows:
            for button in row:
                _check_inline(button)
    elif "keyboard" in markup:
        rows = markup["keyboard"]
        if not any(rows):
            raise bad("object expected as reply markup")
        for row in rows:
            for button in row:
                if not button["text"].strip():
                    raise bad("text of a keyboard button must be non-empty")
        placeholder = markup.get("input_field_placeholder", "")
        if utf16(placeholder) > 64:
            raise bad("input field placeholder is too long")
    else:
        return
    if sum(map(len, rows)) > BUTTONS or any(len(row) > BUTTONS_IN_ROW for row in rows):
        raise bad("reply markup is too long")


def _check_inline(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad("Text buttons are unallowed in the inline keyboard: text must be non-empty")
    given = [action for action in _ACTIONS if action in button]
    if len(given) != 1:
        raise bad("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        check_button_url(button["url"])
    if "copy_text" in button and not 1 <= utf16(button["copy_text"]["text"]) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def check_button_url(url: str) -> None:
    """Refuses what Telegram does not take for a link: `http://localhost` is the well-known case."""
    parts = urlsplit(url)
    if parts.scheme == "tg":
        return
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def check_commands(params: dict[str, Any]) -> None:
    """At most 100 commands, each with a name and a description that Telegram takes."""
    commands = params["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def check_language(params: dict[str, Any]) -> None:
    """A two-letter code or nothing."""
    if not re.fullmatch(r"([a-z]{2})?", params.get("language_code", "")):
        raise bad("invalid language code specified")


_PROFILE = {
    "setMyName": ("name", 64),
    "setMyDescription": ("description", 512),
    "setMyShortDescription": ("short_description", 120),
}


def check_profile(method: str, params: dict[str, Any]) -> None:
    """The name and descriptions of the bot, each within its length."""
    name, most = _PROFILE[method]
    if utf16(params.get(name, "")) > most:
        raise bad(f"{name.upper()}_TOO_LONG")
    check_language(params)


def check_webhook(params: dict[str, Any], plain: bool) -> None:
    """Https only (unless the fake was told that plain http will do), with a secret that fits a header."""
    url = params["url"]
    if url and urlsplit(url).scheme != "https" and not plain:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if "secret_token" in params and not _SECRET.fullmatch(params["secret_token"]):
        raise bad("secret token contains unallowed characters")
    if not 1 <= params.get("max_connections", 40) <= 100:
        raise bad("max_connections must be between 1 and 100")


def check_upload(field: str, content: bytes) -> None:
    """A file that is not empty and not too big."""
    if not content:
        raise bad("file must be non-empty")
    if len(content) > (PHOTO_UPLOAD if field == "photo" else UPLOAD):
        raise bad("file is too big")
