"""The line to the Bot API: every call of the channel goes through here, and fails as SendFailed only."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMyCommands,
    DeleteWebhook,
    GetFile,
    GetMe,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    GetUpdates,
    GetWebhookInfo,
    LeaveChat,
    Response,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, InputFile, LinkPreviewOptions
from aiogram.utils.token import TokenValidationError
from aiohttp import BytesPayload, ClientError

from conversations.speech import Spoken
from handlers.channel import Relay, SendFailed
from handlers.telegram import errors, writing
from handlers.telegram.reading import ALLOWED_UPDATES

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes of a file that the Bot API hands out."""
_CALL_SECONDS = 30.0
_ANSWER = Response[Any]
_ANSWERED = {"ok", "result"}


@lru_cache(maxsize=8)
def _preview(options: LinkPreviewOptions) -> str:
    """As JSON: nearly every message has the same."""
    return json.dumps({name: getattr(options, name) for name in options.model_fields_set})


class PlainSession(AiohttpSession):
    """aiogram's session, handing over results as plain JSON.

    Parsing a whole Message costs more than sending it, and a field that aiogram does not know must neither
    make a shown message look unsent nor stop a batch of updates.
    """

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """The fields of a call that were set: the bot has no defaults for the others.

        Without a file they are put together here: aiogram's and aiohttp's own way costs three times as much.
        """
        files: dict[str, InputFile] = {}
        fields: list[str] = []
        for name in method.model_fields_set:
            value = getattr(method, name)
            preview = isinstance(value, LinkPreviewOptions)
            ready = _preview(value) if preview else self.prepare_value(value, bot=bot, files=files)
            if ready:
                fields.append(f"{name}={quote_plus(ready)}")
        if files:
            return super().build_form_data(bot, method)
        return BytesPayload("&".join(fields).encode("ascii"), content_type="application/x-www-form-urlencoded")

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Response[Any]:
        """The result, unparsed; errors as aiogram raises them."""
        try:
            answer = self.json_loads(content)
        except (ValueError, RecursionError) as error:
            message = "unreadable answer"
            raise ClientDecodeError(message, error, "") from None
        if 200 <= status_code < 300 and isinstance(answer, dict) and answer.get("ok") is True:
            return _ANSWER.model_construct(_ANSWERED, ok=True, result=answer.get("result"))
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        """Closes the connections, without the base's fixed pause: the connector waits for them itself."""
        if self._session is not None and not self._session.closed:
            await self._session.close()


