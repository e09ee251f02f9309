"""The console channel: the channel contract in a terminal, for one person. The reference for all others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TextIO

from conversations.speech import Spoken, SpokenButton
from handlers.channel import Arrival, Pace, Receive, Relay, Route, Sender, SendFailed, Sent
from handlers.console.reading import read
from handlers.console.writing import CAPABILITIES, numbers, shown

CHANNEL = "console"
ANSWER_SECONDS = 3.0
"""How long the answer to a line is waited for before the next line is read."""
AGAIN = (0.05, 0.5, 2.0)
"""Seconds after which a line is handed over again that the house could not take."""


Waiting = Callable[[str], Awaitable[bool]]
"""Knows of an external id whether an answer to it is on its way."""


class Console:
    """Reads lines from `source` and prints to `out`, as the person named `who`.

    `now` gives the time (aware, UTC); `fresh` makes names for messages, so that each line counts once,
    also across restarts; `waiting` tells whether an answer is still to come: lines are taken one after
    another, each after the answer to the one before, also when they come through a pipe.
    """

    name = CHANNEL
    capabilities = CAPABILITIES
    pace = Pace(per_second=1000, per_chat_second=1000, chat_burst=1000)

    def __init__(
        self,
        source: Iterable[str],
        out: TextIO,
        *,
        now: Callable[[], datetime],
        fresh: Callable[[], str],
        waiting: Waiting,
        who: str = "me",
        language: str = "",
    ) -> None:
        self._source, self._out = source, out
        self._now, self._fresh, self._waiting = now, fresh, waiting
        self._sender = Sender(f"console-{who}", language)
        self._receive: Receive | None = None
        self._offered: Mapping[str, str] = {}
        self._labels: tuple[SpokenButton, ...] = ()
        self._shown = 0
        self._came = asyncio.Event()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()

    @property
    def external_id(self) -> str:
        """The address of whoever sits at the terminal."""
        return self._sender.external_id

    def routes(self) -> Sequence[Route]:
        """None: a terminal is no web page."""
        return ()

    async def start(self, receive: Receive) -> None:
        """Begin to receive. The talking itself is `talk`."""
        self._receive = receive

    async def stop(self) -> None:
        """Stop receiving."""
        self._receive = None
        self._lines.put_nowait(None)

    async def talk(self, *, greet: bool = True) -> None:
        """Take lines until there are no more, or the channel is stopped. With `greet` the chat is opened first."""
        if greet:
            await self._take("/start")
        loop = asyncio.get_running_loop()

        def pour() -> None:
            # in a thread of its own: a terminal that waits for somebody to type must not hold up the house
            try:
                for line in self._source:
                    loop.call_soon_threadsafe(self._lines.put_nowait, line)
                loop.call_soon_threadsafe(self._lines.put_nowait, None)
            except (RuntimeError, ValueError):
                return  # the house closed while somebody was typing

        threading.Thread(target=pour, name="console", daemon=True).start()
        while (line := await self._lines.get()) is not None:
            await self._take(line)

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Print a message. A terminal cannot change what stands there: `shown_id` is not used.

        Raises SendFailed, and nothing else.
        """
        del shown_id, relay
        if external_id != self.external_id:
            raise SendFailed("gone", "somebody else sits at this terminal")
        try:
            print(f"{shown(message)}\n", file=self._out, flush=True)
        except (OSError, ValueError) as error:
            raise SendFailed("gone", type(error).__name__) from None
        on_offer = numbers(message)
        if on_offer or message.buttons or message.cards:
            self._offered = on_offer
            self._labels = (*(button for card in message.cards for button in card.buttons), *message.buttons)
        self._shown += 1
        self._came.set()
        return Sent(str(self._shown))

    async def _take(self, line: str) -> None:
        typed = read(line, self._offered, self._labels)
        if typed is None or self._receive is None:
            return
        arrival = Arrival(
            CHANNEL,
            self._fresh(),
            self._sender,
            self._now(),
            event=typed.event,
            heard=typed.heard,
            link=typed.link,
            shown_id=str(self._shown) if typed.heard.tap else "",
        )
        await self._hand_over(arrival)
        await self._answered()

    async def _hand_over(self, arrival: Arrival) -> None:
        """Give a line to the house; one that it cannot take now is given again, under the same name."""
        for pause in (*AGAIN, None):
            try:
                if self._receive is not None:
                    await self._receive(arrival)
            except Exception:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    async def _answered(self) -> None:
        until = asyncio.get_running_loop().time() + ANSWER_SECONDS
        while await self._waiting(self.external_id) and asyncio.get_running_loop().time() < until:
            self._came.clear()
            await _within(0.05, self._came.wait())


async def _within(seconds: float, what: Awaitable[object]) -> None:
    """Wait for something, but not longer than that."""
    try:
        await asyncio.wait_for(what, seconds)
    except TimeoutError:
        return
