"""What every page of the web chat shares: who is there, handing over what they did, and how answers look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from conversations.speech import Heard
from handlers.channel import Arrival, Receive, Request, Response, Sender
from handlers.webchat.limits import Limit
from handlers.webchat.reading import language_of
from handlers.webchat.sessions import Cookies, fresh_key, key_hash
from handlers.webchat.streaming import Watching
from handlers.webchat.transcript import Transcript
from handlers.webchat.views import Pages, PlainView

CHANNEL = "webchat"
ANSWER_SECONDS = 3.0
"""How long a page waits for the answer to what was posted; what comes later is seen on the next look."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever holds the key of a chat."""

    key: str
    external_id: str
    seat: str = ""


@dataclass(slots=True)
class House:
    """The parts that the pages are made with."""

    transcript: Transcript
    pages: Pages
    cookies: Cookies
    watching: Watching
    now: Callable[[], datetime]
    public_url: str
    seats: Mapping[str, str]
    exit_url: str
    receive: Receive | None = None
    sending: Limit = field(init=False)
    """What one chat may send."""
    opening: Limit = field(init=False)
    """How many chats may be opened from one network address: a school has one for all."""
    trying: Limit = field(init=False)
    """How many private links may be tried from one network address."""

    def __post_init__(self) -> None:
        self.sending = Limit(40, 2, self.now)
        self.opening = Limit(300, 1, self.now)
        self.trying = Limit(10, 10 / 3600, self.now)

    def seat(self, named: str) -> str:
        """The seat that a page or form names: "" off the stage."""
        return named if named in self.seats else ""

    async def visitor(self, request: Request, seat: str) -> Visitor | None:
        """Who is there, by the cookie. On the stage a seat is taken by whoever looks at it."""
        key = self.seats[seat] if seat else self.cookies.key(request.headers, "")
        if key is None:
            return None
        external_id = await self.transcript.opens(key_hash(key))
        return Visitor(key, external_id, seat) if external_id else None

    async def begin(self, key: str, seat: str) -> Visitor:
        """Let a new key open a chat of its own.

        The chat's name is not made from the key, so that a key which was forgotten leads nowhere; a
        seat's is, because the sample programme has to know it.
        """
        external_id = key_hash(key if seat else fresh_key())
        await self.transcript.add_key(key_hash(key), external_id)
        return Visitor(key, await self.transcript.opens(key_hash(key)) or external_id, seat)

    async def hand_over(
        self,
        visitor: Visitor,
        message_id: str,
        request: Request,
        *,
        event: Literal["heard", "opened", "left", "returned"] = "heard",
        heard: Heard | None = None,
        link: str = "",
        shown_id: str = "",
    ) -> None:
        """Give what somebody did to the house. Raises what the house raises: then nothing happened."""
        if self.receive is None:
            raise NotOpen
        await self.receive(
            Arrival(
                CHANNEL,
                message_id,
                Sender(visitor.external_id, language_of(request.headers.get("Accept-Language", ""))),
                self.now(),
                event=event,
                heard=heard or Heard(),
                link=link[:64],
                shown_id=shown_id,
            )
        )

    async def settled(self, external_id: str) -> None:
        """Wait until the house has answered."""

        async def done() -> bool:
            return not await self.transcript.waiting(external_id)

        await self.watching.until(external_id, done, ANSWER_SECONDS)

    def plain(
        self, request: Request, kind: PlainKind, *, seat: str = "", status: int = 200, token: str = "", value: str = ""
    ) -> Response:
        """A page beside the chat."""
        language = self.pages.language(request.headers.get("Accept-Language", ""))
        return page(self.pages.plain(PlainView(kind, language, seat, token, value)), status)


class NotOpen(Exception):
    """The house does not receive yet, or not any more. The web server answers 503."""


PlainKind = Literal["cookies", "hidden", "come back", "link", "no link", "forget", "forgotten", "lost", "full"]


def page(html: str, status: int = 200, *headers: tuple[str, str]) -> Response:
    """A page that no cache keeps: on a shared phone "back" must show nothing."""
    return Response(
        status, html.encode("utf-8", "replace"), "text/html; charset=utf-8", (("Cache-Control", "no-store"), *headers)
    )


def to(path: str, *headers: tuple[str, str], **query: str) -> Response:
    """Go on to a page by GET."""
    asked = urlencode({name: value for name, value in query.items() if value})
    target, mark, fragment = path.partition("#")
    location = f"{target}{'?' if asked else ''}{asked}{mark}{fragment}"
    return Response(303, headers=(("Location", location), ("Cache-Control", "no-store"), *headers))
