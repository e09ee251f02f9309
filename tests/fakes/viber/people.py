"""The people API of the fake: what a test lets a person do, and what that person then sees."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.viber.state import Callback, Shown, plain
from tests.fakes.watching import Screen

if TYPE_CHECKING:
    from tests.fakes.viber.server import FakeViber


class Person(Screen[Shown]):
    """Somebody with Viber. Every act returns its callback, whose `done` tells that the product has taken it."""

    def __init__(self, fake: FakeViber, name: str, language: str) -> None:
        super().__init__(fake.memory)
        self.fake = fake
        self.name = name
        self.id = base64.b64encode(hashlib.sha256(f"{fake.token}{name}".encode()).digest()[:16]).decode()
        """24 characters, with `+`, `/` and `=` in them as the platform's have; different for each bot."""
        self.language = language
        self.api_version = 10
        self.subscribed = False
        self.registered = True
        self.has_device = True
        self.online = True
        """While it is off, nothing is delivered."""
        self.refuse_with = 0
        """A status that every send to this person gets."""
        self.fails_with = ""
        """What the next accepted messages fail with afterwards."""
        self.keyboard: list[dict[str, Any]] = []
        """The keyboard below the text field: the last that came. Nothing takes it away but another."""
        self.heeds_silent = False
        """Whether presses on it stay out of the chat."""
        self.said: list[str] = []
        """What presses put into the chat as the person's own messages, because they were not silent."""

    @property
    def user(self) -> dict[str, Any]:
        """The user object of callbacks."""
        return {
            "id": self.id, "name": f"DEMO {self.name}", "avatar": "http://avatar.example.com/demo.jpg", "country": "RS",
            "language": self.language, "api_version": self.api_version,
        }  # fmt: skip

    # ------------------------------------------------------------ acts

    def opens(self, context: str = "") -> Callback:
        """Opens the chat, by a deep link if there is a context. The answer of the product is the welcome."""
        more = {"context": context} if context else {}
        return self._act("conversation_started", self._welcomed, type="open", **more, user=self.user,
                         subscribed=self.subscribed)  # fmt: skip

    def writes(self, text: str) -> Callback:
        """Writes a text. The first message subscribes, without a callback of its own."""
        return self.sends({"type": "text", "text": text})

    def presses(self, label: str, shown: Shown | None = None) -> Callback:
        """Presses a button by its label: of the keyboard, or of the newest carousel, or of the message given.

        Raises LookupError if nobody shows such a button.
        """
        candidates = [(one, self.heeds_silent) for one in self.keyboard] if shown is None else []
        for message in reversed(self.shown) if shown is None else [shown]:
            candidates += [(one, _heeds_silent(message.message)) for one in message.card_buttons]
        for button, heeds in candidates:
            if plain(button.get("Text", "")) == label:
                return self._pressed(button, heeds=heeds)
        raise LookupError(f"no button {label!r} is shown, only {[plain(b.get('Text', '')) for b, _ in candidates]}")

    def _pressed(self, button: dict[str, Any], *, heeds: bool) -> Callback:
        action, silent = button.get("ActionType", "reply"), heeds and bool(button.get("Silent", False))
        if not silent and action in ("reply", "open-url"):
            self.said.append(button["ActionBody"])
        if action == "share-phone":
            return self.shares_contact()
        if action == "location-picker":
            return self.shares_location()
        # a button that opens a page sends its address as a message, too
        return self.sends({"type": "text", "text": button["ActionBody"]}, silent=silent)

    def sends(self, message: dict[str, Any], *, silent: bool = False) -> Callback:
        """Any message, by the fields of the message object."""
        self.subscribed = True
        self.fake.replied(self.id)
        sent = self._act("message", None, sender=self.user, message=message, silent=silent)
        # a receipt comes for what people send as well, under the token of their own message
        self.fake.callbacks.add(self.id, self.fake.event("delivered", sent.token, user_id=self.id))
        return sent

    def sends_picture(self, content: bytes, text: str = "", name: str = "picture.jpg") -> Callback:
        """A picture, with a caption perhaps."""
        url = self.fake.new_file(name, content)
        return self.sends({"type": "picture", "text": text, "media": url, "thumbnail": url, "file_name": name,
                           "size": len(content)})  # fmt: skip

    def sends_file(self, content: bytes, name: str = "file.pdf") -> Callback:
        """A file of any kind."""
        return self.sends({"type": "file", "media": self.fake.new_file(name, content), "file_name": name,
                           "size": len(content)})  # fmt: skip

    def sends_video(self, content: bytes) -> Callback:
        """A video."""
        url = self.fake.new_file("video.mp4", content)
        return self.sends({"type": "video", "media": url, "thumbnail": url, "size": len(content), "duration": 3})

    def sends_sticker(self, sticker_id: int = 46105) -> Callback:
        """A sticker."""
        return self.sends({"type": "sticker", "media": "http://stickers.example.com/1.png", "sticker_id": sticker_id})

    def shares_contact(self, phone: str = "+381600000000") -> Callback:
        """A contact: nothing tells whether it is the person's own."""
        return self.sends({"type": "contact", "contact": {"name": "DEMO", "phone_number": phone, "avatar": ""}})

    def shares_location(self, latitude: float = 44.08, longitude: float = 22.1) -> Callback:
        """A point on the map."""
        return self.sends({"type": "location", "location": {"lat": latitude, "lon": longitude, "address": ""}})

    def subscribes(self) -> Callback:
        """Presses "receive messages" on the bot's page."""
        self.subscribed = True
        return self._act("subscribed", None, user=self.user)

    def unsubscribes(self) -> Callback:
        """Presses it again, or blocks the bot."""
        self.subscribed = False
        return self._act("unsubscribed", None, user_id=self.id)

    def sees(self) -> None:
        """Opens the chat and looks at everything in it: receipts go out."""
        for shown in list(self.shown):
            if not shown.welcome:
                self._receipt("delivered", shown)
                self._receipt("seen", shown)

    def _act(self, event: str, on_answer: Callable[[bytes], None] | None, **fields: Any) -> Callback:
        with self.fake.memory.lock:
            self.mark = self.fake.memory.changes
            return self.fake.callbacks.add(self.id, self.fake.event(event, **fields), on_answer)

    # ------------------------------------------------------------ is shown

    def show(self, token: int, message: dict[str, Any], *, welcome: bool = False) -> None:
        """A message that the platform took for this person arrives."""
        trouble = self.fails_with or self.fake.client_trouble(message)
        if trouble and not welcome:
            fields = {"user_id": self.id, "desc": trouble}
            self.fake.callbacks.add(self.id, self.fake.event("failed", token, **fields))
            return
        with self.fake.memory.lock:
            shown = Shown(token, self.fake.memory.changes + 1, message, welcome)
            self.shown.append(shown)
            if shown.buttons:
                self.keyboard, self.heeds_silent = shown.buttons, _heeds_silent(message)
        self.fake.memory.touch()
        if self.online and not welcome:
            self._receipt("delivered", shown)

    def _receipt(self, event: str, shown: Shown) -> None:
        if getattr(shown, event):
            return
        setattr(shown, event, True)
        self.fake.callbacks.add(self.id, self.fake.event(event, shown.token, user_id=self.id))

    def _welcomed(self, answer: bytes) -> None:
        message = self.fake.welcome(answer)
        if message is not None:
            self.show(self.fake.memory.next_token(), message, welcome=True)

    # ------------------------------------------------------------ sees

    @property
    def labels(self) -> list[str]:
        """What can be pressed below the text field now."""
        return [plain(button.get("Text", "")) for button in self.keyboard]


def _heeds_silent(message: dict[str, Any]) -> bool:
    """`Silent` is ignored below this version (github.com/Bogdaan/viber-bot-php, issues 48 and 104)."""
    return int(message.get("min_api_version", 1)) >= 6
