"""The channel contract: what every way of reaching people must be able to do, and must say of itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from conversations.speech import Heard, Spoken


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. `fitting` adapts a message to it; what cannot be adapted is refused by name.

    Lengths are in the unit that `length` counts: UTF-16 code units on Telegram, characters elsewhere.
    """

    text_length: int
    label_length: int
    buttons: int
    """The most buttons under one message; 0 where there are none and a numbered list is shown instead."""
    buttons_in_row: int
    cards: int = 0
    """The most cards side by side; 0 where cards become a list."""
    edits: bool = False
    venues: bool = False
    documents: bool = False
    asks_phone: bool = False
    asks_location: bool = False
    relays: bool = False
    """Can hand on photos, files and voice notes."""
    length: Callable[[str], int] = len


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as far as the platform says: nothing more is taken over (no names, no pictures)."""

    external_id: str
    language: str = ""
    """An IETF tag, if the platform gives one."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that came in over a channel, in the house's words.

    `message_id` is unique per channel and makes the arrival happen once. `event` is "heard" for words
    and taps, "opened" when somebody opens the chat (with the `link` payload of a deep link, if any),
    "left" when they block or unsubscribe, "returned" when they come back, "delivered"/"failed" for
    receipts, "ignored" for what the house has no use for.
    `shown_id` is the platform's id of the message whose button was tapped, for editing in place.
    `fetch` downloads the attachment's content, when there is one.
    """

    channel: str
    message_id: str
    sender: Sender
    at: datetime
    event: Literal["heard", "opened", "left", "returned", "delivered", "failed", "ignored"] = "heard"
    heard: Heard = field(default_factory=Heard)
    link: str = ""
    shown_id: str = ""
    fetch: Callable[[], Awaitable[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the platform took. `shown_id` names it there."""

    shown_id: str = ""


class SendFailed(Exception):
    """A message that the platform did not take.

    `kind` decides what happens next: "wait" until `after` and try again (a rate limit: the whole
    channel waits if `everyone`), "retry" later with back-off (it is certain that nothing was shown),
    "unsure" (the connection broke: it may have been shown), "gone" (the person blocked or left: stop
    writing to this address), "refused" (never going to work: keep the reason), "stopped" (the token or
    account is no good: stop the channel and tell staff).
    """

    def __init__(
        self,
        kind: Literal["wait", "retry", "unsure", "gone", "refused", "stopped"],
        reason: str,
        *,
        after: timedelta | None = None,
        everyone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.after = after
        self.everyone = everyone


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel may send: per second over all chats, and per chat with a short burst."""

    per_second: float
    per_chat_second: float
    chat_burst: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a channel sees it: raw, so that a signature can be checked before parsing.

    `remote` is the caller's network address, for limits only: it is never stored.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What a channel answers. A `stream` is written piece by piece, in place of the body, until it ends."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    stream: AsyncGenerator[bytes, None] | None = None


Receive = Callable[[Arrival], Awaitable[None]]
"""Hands an arrival to the house. Returns once it is committed: only then may a platform be told so."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path that a channel wants the web server to pass on to it. `{name}` stands for one part of it."""

    method: str
    path: str
    answer: Callable[[Request], Awaitable[Response]]


class Channel(Protocol):
    """One way of reaching people. See ADDING_A_CHANNEL.md."""

    name: str
    capabilities: Capabilities
    pace: Pace

    def routes(self) -> Sequence[Route]:
        """Paths the web server should pass on; none for a channel that polls."""
        ...

    async def start(self, receive: Receive) -> None:
        """Begin to receive: set the webhook or start polling. Returns when ready."""
        ...

    async def stop(self) -> None:
        """Stop receiving and close connections. What was not handed over is left with the platform."""
        ...

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Show a message to an address, in place of `shown_id` where the channel can edit.

        Raises SendFailed, and nothing else.
        """
        ...


@dataclass(frozen=True, slots=True)
class Relay:
    """The content of an attachment that is passed on from one person to another."""

    kind: str
    name: str
    media_type: str
    content: bytes
