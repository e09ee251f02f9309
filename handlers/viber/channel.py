"""The Viber channel: the channel contract, kept by the line (sending) and by receiving."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from conversations.speech import Spoken
from handlers.channel import Arrival, Receive, Relay, Route, SendFailed, Sent
from handlers.viber import writing
from handlers.viber.abilities import CAPABILITIES, CHANNEL, PACE, SENDER_NAME
from handlers.viber.errors import INVALID_URL, NO_BROADCAST, ViberFailed
from handlers.viber.hosting import FILE_PATH, Hosting
from handlers.viber.line import Line
from handlers.viber.media import Media
from handlers.viber.memory import Fleeting, Memory
from handlers.viber.reading import is_page, read
from handlers.viber.receiving import WEBHOOK_PATH, NotOpen, Webhook
from handlers.viber.sending import Sending

Spawn = Callable[[str, Coroutine[Any, Any, None]], None]
"""Runs a coroutine in the background under a name, and keeps hold of it."""
OFFICIAL_API = "https://chatapi.viber.com"
log = logging.getLogger(__name__)


def pause(failures: int, most: float = 60.0) -> float:
    """Seconds before the next attempt to be reached: doubling from one second."""
    return float(min(most, 2 ** min(failures - 1, 10)))


class ViberChannel:
    """One bot on Viber, at a public https address. Nothing is opened before `start` or the first send.

    `sender_name` stands above each message, at most 28 characters. `pause` gives the seconds to wait after so
    many failures in a row. `now` gives the time (aware, UTC). `memory` is what all processes share.
    Raises ValueError for a token, address or name that cannot be one; the token does not stand in the message.
    """

    name = CHANNEL
    pace = PACE

    def __init__(
        self,
        token: str,
        *,
        spawn: Spawn,
        now: Callable[[], datetime],
        public_url: str,
        api_url: str = OFFICIAL_API,
        sender_name: str = "Putokaz",
        pause: Callable[[int], float] = pause,
        memory: Memory | None = None,
    ) -> None:
        _check(token, public_url, sender_name)
        self.capabilities = CAPABILITIES
        self.uri = ""
        """The bot's name for deep links, `viber://pa?chatURI=<uri>&context=...`; known after `start`."""
        self.ignored = 0
        """Callbacks that had nothing for the house."""
        self.state = "starting"
        """For the health page: starting, receiving, unreachable (Viber is not reached), webhook (Viber does not
        reach us), unauthorised, stopped."""
        self._public_url = public_url.rstrip("/")
        self._sender = sender_name.strip()
        self._line = Line(token, api_url)
        self._media = Media(api_url)
        self._memory: Memory = memory or Fleeting()
        self._hosting = Hosting(self._public_url, self._memory, now)
        self._sending = Sending(self._line, self._memory, self._hosting, self._sender, now)
        self._webhook = Webhook(token, self.handle)
        self._spawn = spawn
        self._now = now
        self._pause = pause
        self._receive: Receive | None = None
        self._stopping = asyncio.Event()

    def routes(self) -> Sequence[Route]:
        """The webhook, and the files that the platform fetches from us."""
        return (
            Route("POST", WEBHOOK_PATH, self._webhook.answer),
            Route("GET", FILE_PATH, self._hosting.answer),
            Route("HEAD", FILE_PATH, self._hosting.answer),
        )

    # ------------------------------------------------------------ receiving

    async def start(self, receive: Receive) -> None:
        """Begins to receive. Raises SendFailed "stopped" for a wrong token, "refused" for what Viber does not take.

        Viber calls the webhook before it takes it: where that cannot be reached yet, or Viber cannot, receiving
        begins when it can.
        """
        self._receive = receive
        if not await self._settled():
            self._spawn("viber-settling", self._settle_later())

    async def _settled(self) -> bool:
        """Learns the bot's address and sets the webhook. False where it is worth trying again."""
        try:
            self.uri = str((await self.account()).get("uri") or "")
            await self._line.set_webhook(self._public_url + WEBHOOK_PATH)
        except ViberFailed as failure:
            if failure.kind in ("stopped", "refused", "gone") and failure.status != INVALID_URL:
                self.state = "unauthorised"
                raise
            self.state = "webhook" if failure.status == INVALID_URL else "unreachable"
            log.warning("viber: not receiving yet (%s)", failure.reason)
            return False
        self.state = "receiving"
        return True

    async def _settle_later(self) -> None:
        """Tries until it is settled, refused or stopped."""
        failures = 0
        while True:
            failures += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause(failures)):
                    await self._stopping.wait()
            if self._stopping.is_set():
                return
            try:
                if await self._settled():
                    return
            except SendFailed as failure:
                log.error("viber: cannot receive (%s)", failure.reason)
                return

    async def account(self) -> dict[str, Any]:
        """What Viber says of the bot, asked now: `name`, `uri`, `webhook`, ... Raises SendFailed."""
        return await self._line.account()

    async def stop(self) -> None:
        """Stops receiving and closes connections. The webhook stays set: what comes meanwhile comes again."""
        self._stopping.set()
        self._receive = None
        self.state = "stopped"
        await self._line.close()
        await self._media.close()

    async def handle(self, callback: dict[str, Any]) -> dict[str, Any] | None:
        """Takes one callback: returns once it is committed, with the welcome where there is one to show.

        Raises what the house raises.
        """
        said = read(callback, self._now())
        arrival = said.arrival
        if arrival.event == "ignored":
            self.ignored += callback.get("event") != "webhook"
            return None
        if self._receive is None:
            raise NotOpen
        if await self._opens_a_page(arrival):
            self.ignored += 1
            return None
        if arrival.event in ("heard", "opened", "returned"):
            self._sending.heard_from(arrival.sender.external_id)
            await self._memory.change([arrival.sender.external_id], lambda known: known.heard(said.version))
        shown = await self._receive(self._fetching(arrival))
        if shown is None or not arrival.inline:
            return None
        return await self._welcome(arrival.sender.external_id, shown, said.version)

    async def _opens_a_page(self, arrival: Arrival) -> bool:
        """True for what is no word of the person's: a button that opens a page sends the page's address as well."""
        if not is_page(arrival.heard.text):
            return False
        external_id = arrival.sender.external_id
        known = (await self._memory.known([external_id])).get(external_id)
        shown = known.shown if known is not None else ()
        return any(button.url == arrival.heard.text for buttons in shown for button in buttons)

    async def _welcome(self, external_id: str, message: Spoken, version: int | None) -> dict[str, Any] | None:
        try:
            made = writing.silently(writing.welcome(self._sender, message), version)
        except ValueError as error:
            log.error("viber: a welcome cannot be shown (%s)", type(error).__name__)
            return None
        await self._memory.change([external_id], lambda known: known.welcomed(message.buttons))
        return made

    def _fetching(self, arrival: Arrival) -> Arrival:
        attachment = arrival.heard.attachment
        if attachment is None or not attachment.ref:
            return arrival
        return replace(arrival, fetch=partial(self.fetch, attachment.ref))

    async def fetch(self, ref: str) -> bytes:
        """The content of an attachment by its `ref`, at most 20 MB. Raises SendFailed.

        Viber keeps it for an hour only.
        """
        return await self._media.download(ref)

    # ------------------------------------------------------------ sending

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Shows a message, always as a new one: Viber cannot change what it has shown.

        A message that is not fitted yet is fitted here and sent part by part. If it breaks off after the
        first part the failure is "unsure", because something was shown: fit first where that matters.
        Raises SendFailed, and nothing else.
        """
        del shown_id  # nothing can be shown in place of something else
        return Sent(await self._sending.to_one(external_id, message, relay))

    async def send_many(self, external_ids: Sequence[str], message: Spoken) -> Mapping[str, Sent | SendFailed]:
        """Shows one message to at most 300 people with one call; says for each what became of it.

        All get the same `shown_id`. Raises SendFailed when nobody was reached: "retry" once where the account
        may not broadcast, and from then on `capabilities.many` is 0.
        """
        try:
            return await self._sending.to_many(external_ids, message)
        except ViberFailed as failure:
            if failure.status in NO_BROADCAST:
                self.capabilities = replace(CAPABILITIES, many=0)
            raise


def _check(token: str, public_url: str, sender_name: str) -> None:
    reason = ""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        reason = "the Viber token does not look like one"
    elif not public_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        reason = "Viber needs a public https address"
    elif not 1 <= len(sender_name.strip()) <= SENDER_NAME:
        reason = f"the name above Viber's messages has 1 to {SENDER_NAME} characters"
    if reason:
        raise ValueError(reason)
