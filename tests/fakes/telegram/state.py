"""What the fake platform remembers: messages, files, button presses, and who waits for a change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.watching import Changes


@dataclass(slots=True)
class Shown:
    """A message as a person sees it now: edits are applied in place."""

    message_id: int
    chat_id: int
    kind: str = "text"
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[list[dict[str, Any]]] = field(default_factory=list)
    """Inline buttons by row, as the platform got them."""
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    """Reply keyboard by row, where the message brought one."""
    keyboard_removed: bool = False
    file: tuple[str, bytes] | None = None
    venue: dict[str, Any] | None = None
    markup: dict[str, Any] | None = None
    date: int = 0
    edits: int = 0
    thread: int = 0
    """The topic it stands in; 0 outside of topics."""
    changed: int = 0
    """Number of the change that last touched it, for "since"."""

    @property
    def labels(self) -> list[str]:
        """All labels under the message, row by row."""
        return [button["text"] for row in (self.buttons or self.keyboard) for button in row]

    def as_message(self, bot: dict[str, Any], chat: dict[str, Any]) -> dict[str, Any]:
        """The Message object of the platform."""
        message: dict[str, Any] = {
            "message_id": self.message_id,
            "from": bot,
            "chat": chat,
            "date": self.date,
        }
        if self.thread:
            message |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.kind == "text":
            message["text"] = self.text
            if self.entities:
                message["entities"] = self.entities
        elif self.text:
            message["caption"] = self.text
        if self.edits:
            message["edit_date"] = self.date + 1
        if self.venue is not None:
            message["venue"] = self.venue
            message["location"] = self.venue["location"]
        if self.file is not None:
            message |= media(self.kind, f"bot-{self.message_id}", *self.file)
        if self.buttons:
            message["reply_markup"] = {"inline_keyboard": self.buttons}
        return message


def media(kind: str, file_id: str, name: str, content: bytes) -> dict[str, Any]:
    """The field of a Message that carries a file."""
    base: dict[str, Any] = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
    if kind == "photo":
        small = base | {"file_id": f"{file_id}-s", "file_unique_id": f"u{file_id}s", "file_size": 1}
        return {"photo": [small | {"width": 90, "height": 67}, base | {"width": 1280, "height": 960}]}
    if kind == "voice":
        return {"voice": base | {"duration": 3, "mime_type": "audio/ogg"}}
    if kind == "video":
        return {"video": base | {"duration": 3, "width": 320, "height": 240, "mime_type": "video/mp4"}}
    return {"document": base | {"file_name": name, "mime_type": "application/octet-stream"}}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the product made: when (seconds of the fake's clock), what, and how it ended."""

    at: float
    method: str
    params: dict[str, Any]
    status: int
    result: Any


class Memory(Changes):
    """Everything that changes."""

    def __init__(self, clock: Callable[[], float], now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.clock = clock
        self.now = now
        self.history: list[Call] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.messages: dict[tuple[int, int], Shown] = {}
        self.taps: dict[str, tuple[int, float, bool]] = {}
        """Presses by callback id: who, when, answered."""
        self.menus: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self._message_ids: dict[int, int] = {}

    def next_message_id(self, chat: int) -> int:
        """Message ids count upwards in each chat."""
        self._message_ids[chat] = self._message_ids.get(chat, 0) + 1
        return self._message_ids[chat]