class Line:
    """One token on one Bot API server."""

    def __init__(self, token: str, api_url: str) -> None:
        """Raises ValueError (without the token in it) for something that is no token."""
        session = PlainSession(api=TelegramAPIServer.from_base(api_url), timeout=_CALL_SECONDS)
        self._bot: Bot | None = None
        with contextlib.suppress(TokenValidationError):
            self._bot = Bot(token, session=session)
        if self._bot is None:
            reason = "the Telegram token does not look like one"
            raise ValueError(reason)
        self._session = session

    async def call(self, method: TelegramMethod[Any], seconds: float = _CALL_SECONDS) -> Any:
        """The plain result of a call. Raises SendFailed, without any trace of the token behind it."""
        return await self._tried(method, lambda _: False, seconds)

    async def _tried(
        self, method: TelegramMethod[Any], harmless: Callable[[BaseException], bool], seconds: float = _CALL_SECONDS
    ) -> Any:
        """As `call`; None for an error that is `harmless`."""
        failure: SendFailed | None = None
        try:
            return await self._session(self._bot, method, timeout=seconds)  # type: ignore[arg-type]  # see __init__
        except errors.CALL_ERRORS as error:
            if not harmless(error):
                failure = errors.failure(error)
        # raised out here, so that no exception with an address in it hangs on as its context
        if failure is not None:
            raise failure
        return None

    async def close(self) -> None:
        """Closes the connections."""
        await self._session.close()

    # ------------------------------------------------------------ sending

    async def show(self, chat: int, message: Spoken, relay: Relay | None, *, clear: bool) -> str:
        """Shows one fitted part as a new message. Returns its id."""
        method = _built(lambda: writing.new_message(chat, message, relay, clear=clear))
        return _message_id(await self.call(method))

    async def change(self, chat: int, shown: int, message: Spoken) -> bool:
        """Shows a text in place of an earlier message; False where that one cannot be changed.

        An edit may be tried again without harm, so nothing is left unsure.
        """
        method = _built(lambda: writing.changed_message(chat, shown, message))
        stuck = False

        def harmless(error: BaseException) -> bool:
            nonlocal stuck
            stuck = errors.cannot_edit(error)
            return stuck or errors.unchanged(error)

        try:
            await self._tried(method, harmless)
        except SendFailed as failure:
            if failure.kind != "unsure":
                raise
            raise SendFailed("retry", failure.reason) from None
        return not stuck

    # ------------------------------------------------------------ receiving

    async def me(self) -> dict[str, Any]:
        """The bot itself: `id`, `username`."""
        answer = await self.call(GetMe(), 10)
        return answer if isinstance(answer, dict) else {}

    async def updates(self, offset: int, wait: int) -> list[Any]:
        """The next updates as plain JSON, waiting up to `wait` seconds for the first."""
        method = GetUpdates(offset=offset or None, limit=100, timeout=wait, allowed_updates=list(ALLOWED_UPDATES))
        answer = await self.call(method, wait + 10)
        return answer if isinstance(answer, list) else []

    async def confirm(self, offset: int) -> None:
        """Tells the platform that everything below `offset` is safe here."""
        await self.call(GetUpdates(offset=offset, limit=1, timeout=0), 5)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Lets the platform post updates to `url`."""
        await self.call(SetWebhook(url=url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES)))

    async def has_webhook(self, url: str) -> bool:
        """Whether the platform posts updates to `url`; it is believed where it does not say."""
        told: Any = None
        with contextlib.suppress(SendFailed):
            told = await self.call(GetWebhookInfo())
        return told is None or (isinstance(told, dict) and told.get("url") == url)

    async def delete_webhook(self) -> None:
        """Ends posting; what waits there is kept."""
        await self.call(DeleteWebhook(drop_pending_updates=False))

    async def answer_press(self, press: str) -> None:
        """Stops the button's spinning. A press too old to be answered is nobody's loss."""
        await self._tried(AnswerCallbackQuery(callback_query_id=press), errors.too_late)

    async def leave(self, chat: int) -> None:
        """Leaves a group."""
        await self.call(LeaveChat(chat_id=chat))

    async def download(self, ref: str) -> bytes:
        """The content of a file, at most 20 MB. Raises SendFailed."""
        file = await self.call(GetFile(file_id=ref))
        path = file.get("file_path") if isinstance(file, dict) else None
        if not isinstance(path, str):
            raise SendFailed("refused", "telegram: the file is not at hand")
        content = bytearray()
        failure: SendFailed | None = None
        try:
            url = self._session.api.file_url(self._bot.token if self._bot else "", path)
            async for chunk in self._session.stream_content(url):
                content += chunk
                if len(content) > LARGEST_DOWNLOAD:
                    failure = SendFailed("refused", "telegram: the file is too large")
                    break
        except (ClientError, OSError, TimeoutError) as error:
            failure = SendFailed("retry", f"telegram: download broke ({type(error).__name__})")
        if failure is not None:
            raise failure
        return bytes(content)

    # ------------------------------------------------------------ the profile

    async def set_commands(self, by_language: Mapping[str, Mapping[str, str]], chat: int | None) -> None:
        """The command menu per language, of one chat or of all private ones; an empty one is taken away."""
        scope = BotCommandScopeAllPrivateChats() if chat is None else BotCommandScopeChat(chat_id=chat)
        for language, commands in by_language.items():
            code = language[:2] or None
            menu = [BotCommand(command=name, description=words[:256]) for name, words in commands.items()]
            present = await self.call(GetMyCommands(scope=scope, language_code=code))
            if _commands(present) == [(command.command, command.description) for command in menu]:
                continue
            if menu:
                await self.call(SetMyCommands(commands=menu, scope=scope, language_code=code))
            else:
                await self.call(DeleteMyCommands(scope=scope, language_code=code))

    async def set_name(self, texts: Mapping[str, str]) -> None:
        """The name per language."""
        for language, text in texts.items():
            code = language[:2] or None
            if await self._differs(GetMyName(language_code=code), "name", text):
                await self.call(SetMyName(name=text, language_code=code))

    async def set_description(self, texts: Mapping[str, str]) -> None:
        """The description per language."""
        for language, text in texts.items():
            code = language[:2] or None
            if await self._differs(GetMyDescription(language_code=code), "description", text):
                await self.call(SetMyDescription(description=text, language_code=code))

    async def set_short_description(self, texts: Mapping[str, str]) -> None:
        """The short description per language."""
        for language, text in texts.items():
            code = language[:2] or None
            if await self._differs(GetMyShortDescription(language_code=code), "short_description", text):
                await self.call(SetMyShortDescription(short_description=text, language_code=code))

    async def _differs(self, asked: TelegramMethod[Any], field: str, text: str) -> bool:
        """Whether something of the profile is not as it should be."""
        present = await self.call(asked)
        return not isinstance(present, dict) or present.get(field) != text


def _commands(result: Any) -> list[tuple[str, str]]:
    rows = result if isinstance(result, list) else []
    return [(row.get("command", ""), row.get("description", "")) for row in rows if isinstance(row, dict)]


def _built(build: Callable[[], TelegramMethod[Any]]) -> TelegramMethod[Any]:
    """The call, or SendFailed "refused" for what the platform cannot show."""
    try:
        return build()
    except ValueError as error:
        reason = errors.own_words(error)
    # raised out here: a library's ValueError quotes the words of a person
    raise SendFailed("refused", f"telegram: {reason}")


def _message_id(result: Any) -> str:
    return str(result["message_id"]) if isinstance(result, dict) and "message_id" in result else ""
