"""The web chat channel: the channel contract, kept by a transcript that pages and streams are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from conversations.speech import Spoken
from handlers.channel import Pace, Receive, Relay, Route, SendFailed, Sent
from handlers.fitting import fit
from handlers.webchat.answering import Answering
from handlers.webchat.beside import Beside
from handlers.webchat.house import CHANNEL, House
from handlers.webchat.sessions import Cookies
from handlers.webchat.streaming import Watching
from handlers.webchat.transcript import File, Transcript
from handlers.webchat.views import Pages
from handlers.webchat.writing import CAPABILITIES

NEUTRAL_PAGE = "https://www.wikipedia.org/"
"""Where the quick exit leads."""


class WebChat:
    """The chat on a web page.

    `secret` (32 random bytes, kept by the house) signs cookies. `now` gives the time (aware, UTC).
    `public_url` is the https address people come by, if there is one: it makes cookies secure and is
    what private links begin with. `seats` are the keys of the stage's three phones, by the seat's name.
    """

    name = CHANNEL
    capabilities = CAPABILITIES
    pace = Pace(per_second=1000, per_chat_second=100, chat_burst=50)

    def __init__(
        self,
        transcript: Transcript,
        pages: Pages,
        *,
        secret: bytes,
        now: Callable[[], datetime],
        public_url: str | None = None,
        seats: Mapping[str, str] | None = None,
        exit_url: str = NEUTRAL_PAGE,
    ) -> None:
        self._watching = Watching()
        self._house = House(
            transcript=transcript,
            pages=pages,
            cookies=Cookies(secret, secure=(public_url or "").startswith("https://")),
            watching=self._watching,
            now=now,
            public_url=(public_url or "").rstrip("/"),
            seats=dict(seats or {}),
            exit_url=exit_url,
        )
        self._answering = Answering(self._house)
        self._beside = Beside(self._house)

    def routes(self) -> Sequence[Route]:
        """The pages of the chat."""
        return (*self._answering.routes(), *self._beside.routes())

    async def start(self, receive: Receive) -> None:
        """Begin to receive: until then what is posted is answered with 503 and kept on the phone."""
        self._house.receive = receive

    async def stop(self) -> None:
        """Stop receiving and end the streams; phones come back by themselves."""
        self._house.receive = None
        self._watching.close()

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Add a message to a chat, in place of `shown_id` if it asks for that.

        Raises SendFailed, and nothing else.
        """
        if not external_id:
            raise SendFailed("refused", "no web chat has this address")
        if message.relay is not None and relay is None:
            raise SendFailed("refused", "the attachment is not at hand")
        replaces = int(shown_id) if message.replaces and shown_id.isdecimal() and len(shown_id) < 19 else None
        file = File(relay.name, relay.media_type, relay.content) if relay else None
        parts = fit(message, CAPABILITIES)
        try:
            last = await self._house.transcript.shown(external_id, parts, replaces=replaces, file=file)
        except Exception as error:  # noqa: BLE001  # nothing was committed: whatever it was, it may be tried again
            raise SendFailed("retry", type(error).__name__) from None
        self._watching.wake(external_id)
        return Sent(str(last))
