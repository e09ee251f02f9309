"""What the fake platform remembers, and who waits for a change."""

from __future__ import annotations

import asyncio
import html
import re
import threading
from dataclasses import dataclass, field
from typing import Any

_MARKUP = re.compile(r"<[^>]*>")


def plain(text: str) -> str:
    """A button's text as it is read: `<br>` is a new line, other markup is gone, entities are their characters."""
    return html.unescape(_MARKUP.sub("", text.replace("<br>", "\n")))


@dataclass(slots=True)
class Shown:
    """A message as it stands in somebody's chat. It never changes."""

    token: int
    number: int
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


class Memory:
    """One lock around everything that changes; whoever waits is woken by every change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.condition = threading.Condition(self.lock)
        self.changes = 0
        self.history: list[Call] = []
        self.files: dict[str, tuple[str, bytes, float]] = {}
        """By path: name, content, when it goes."""
        self._tokens = 5_741_311_803_571_721_087
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def next_token(self) -> int:
        """A message_token: 19 digits, of which a float would lose the last."""
        with self.lock:
            self._tokens += 1_000_003
            return self._tokens

    def touch(self) -> int:
        """Something changed: wakes everybody who waits, in any thread or loop."""
        with self.condition:
            self.changes += 1
            self.condition.notify_all()
            waiters, self._waiters = self._waiters, []
        for loop, future in waiters:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, future)
        return self.changes

    async def changed(self, within: float, seen: int) -> bool:
        """Waits until there is a change after `seen`, at most `within` seconds; False if none came."""
        loop = asyncio.get_running_loop()
        with self.lock:
            if self.changes > seen:
                return True
            future: asyncio.Future[None] = loop.create_future()
            self._waiters.append((loop, future))
        try:
            await asyncio.wait_for(future, within)
        except TimeoutError:
            return False
        finally:
            with self.lock:
                self._waiters = [waiter for waiter in self._waiters if waiter[1] is not future]
        return True


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
