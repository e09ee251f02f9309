"""The Telegram channel: the channel contract, kept by the line (sending) and by receiving."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from conversations.speech import Spoken
from handlers.channel import Arrival, Receive, Relay, Route, SendFailed, Sent
from handlers.fitting import fit
from handlers.polling import Poller, pause
from handlers.telegram.abilities import CAPABILITIES, PACE, with_pages_written_out
from handlers.telegram.reading import CHANNEL, read
from handlers.telegram.receiving import Webhook

if TYPE_CHECKING:
    from handlers.telegram.line import Line

Spawn = Callable[[str, Coroutine[Any, Any, None]], None]
"""Runs a coroutine in the background under a name, and keeps hold of it."""
OFFICIAL_API = "https://api.telegram.org"
WEBHOOK_PATH = "/telegram/webhook"
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
log = logging.getLogger(__name__)


class TelegramChannel:
    """One bot on Telegram. Constructing it imports aiogram, which takes seconds: do so in a thread.

    `public_url` (https) chooses the webhook; without it the bot polls and needs no address.
    `pause` gives the seconds to wait after so many failures in a row.
    `secret` guards the webhook: 16 to 256 of A-Z a-z 0-9 _ -. `now` gives the time (aware, UTC).
    Raises ValueError for a token or secret that cannot be one; neither stands in the message.
    """

    name = CHANNEL
    capabilities = CAPABILITIES
    pace = PACE

    def __init__(
        self,
        token: str,
        *,
        spawn: Spawn,
        now: Callable[[], datetime],
        api_url: str = OFFICIAL_API,
        public_url: str | None = None,
        secret: str = "",
        pause: Callable[[int], float] = pause,
    ) -> None:
        from handlers.telegram.line import Line  # only here: this is what imports aiogram

        if public_url and not _SECRET.fullmatch(secret):
            reason = "the webhook needs a secret of 16 to 256 letters, digits, _ or -"
            raise ValueError(reason)
        self.username = ""
        """The bot's name for deep links, `https://t.me/<username>?start=...`; known after `start`."""
        self.ignored = 0
        """Updates that had nothing for the house."""
        self._line: Line = Line(token, api_url)
        self._spawn = spawn
        self._now = now
        self._public_url = (public_url or "").rstrip("/")
        self._secret = secret
        self._receive: Receive | None = None
        self._poller: Poller | None = None
        self._webhook = Webhook(secret, self.handle) if public_url else None
        self._state = "starting"
        self._pause = pause
        self._stopping = asyncio.Event()
        self._asked: set[int] = set()
        """Chats where a keyboard was left below the text field."""

    @property
    def state(self) -> str:
        """For the health page: starting, receiving, unreachable, conflict, unauthorised, house, stopped."""
        return self._poller.state if self._poller else self._state

    def routes(self) -> Sequence[Route]:
        """The webhook, where there is a public address."""
        return (Route("POST", WEBHOOK_PATH, self._webhook.answer),) if self._webhook else ()

    # ------------------------------------------------------------ receiving

    async def start(self, receive: Receive) -> None:
        """Begins to receive. Raises SendFailed "stopped" for a wrong token, "refused" for a webhook that is not taken.

        A network that is down is no reason to fail: receiving begins when it is back.
        """
        self._receive = receive
        settled = False
        try:
            await self._settle()
            settled = True
        except SendFailed as failure:
            if failure.kind in ("stopped", "refused", "gone"):
                self._state = "unauthorised"
                raise
            log.warning("telegram: not reached yet (%s)", failure.reason)
            self._state = "unreachable"
        if not settled:
            self._spawn("telegram-settling", self._settle_later())
        if not self._webhook:
            self.poll()

    def poll(self) -> None:
        """Receives by polling: without a public address, or where the platform takes no webhook at ours."""
        self._webhook = None
        self._poller = Poller(self._line, self.handle, pause=self._pause)
        self._spawn("telegram-polling", self._poller.run())

    async def _settle(self) -> None:
        """Learns the bot's name and sets the webhook, if there is one."""
        self.username = await self.ask_name()
        if self._webhook:
            url = self._public_url + WEBHOOK_PATH
            await self._line.set_webhook(url, self._secret)
            if not await self._line.has_webhook(url):
                raise SendFailed("refused", "telegram: the webhook was not kept")
            self._state = "receiving"

    async def ask_name(self) -> str:
        """The bot's user name, asked of the platform now. Raises SendFailed."""
        return str((await self._line.me()).get("username", ""))

    async def ask_called(self) -> str:
        """What the bot is called by its owner, in no language of its own, asked now. Raises SendFailed."""
        return str((await self._line.me()).get("first_name", ""))

    async def _settle_later(self) -> None:
        """Tries until the platform is reached or the channel is stopped."""
        failures = 0
        while True:
            failures += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause(failures)):
                    await self._stopping.wait()
            if self._stopping.is_set():
                return
            try:
                await self._settle()
            except SendFailed as failure:
                log.warning("telegram: not reached yet (%s)", failure.reason)
            else:
                return

    async def stop(self) -> None:
        """Stops receiving and closes connections. A webhook stays set: what comes meanwhile waits there."""
        self._stopping.set()
        if self._poller:
            await self._poller.stop()
        self._receive = None  # a post that still comes is told to come again
        self._state = "stopped"
        await self._line.close()

    async def handle(self, update: dict[str, Any]) -> None:
        """Takes one update: returns once it is committed, raises what the house raises."""
        said = read(update, self._now())
        if said.leave is not None:
            self._spawn("telegram-leave", self._quietly("leave", self._line.leave(said.leave)))
        if said.arrival.event == "ignored":
            self.ignored += 1
        elif self._receive is None:
            reason = "the channel is not started"
            raise RuntimeError(reason)
        else:
            await self._receive(self._fetching(said.arrival))
        if said.press:
            self._spawn("telegram-press", self._quietly("answer", self._line.answer_press(said.press)))

    def _fetching(self, arrival: Arrival) -> Arrival:
        attachment = arrival.heard.attachment
        if attachment is None or not attachment.ref:
            return arrival
        return replace(arrival, fetch=partial(self.fetch, attachment.ref))

    async def fetch(self, ref: str) -> bytes:
        """The content of an attachment by its `ref`, at most 20 MB. Raises SendFailed."""
        return await self._line.download(ref)

    async def _quietly(self, what: str, call: Coroutine[Any, Any, None]) -> None:
        try:
            await call
        except SendFailed as failure:
            log.info("telegram: could not %s (%s)", what, failure.reason)

    # ------------------------------------------------------------ sending

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Shows a message, in place of `shown_id` if it asks for that and the platform still can.

        A message that is not fitted yet is fitted here and sent part by part. If it breaks off after the
        first part the failure is "unsure", because something was shown: fit first where that matters.
        Raises SendFailed, and nothing else.
        """
        if not re.fullmatch(r"-?[0-9]{1,19}", external_id):
            raise SendFailed("refused", "telegram: no such address")
        chat = int(external_id)
        shown = ""
        for part in fit(with_pages_written_out(message), self.capabilities):
            try:
                shown = await self._send_part(chat, part, shown_id, relay)
            except SendFailed as failure:
                if shown and failure.kind in ("wait", "retry"):
                    raise SendFailed("unsure", f"{failure.reason}, after a first part") from None
                raise
        return Sent(shown)

    async def _send_part(self, chat: int, part: Spoken, shown_id: str, relay: Relay | None) -> str:
        asks = any(button.asks for button in part.buttons)
        only_text = part.venue is None and part.document is None and part.relay is None
        editable = part.replaces and only_text and not asks and shown_id.isascii() and shown_id.isdigit()
        if editable and await self._line.change(chat, int(shown_id), part):
            return shown_id
        shown = await self._line.show(chat, part, relay, clear=chat in self._asked)
        if asks:
            self._asked.add(chat)
        elif not part.buttons:
            self._asked.discard(chat)
        return shown

    # ------------------------------------------------------------ the profile

    async def set_menu(self, commands: Mapping[str, Mapping[str, str]]) -> None:
        """The command menu of all private chats: by language ("" for everybody else), name to description.

        What is set so already is not set again, here and in the four below: the platform limits how often a
        profile may be changed, for the name to a few times a day. Raises SendFailed, as they do.
        """
        await self._line.set_commands(commands, None)

    async def set_staff_menu(self, external_id: str, commands: Mapping[str, Mapping[str, str]]) -> None:
        """The command menu of one chat, which goes before the common one. An empty mapping takes it back."""
        await self._line.set_commands(commands or {"": {}}, int(external_id))

    async def set_name(self, texts: Mapping[str, str]) -> None:
        """What the bot is called in lists and above its chats (at most 64), by language."""
        await self._line.set_name(texts)

    async def set_description(self, texts: Mapping[str, str]) -> None:
        """What stands in an empty chat above START (at most 512), by language."""
        await self._line.set_description(texts)

    async def set_short_description(self, texts: Mapping[str, str]) -> None:
        """What stands on the bot's profile and goes along with its link (at most 120), by language."""
        await self._line.set_short_description(texts)
