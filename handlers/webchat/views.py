"""What the web chat's pages are made of; the drawing is done elsewhere, in the person's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from handlers.webchat.writing import Bubble

Notice = Literal["", "too long", "too big", "unreadable", "too fast", "trouble", "old form"]
"""What went wrong with what was sent."""


@dataclass(frozen=True, slots=True)
class ChatView:
    """A page of the chat. `draft` is what was typed and could not be taken."""

    language: str
    bubbles: tuple[Bubble, ...]
    token: str
    nonce: str
    seat: str = ""
    last: int = 0
    earlier: int | None = None
    notice: Notice = ""
    draft: str = ""
    past: bool = False
    """True on a page of earlier messages."""


@dataclass(frozen=True, slots=True)
class PlainView:
    """A page with one thing to say and one thing to do.

    `kind`: "cookies" (the browser keeps none), "hidden" (left quickly), "come back" (a private link was
    opened), "link" (a new private link), "no link" (one that opens nothing), "forget", "forgotten",
    "lost" (a form of a chat that is not open here), "full" (too many new chats).
    """

    kind: Literal["cookies", "hidden", "come back", "link", "no link", "forget", "forgotten", "lost", "full"]
    language: str
    seat: str = ""
    token: str = ""
    value: str = ""


class Pages(Protocol):
    """Draws pages."""

    def language(self, asked: str) -> str:
        """The language that fits what a browser asks for."""
        ...

    def chat(self, view: ChatView) -> str:
        """A page of the chat."""
        ...

    def bubble(self, bubble: Bubble, view: ChatView) -> str:
        """One bubble, to be added to a page that is open."""
        ...

    def plain(self, view: PlainView) -> str:
        """A page beside the chat."""
        ...
