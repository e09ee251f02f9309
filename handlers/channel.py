"""The channel contract: what every way of reaching people must be able to do, and must say of itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

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
    cards_alone: bool = False
    """True where cards cannot stand in one message with words."""
    edits: bool = False
    venues: bool = False
    bare_pins: bool = False
    """True where a pin shows no name: name and address are then written as well."""
    documents: bool = False
    asks_phone: bool = False
    asks_location: bool = False
    relays: bool = False
    """Can hand on photos, files and voice notes."""
    many: int = 0
    """How many receivers one call can take for equal messages (see `SendsMany`); 0 where they go one by one."""
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
    "left" when they block or unsubscribe, "returned" when they come back, "delivered"/"seen"/"failed"
    for receipts, "ignored" for what the house has no use for.
    `shown_id` is the platform's id of the message whose button was tapped, for editing in place, or of
    the message that a receipt is about. `reason` is why it failed, in the platform's words.
    `inline`: the platform shows one message that stands in the answer to this arrival; `Receive` returns it.
    `fetch` downloads the attachment's content, when there is one.
    """

    channel: str
    message_id: str
    sender: Sender
    at: datetime
    event: Literal["heard", "opened", "left", "returned", "delivered", "seen", "failed", "ignored"] = "heard"
    heard: Heard = field(default_factory=Heard)
    link: str = ""
    shown_id: str = ""
    reason: str = ""
    inline: bool = False
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
    writing to this address), "refused" (never going to work: keep the reason), "unpaid" (the platform wants
    money that is not there: nothing was shown, and nothing that costs is sent for a while), "stopped" (the
    token or account is no good: stop the channel and tell staff).
    """

    def __init__(
        self,
        kind: Literal["wait", "retry", "unsure", "gone", "refused", "unpaid", "stopped"],
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
class ChatPace:
    """How fast one chat may be written to; addresses with the same `chat` share it (the topics of a group).

    `burst` messages at once and then `per_second`; with a `window` no more than `burst` within any so many seconds.
    """

    chat: str
    per_second: float
    burst: int
    window: float = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel may send: per second over all chats, and per chat with a short burst.

    `of` gives, for an address, what the platform counts as its chat, where that is not each address by itself.
    """

    per_second: float
    per_chat_second: float
    chat_burst: int = 1
    of: Callable[[str], ChatPace] | None = None


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


Receive = Callable[[Arrival], Awaitable[Spoken | None]]
"""Hands an arrival to the house. Returns once it is committed: only then may a platform be told so.

For an `inline` arrival it returns the one message to show in the answer, if there is anything to say, and
the same message again when the same arrival comes again. For all others it returns None.
"""


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


@runtime_checkable
class TellsState(Protocol):
    """What a channel that receives from a platform tells besides."""

    @property
    def state(self) -> str:
        """For the health page: "starting" and "receiving" are good, anything else says why nothing comes in."""
        ...


class SendsMany(Protocol):
    """What a channel with `capabilities.many` can do besides."""

    async def send_many(self, external_ids: Sequence[str], message: Spoken) -> Mapping[str, Sent | SendFailed]:
        """Shows one message to at most `capabilities.many` addresses with a single call of the platform.

        Says for each address what became of it. Raises SendFailed when the whole call failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Relay:
    """The content of an attachment that is passed on from one person to another."""

    kind: str
    name: str
    media_type: str
    content: bytes
