"""The desk's line to the Bot API, on python-telegram-bot: every call goes here, and fails as SendFailed only."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus
from telegram.error import ChatMigrated, TelegramError
from telegram.request import HTTPXRequest

from conversations.speech import Spoken
from handlers.channel import Relay, SendFailed
from handlers.desk import errors, writing
from handlers.desk.reading import ALLOWED_UPDATES

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes of a file that the Bot API hands out."""
_CALL_SECONDS = 30.0
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
T = TypeVar("T")

for _library in ("telegram", "httpx", "httpcore"):
    # they write addresses with the token, and answers of the platform, into their logs
    logging.getLogger(_library).setLevel(logging.CRITICAL)


class Moved(Exception):
    """A group was made a supergroup: it has the number `after` from now on."""

    def __init__(self, after: int) -> None:
        super().__init__("the group was made a supergroup")
        self.after = after


class Line:
    """One token on one Bot API server."""

    def __init__(self, token: str, api_url: str) -> None:
        """Raises ValueError (without the token in it) for something that is no token."""
        if not token or any(letter.isspace() for letter in token):
            reason = "the desk's token does not look like one"
            raise ValueError(reason)
        client: dict[str, Any] = {"trust_env": False}
        call = HTTPXRequest(16, _CALL_SECONDS, _CALL_SECONDS, 10.0, 10.0, media_write_timeout=60, httpx_kwargs=client)
        self._bot = Bot(token, f"{api_url}/bot", f"{api_url}/file/bot", request=call, get_updates_request=call)
        self._requests = call
        self.user: User | None = None
        """The bot itself; known after `me`."""

    async def _called(
        self, call: Callable[[], Awaitable[T]], harmless: Callable[[BaseException], bool] = lambda _: False
    ) -> T | None:
        """The result of a call; None for an error that is `harmless`. Raises SendFailed or Moved, nothing behind."""
        failure: SendFailed | Moved | None = None
        try:
            return await call()
        except errors.CALL_ERRORS as error:
            if isinstance(error, ChatMigrated):
                failure = Moved(error.new_chat_id)
            elif not harmless(error):
                failure = errors.failure(error)
        # raised out here, so that no exception with an address in it hangs on as its context
        if failure is not None:
            raise failure
        return None

    async def close(self) -> None:
        """Closes the connections."""
        await self._requests.shutdown()

    # ------------------------------------------------------------ sending

    async def show(self, external_id: str, message: Spoken, relay: Relay | None) -> str:
        """Shows one fitted part as a new message. Returns its id."""
        chat, thread = _built(lambda: writing.target(external_id))
        markup = _built(lambda: writing.markup(message))
        file = _built(lambda: writing.file_of(message, relay))
        bot = self._bot
        if message.venue is not None:
            venue = message.venue
            title, address = venue.name.strip() or venue.address.strip() or "•", venue.address.strip()
            shown = await self._called(
                lambda: bot.send_venue(
                    chat,
                    venue.latitude,
                    venue.longitude,
                    title,
                    address or title,
                    message_thread_id=thread,
                    reply_markup=markup,
                )
            )
        elif file is not None:
            shown = await self._file(chat, thread, file, _built(lambda: writing.caption(message)), markup)
        else:
            text = _built(lambda: writing.words(message))
            shown = await self._called(
                lambda: bot.send_message(
                    chat, text, message_thread_id=thread, reply_markup=markup, link_preview_options=_NO_PREVIEW
                )
            )
        return str(shown.message_id) if shown is not None else ""

    async def _file(
        self,
        chat: int,
        thread: int | None,
        file: writing.File,
        caption: str | None,
        markup: InlineKeyboardMarkup | None,
    ) -> Any:
        bot, content = self._bot, InputFile(file.content, filename=file.name)
        send: Mapping[str, Callable[..., Awaitable[Any]]] = {
            "photo": bot.send_photo, "voice": bot.send_voice, "document": bot.send_document,
        }  # fmt: skip
        return await self._called(
            lambda: send[file.kind](chat, content, caption=caption, message_thread_id=thread, reply_markup=markup)
        )

    async def change(self, external_id: str, shown: int, message: Spoken) -> bool:
        """Shows a text in place of an earlier message; False where that one cannot be changed.

        An edit may be tried again without harm, so nothing is left unsure.
        """
        chat, _thread = _built(lambda: writing.target(external_id))
        text, markup = _built(lambda: writing.words(message)), _built(lambda: writing.markup(message))
        stuck = False

        def harmless(error: BaseException) -> bool:
            nonlocal stuck
            stuck = errors.cannot_edit(error)
            return stuck or errors.unchanged(error)

        try:
            await self._called(
                lambda: self._bot.edit_message_text(
                    text, chat, shown, reply_markup=markup, link_preview_options=_NO_PREVIEW
                ),
                harmless,
            )
        except SendFailed as failure:
            if failure.kind != "unsure":
                raise
            raise SendFailed("retry", failure.reason) from None
        return not stuck

    async def answer_press(self, press: str, words: str = "") -> None:
        """Stops the button's spinning, with words in a window if there are any. Too late is nobody's loss."""
        text = words[:200] or None
        await self._called(lambda: self._bot.answer_callback_query(press, text, show_alert=bool(text)), errors.too_late)

    async def sign(self, chat: int, message: int, emoji: str) -> None:
        """Puts a sign below somebody's message."""
        await self._called(lambda: self._bot.set_message_reaction(chat, message, [ReactionTypeEmoji(emoji)]))

    async def download(self, ref: str) -> bytes:
        """The content of a file, at most 20 MB. Raises SendFailed."""
        file = await self._called(lambda: self._bot.get_file(ref, read_timeout=_CALL_SECONDS))
        if file is None or not file.file_path:
            raise SendFailed("refused", "desk: the file is not at hand")
        if (file.file_size or 0) > LARGEST_DOWNLOAD:
            raise SendFailed("refused", "desk: the file is too large")
        try:
            content = await self._called(lambda: file.download_as_bytearray(read_timeout=_CALL_SECONDS))
        except SendFailed as failed:
            raise SendFailed("retry", failed.reason) from None
        return bytes(content or b"")

    # ------------------------------------------------------------ receiving

    async def me(self) -> User:
        """The bot itself, asked of the platform now."""
        user = await self._called(lambda: self._bot.get_me(read_timeout=10))
        if user is None:
            raise SendFailed("unsure", "desk: unreadable answer")
        self.user = user
        return user

    async def updates(self, offset: int, wait: int) -> list[Any]:
        """The next updates as plain JSON, waiting up to `wait` seconds for the first.

        Names of methods may be written small. The library's own method parses a whole batch at once, so that one
        odd update would stop all that come after it.
        """
        asked = {"limit": 100, "timeout": wait, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset:
            asked["offset"] = offset
        answer = await self._called(lambda: self._bot.do_api_request("getupdates", asked, read_timeout=wait + 10))
        return answer if isinstance(answer, list) else []

    async def confirm(self, offset: int) -> None:
        """Tells the platform that everything below `offset` is safe here."""
        asked = {"offset": offset, "limit": 1, "timeout": 0}
        await self._called(lambda: self._bot.do_api_request("getupdates", asked, read_timeout=5))

    async def delete_webhook(self) -> None:
        """Makes polling possible; what waits there is kept."""
        await self._called(lambda: self._bot.delete_webhook(drop_pending_updates=False))

    def parsed(self, update: dict[str, Any]) -> Update | None:
        """An update as the library reads it; None for what it cannot read."""
        try:
            return Update.de_json(update, self._bot)
        except (TelegramError, TypeError, ValueError, LookupError, AttributeError, OverflowError):
            return None

    # ------------------------------------------------------------ the group

    async def is_member(self, chat: int, user: int) -> bool:
        """Whether somebody is in a group now. Raises SendFailed; a group or user that there is not: False."""
        try:
            member = await self._called(lambda: self._bot.get_chat_member(chat, user))
        except SendFailed as failure:
            if failure.kind in ("gone", "refused"):
                return False
            raise
        if isinstance(member, ChatMemberRestricted):
            return member.is_member
        return member is not None and member.status in (
            ChatMemberStatus.OWNER,
            ChatMemberStatus.ADMINISTRATOR,
            ChatMemberStatus.MEMBER,
        )

    async def trouble_in(self, chat: int) -> str:
        """Why the bot cannot work in a group: "" for no reason, else "no forum", "no rights" or "not a member".

        Raises SendFailed where that cannot be found out, Moved for a group that has another number.
        """
        me = self.user or await self.me()
        try:
            found = await self._called(lambda: self._bot.get_chat(chat))
            member = await self._called(lambda: self._bot.get_chat_member(chat, me.id))
        except SendFailed as failure:
            if failure.kind in ("gone", "refused"):
                return "not a member"
            raise
        if not _inside(member):
            return "not a member"
        if found is None or not found.is_forum:
            return "no forum"
        if isinstance(member, ChatMemberOwner):
            return ""
        return "" if isinstance(member, ChatMemberAdministrator) and member.can_manage_topics else "no rights"

    async def open_topic(self, chat: int, name: str) -> int:
        """Makes a topic in a group. Returns its number."""
        topic = await self._called(lambda: self._bot.create_forum_topic(chat, name[:128]))
        if topic is None:
            raise SendFailed("unsure", "desk: unreadable answer")
        return topic.message_thread_id

    async def rename_topic(self, chat: int, thread: int, name: str) -> None:
        """Gives a topic another name."""
        await self._called(lambda: self._bot.edit_forum_topic(chat, thread, name[:128]), errors.unchanged)

    async def close_topic(self, chat: int, thread: int) -> None:
        """Closes a topic: only those who manage topics write there any more."""
        await self._called(lambda: self._bot.close_forum_topic(chat, thread), errors.unchanged)

    async def reopen_topic(self, chat: int, thread: int) -> None:
        """Opens a closed topic again."""
        await self._called(lambda: self._bot.reopen_forum_topic(chat, thread), errors.unchanged)

    async def delete_topic(self, chat: int, thread: int) -> None:
        """Deletes a topic with everything in it."""
        await self._called(lambda: self._bot.delete_forum_topic(chat, thread), errors.unchanged)

    async def set_commands(self, chat: int | None, by_language: Mapping[str, Mapping[str, str]]) -> None:
        """The command menu of a group, or of all private chats."""
        scope = BotCommandScopeAllPrivateChats() if chat is None else BotCommandScopeChat(chat)
        for language, commands in by_language.items():
            menu = [BotCommand(name, about[:256]) for name, about in commands.items()]
            code = language[:2] or None
            await self._called(lambda menu=menu, code=code: self._bot.set_my_commands(menu, scope, code))  # type: ignore[misc]  # a lambda's default is not inferred


def _inside(member: ChatMember | None) -> bool:
    return member is not None and member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def _built(build: Callable[[], T]) -> T:
    """What is to be sent, or SendFailed "refused" for what the platform cannot show."""
    try:
        return build()
    except ValueError as error:
        reason = str(error) if type(error) is ValueError else type(error).__name__
    # raised out here: a library's ValueError quotes the words of a person
    raise SendFailed("refused", f"desk: {reason}")
