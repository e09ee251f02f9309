"""What the fake platform remembers, and who waits for a change."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.watching import Changes

_MARKUP = re.compile(r"<[^>]*>")


def plain(text: str) -> str:
    """A button's text as it is read: `<br>` is a new line, other markup is gone, entities are their characters."""
    return html.unescape(_MARKUP.sub("", text.replace("<br>", "\n")))


@dataclass(slots=True)
class Shown:
    """A message as it stands in somebody's chat. It never changes."""

    token: int
    changed: int
    """The change with which it appeared, for "since"."""
    message: dict[str, Any]
    welcome: bool = False
    delivered: bool = False
    seen: bool = False

    @property
    def kind(self) -> str:
        """The type of the message."""
        return str(self.message["type"])

    @property
    def text(self) -> str:
        """All its words: text, or those of the cards, or the file's name."""
        if self.kind == "rich_media":
            return "\n".join(plain(button.get("Text", "")) for button in self.message["rich_media"]["Buttons"])
        return str(self.message.get("text") or self.message.get("file_name") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons of its keyboard."""
        return list(self.message.get("keyboard", {}).get("Buttons", ()))

    @property
    def card_buttons(self) -> list[dict[str, Any]]:
        """The buttons of its carousel that do something."""
        buttons = self.message.get("rich_media", {}).get("Buttons", ())
        return [button for button in buttons if button["ActionType"] != "none"]

    @property
    def labels(self) -> list[str]:
        """The labels of all that can be pressed: cards, then keyboard."""
        return [plain(button.get("Text", "")) for button in (*self.card_buttons, *self.buttons)]


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the product made, and how it ended: Viber's status, None where the answer was broken."""

    at: float
    method: str
    params: dict[str, Any]
    status: int | None


@dataclass(slots=True)
class Callback:
    """Something that the platform tells the product."""

    token: int
    key: str
    """Whose callbacks wait for each other."""
    body: bytes
    event: str
    tries: int = 0
    done: bool = False
    """True once the product answered 200."""
    lost: bool = False
    """True once the platform gave up."""
    answers: list[int] = field(default_factory=list)
    """HTTP statuses, 0 where no answer came."""


class Memory(Changes):
    """Everything that changes."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Call] = []
        self.files: dict[str, tuple[str, bytes, float]] = {}
        """By path: name, content, when it goes."""
        self._tokens = 5_741_311_803_571_721_087

    def next_token(self) -> int:
        """A message_token: 19 digits, of which a float would lose the last."""
        with self.lock:
            self._tokens += 1_000_003
            return self._tokens
