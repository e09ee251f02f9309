"""What the methods of the fake platform do, after their parameters were checked against the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram import limits
from tests.fakes.telegram.group_methods import group_methods
from tests.fakes.telegram.markup import utf16
from tests.fakes.telegram.schema import Refused, bad
from tests.fakes.telegram.state import Shown

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

Files = dict[str, tuple[str, bytes]]
TAP_LIVES = 150.0
"""Seconds after which a button press can no longer be answered."""


class Methods:
    """Carries calls out on the memory of one fake. Raises Refused as Telegram would."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.memory = fake.memory
        self.table: dict[str, Callable[[dict[str, Any], Files], Any]] = {
            "getMe": lambda p, f: fake.me,
            "sendMessage": self._send_message,
            "sendVenue": self._send_venue,
            "sendPhoto": lambda p, f: self._send_file("photo", p, f),
            "sendVoice": lambda p, f: self._send_file("voice", p, f),
            "sendVideo": lambda p, f: self._send_file("video", p, f),
            "sendDocument": lambda p, f: self._send_file("document", p, f),
            "sendChatAction": self._chat_action,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer_tap,
            "getFile": self._get_file,
            "leaveChat": self._leave,
            **group_methods(fake),
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda p, f: self.memory.menus.get(_scope(p), []),
            "deleteMyCommands": lambda p, f: self.memory.menus.pop(_scope(p), True) is not None,
            "getMyName": lambda p, f: {"name": self._profile("name", p) or self.fake.bot["first_name"]},
            "getMyDescription": lambda p, f: {"description": self._profile("description", p)},
            "getMyShortDescription": lambda p, f: {"short_description": self._profile("short_description", p)},
            "setMyName": lambda p, f: self._set_profile("setMyName", "name", p),
            "setMyDescription": lambda p, f: self._set_profile("setMyDescription", "description", p),
            "setMyShortDescription": lambda p, f: self._set_profile("setMyShortDescription", "short_description", p),
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
        }

    # ------------------------------------------------------------ sending

    def _reach(self, params: dict[str, Any], *, counted: bool = True) -> int:
        """The chat that a send goes to. Raises Refused where the person cannot be reached."""
        chat = params["chat_id"]
        group = self.fake.groups.get(chat)
        if group is not None:
            group.check_reach(params.get("message_thread_id"))
        else:
            person = self.fake.people.get(chat)
            if person is None:
                raise bad("chat not found")
            if person.blocked:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            if not person.started:
                raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if counted and self.fake.rate is not None:
            self.fake.rate.spend(chat)
        return int(chat)

    def _show(self, params: dict[str, Any], shown: Shown) -> dict[str, Any]:
        markup = params.get("reply_markup")
        limits.check_markup(markup)
        if markup:
            shown.buttons = markup.get("inline_keyboard", [])
            shown.keyboard = markup.get("keyboard", [])
            shown.keyboard_removed = bool(markup.get("remove_keyboard"))
            shown.markup = markup
        self._reach(params)
        shown.thread = params.get("message_thread_id", 0)
        shown.message_id = self.memory.next_message_id(shown.chat_id)
        shown.date = int(self.memory.now())
        shown.changed = self.memory.changes + 1
        self.memory.messages[shown.chat_id, shown.message_id] = shown
        person = self.fake.people.get(shown.chat_id) or self.fake.groups.get(shown.chat_id)
        if person is not None:
            person.shown.append(shown)
        self.memory.touch()
        return shown.as_message(self.fake.bot, self._chat(shown.chat_id))

    def _chat(self, chat_id: int) -> dict[str, Any]:
        group = self.fake.groups.get(chat_id)
        return group.chat if group else self.fake.people[chat_id].chat

    def _send_message(self, params: dict[str, Any], files: Files) -> Any:
        self._reach(params, counted=False)
        text, entities = limits.shown_text(params)
        return self._show(params, Shown(0, params["chat_id"], "text", text, entities))

    def _send_venue(self, params: dict[str, Any], files: Files) -> Any:
        self._reach(params, counted=False)
        if not params["title"].strip() or not params["address"].strip():
            raise bad("venue title and address must be non-empty")
        latitude, longitude = float(params["latitude"]), float(params["longitude"])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise bad("wrong location specified")
        venue = {"title": params["title"], "address": params["address"]}
        place = {"location": {"latitude": latitude, "longitude": longitude}}
        return self._show(params, Shown(0, params["chat_id"], "venue", venue=venue | place))

    def _send_file(self, kind: str, params: dict[str, Any], files: Files) -> Any:
        self._reach(params, counted=False)
        given = params[kind]
        if given.startswith("attach://"):
            file = files[given.removeprefix("attach://")]
        elif given in self.memory.files:
            file = self.memory.files[given]
        else:
            raise bad("wrong remote file identifier specified: Wrong padding in the string")
        limits.check_upload(kind, file[1])
        shown = Shown(0, params["chat_id"], kind, limits.caption(params), file=file)
        answer = self._show(params, shown)
        self.memory.files[f"bot-{shown.message_id}"] = file
        return answer

    def _chat_action(self, params: dict[str, Any], files: Files) -> Any:
        self._reach(params, counted=False)
        return True

    # ------------------------------------------------------------ changing

    def _known(self, params: dict[str, Any], what: str) -> Shown:
        chat = params.get("chat_id")
        self._reach({"chat_id": chat}, counted=False)
        shown = self.memory.messages.get((int(chat or 0), params.get("message_id", 0)))
        if shown is None:
            raise bad(f"message to {what} not found")
        return shown

    def _edit_text(self, params: dict[str, Any], files: Files) -> Any:
        shown = self._known(params, "edit")
        if shown.kind != "text":
            raise bad("there is no text in the message to edit")
        if shown.keyboard or shown.keyboard_removed:
            raise bad("message can't be edited")
        text, entities = limits.shown_text(params)
        return self._change(shown, text, entities, params.get("reply_markup"))

    def _edit_markup(self, params: dict[str, Any], files: Files) -> Any:
        shown = self._known(params, "edit")
        return self._change(shown, shown.text, shown.entities, params.get("reply_markup"))

    def _change(
        self, shown: Shown, text: str, entities: list[dict[str, Any]], markup: dict[str, Any] | None
    ) -> dict[str, Any]:
        limits.check_markup(markup)
        buttons = (markup or {}).get("inline_keyboard", [])
        if (text, entities, buttons) == (shown.text, shown.entities, shown.buttons):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        if self.fake.rate is not None:
            self.fake.rate.spend(shown.chat_id)
        shown.text, shown.entities, shown.buttons = text, entities, buttons
        shown.edits += 1
        shown.changed = self.memory.changes + 1
        self.memory.touch()
        return shown.as_message(self.fake.bot, self._chat(shown.chat_id))

    def _delete(self, params: dict[str, Any], files: Files) -> Any:
        shown = self._known(params, "delete")
        del self.memory.messages[shown.chat_id, shown.message_id]
        person = self.fake.people.get(shown.chat_id) or self.fake.groups.get(shown.chat_id)
        if person is not None:
            person.shown.remove(shown)
        self.memory.touch()
        return True

    # ------------------------------------------------------------ the rest

    def _answer_tap(self, params: dict[str, Any], files: Files) -> Any:
        who, at, _ = self.memory.taps.get(params["callback_query_id"], (0, -TAP_LIVES * 2, False))
        if self.memory.clock() - at > TAP_LIVES:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if utf16(params.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.memory.taps[params["callback_query_id"]] = (who, at, True)
        self.memory.touch()
        return True

    def _get_file(self, params: dict[str, Any], files: Files) -> Any:
        file_id = params["file_id"]
        if file_id not in self.memory.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        _, content = self.memory.files[file_id]
        if len(content) > 20 * 1024 * 1024:
            raise bad("file is too big")
        answer = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
        return answer | {"file_path": f"files/{file_id}"}

    def _leave(self, params: dict[str, Any], files: Files) -> Any:
        group = self.fake.groups.get(params["chat_id"])
        if group is None:
            raise bad(
                "chat not found"
                if params["chat_id"] not in self.fake.people
                else "chat member status can't be changed in private chats"
            )
        group.has_bot = False
        self.memory.touch()
        return True

    def _set_commands(self, params: dict[str, Any], files: Files) -> Any:
        limits.check_commands(params)
        limits.check_language(params)
        scope = params.get("scope", {})
        if scope.get("type") == "chat" and int(scope["chat_id"]) not in {*self.fake.people, *self.fake.groups}:
            raise bad("chat not found")
        self.memory.menus[_scope(params)] = params["commands"]
        return True

    def _set_profile(self, method: str, field: str, params: dict[str, Any]) -> Any:
        limits.check_profile(method, params)
        self.memory.profile[field, params.get("language_code", "")] = params.get(field, "")
        return True

    def _profile(self, field: str, params: dict[str, Any]) -> str:
        """What somebody with that language sees: what was set for it, else for everybody."""
        limits.check_language(params)
        mine = self.memory.profile.get((field, params.get("language_code", "")), "")
        return mine or self.memory.profile.get((field, ""), "")

    def _set_webhook(self, params: dict[str, Any], files: Files) -> Any:
        limits.check_webhook(params, self.fake.plain_webhooks)
        updates = self.fake.updates
        updates.allow(params.get("allowed_updates"))
        if params.get("drop_pending_updates"):
            updates.pending.clear()
        updates.webhook = dict(params) if params["url"] else None
        self.memory.touch()
        return True

    def _delete_webhook(self, params: dict[str, Any], files: Files) -> Any:
        if params.get("drop_pending_updates"):
            self.fake.updates.pending.clear()
        self.fake.updates.webhook = None
        self.memory.touch()
        return True

    def _webhook_info(self, params: dict[str, Any], files: Files) -> Any:
        updates = self.fake.updates
        hook = updates.webhook or {"url": ""}
        info = {"url": hook["url"], "has_custom_certificate": False, "pending_update_count": len(updates.pending)}
        if updates.webhook_error:
            info |= {"last_error_message": updates.webhook_error, "last_error_date": int(self.memory.now())}
        return info


def _scope(params: dict[str, Any]) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    name = scope["type"] + (f":{scope['chat_id']}" if "chat_id" in scope else "")
    return name, params.get("language_code", "")
