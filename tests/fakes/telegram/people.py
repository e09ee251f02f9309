"""The people API of the fake: what a test lets a person do, and what that person then sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.state import Shown, media
from tests.fakes.watching import Screen

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram


class Person(Screen[Shown]):
    """Somebody with a phone, in a private chat with the bot. Every action returns the id of its update."""

    def __init__(self, fake: FakeTelegram, person_id: int, language_code: str) -> None:
        super().__init__(fake.memory)
        self.fake = fake
        self.id = person_id
        self.language_code = language_code
        self.started = False
        self.blocked = False

    # ------------------------------------------------------------ who

    @property
    def user(self) -> dict[str, Any]:
        """The User object."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": f"DEMO {self.id}"}
        return user | ({"language_code": self.language_code} if self.language_code else {})

    @property
    def chat(self) -> dict[str, Any]:
        """The private Chat object."""
        return {"id": self.id, "type": "private", "first_name": f"DEMO {self.id}"}

    # ------------------------------------------------------------ acts

    def message(self, **content: Any) -> int:
        """Any message, by the fields of Message."""
        return self._act(message=self._message(content))

    def start(self, payload: str = "") -> int:
        """Presses START, perhaps behind a deep link. Unblocks as the app does."""
        if self.blocked:
            self.unblock()
        self.started = True
        text = f"/start {payload}".strip()
        return self.message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": 6}])

    def write(self, text: str) -> int:
        """Writes a text."""
        entities: dict[str, Any] = {}
        if text.startswith("/") and len(text) > 1:
            entities = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}
        return self.message(text=text, **entities)

    def tap(self, what: str, message: Shown | None = None) -> int:
        """Taps a button by its label or data, on the newest message that has it or on the one given.

        Raises LookupError if nobody shows such a button.
        """
        candidates = [message] if message else list(reversed(self.shown))
        for shown in candidates:
            for row in shown.buttons:
                for button in row:
                    if what in (button["text"], button.get("callback_data")) and "callback_data" in button:
                        return self.press(button["callback_data"], shown)
            for row in shown.keyboard:
                for button in row:
                    if button["text"] == what:
                        return self._reply_button(button)
        raise LookupError(f"no button {what!r} is shown")

    def press(self, data: str, shown: Shown) -> int:
        """A callback query with any data (a forged one too) under a message."""
        callback_id = self.fake.new_callback(self.id)
        query = {
            "id": callback_id,
            "from": self.user,
            "chat_instance": str(self.id),
            "data": data,
            "message": shown.as_message(self.fake.bot, self.chat),
        }
        return self._act(callback_query=query)

    def _reply_button(self, button: dict[str, Any]) -> int:
        if button.get("request_contact"):
            return self.share_contact(own=True)
        if button.get("request_location"):
            return self.share_location()
        return self.write(button["text"])

    def send_voice(self, content: bytes) -> int:
        """A voice note."""
        return self._send_file("voice", "voice.ogg", content)

    def send_photo(self, content: bytes, caption: str = "") -> int:
        """A photo, in two sizes."""
        return self._send_file("photo", "photo.jpg", content, caption)

    def send_document(self, content: bytes, name: str = "file.pdf", caption: str = "") -> int:
        """A file."""
        return self._send_file("document", name, content, caption)

    def _send_file(self, kind: str, name: str, content: bytes, caption: str = "") -> int:
        file_id = self.fake.new_file(name, content)
        extra = {"caption": caption} if caption else {}
        return self.message(**media(kind, file_id, name, content), **extra)

    def share_location(self, latitude: float = 44.08, longitude: float = 22.1) -> int:
        """A point on the map."""
        return self.message(location={"latitude": latitude, "longitude": longitude})

    def share_contact(self, *, own: bool = True, phone: str = "+381600000000") -> int:
        """A phone number: the person's own, or somebody else's handed on."""
        user_id = self.id if own else self.id + 1
        return self.message(contact={"phone_number": phone, "first_name": "DEMO", "user_id": user_id})

    def edit(self, update_id: int, text: str) -> int:
        """Changes a message written before."""
        before = self.fake.updates.sent[update_id]["message"]
        return self._act(edited_message=before | {"text": text, "edit_date": before["date"] + 1})

    def block(self) -> int:
        """Blocks the bot."""
        self.blocked = True
        return self._member("member", "kicked")

    def unblock(self) -> int:
        """Takes the block back."""
        self.blocked = False
        return self._member("kicked", "member")

    def _member(self, old: str, new: str) -> int:
        def member(status: str) -> dict[str, Any]:
            return {"user": self.fake.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        body = {"chat": self.chat, "from": self.user, "date": int(self.fake.memory.now())}
        return self._act(my_chat_member=body | {"old_chat_member": member(old), "new_chat_member": member(new)})

    def _message(self, content: dict[str, Any]) -> dict[str, Any]:
        memory = self.fake.memory
        head = {"message_id": memory.next_message_id(self.id), "from": self.user, "chat": self.chat}
        return {**head, "date": int(memory.now()), **content}

    def _act(self, **body: Any) -> int:
        with self.fake.memory.lock:
            self.mark = self.fake.memory.changes
            return self.fake.updates.add(**body)
