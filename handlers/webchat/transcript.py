"""What the web chat needs remembered: which key opens which chat, and what was said in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from conversations.speech import Spoken


@dataclass(frozen=True, slots=True)
class Line:
    """One bubble. What the house says has a `message`; what a person said has `text` and perhaps a file.

    `of` is the bubble whose button was tapped, `gone` the bubbles that this one replaces. `at` is
    aware and in UTC.
    """

    id: int
    side: Literal["house", "person"]
    at: datetime
    message: Spoken | None = None
    text: str = ""
    attached: str = ""
    of: int | None = None
    gone: tuple[int, ...] = ()
    file_name: str = ""
    media_type: str = ""
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that stands in a chat."""

    name: str
    media_type: str
    content: bytes


class Transcript(Protocol):
    """Keeps web chats. Every look-up is by external id, so that nobody reads another's chat."""

    async def opens(self, key_hash: str, kind: Literal["cookie", "link"] = "cookie") -> str | None:
        """The external id that a key opens."""
        ...

    async def add_key(self, key_hash: str, external_id: str, kind: Literal["cookie", "link"] = "cookie") -> None:
        """Let a key open a chat."""
        ...

    async def use_key(self, key_hash: str) -> None:
        """Let a key and its chat live on."""
        ...

    async def has_link(self, external_id: str) -> bool:
        """Whether a private link leads to the chat."""
        ...

    async def said(self, external_id: str, message_id: str, line: Line) -> None:
        """Note what a person said, once per message id."""
        ...

    async def shown(
        self, external_id: str, parts: Sequence[Spoken], *, replaces: int | None = None, file: File | None = None
    ) -> int:
        """Note what the house says, in one piece or several, and return the id of the last."""
        ...

    async def after(self, external_id: str, line_id: int, most: int = 50) -> Sequence[Line]:
        """What came after a bubble, oldest first."""
        ...

    async def before(self, external_id: str, line_id: int | None, most: int) -> Sequence[Line]:
        """The last bubbles, or those before one, oldest first."""
        ...

    async def line(self, external_id: str, line_id: int) -> Line | None:
        """One bubble of the chat."""
        ...

    async def file(self, external_id: str, line_id: int) -> File | None:
        """The file of a bubble, while it is kept."""
        ...

    async def forget_device(self, external_id: str) -> bool:
        """Delete the transcript and the cookie keys. True if a private link still leads back."""
        ...

    async def waiting(self, external_id: str) -> bool:
        """Whether an answer is on its way right now."""
        ...
