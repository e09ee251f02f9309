"""A channel whose token one process at a time may use: it comes when its library is there, and sends under a lease."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bot.running.logs import log
from handlers.channel import Channel, Request, Response, Route, SendFailed

if TYPE_CHECKING:
    from bot.assembly import House

LINK_LOOKS = 5.0
"""Seconds between looks for the name that deep links need, where the platform was not reached at first."""
Spawn = Callable[[str, Coroutine[Any, Any, None]], None]


class Platform(Protocol):
    """What is a platform's own. Everything else is `ChannelLine`."""

    name: str
    """The channel's name, and that of its lease."""
    label: str
    """As people know it."""
    module: str
    """What takes long to import: it is imported in a thread beside the serving page."""

    def paths(self) -> Sequence[tuple[str, str]]:
        """Method and path of each route the channel will have; none where it polls."""
        ...

    def make(self, spawn: Spawn) -> Channel:
        """The channel, once `module` is imported. It is asked for once for each time that the line opens."""
        ...

    def link(self) -> str | None:
        """What the code of a deep link is appended to; "" while it is not known, None where nobody comes by a link."""
        ...

    async def beside(self, going: Callable[[], bool]) -> None:
        """What whoever holds the lease does besides, while `going`."""
        ...


@runtime_checkable
class Polls(Protocol):
    """A channel that can fetch what comes in, where its platform takes no webhook."""

    def poll(self) -> None:
        """Receive by polling from now on. By one process at a time."""
        ...


class ChannelLine:
    """One channel in the house. Who holds the lease sends; with a webhook every process receives."""

    def __init__(self, house: House, platform: Platform) -> None:
        self._house, self._platform = house, platform
        self._paths = tuple(platform.paths())
        self._channel: Channel | None = None
        self._here = asyncio.Event()
        self._held = False

    @property
    def name(self) -> str:
        """The channel's name."""
        return self._platform.name

    def routes(self) -> Sequence[Route]:
        """The channel's paths. Until it is there, whoever calls them is told to come again."""
        return tuple(Route(method, path, self._answering(method, path)) for method, path in self._paths)

    def _answering(self, method: str, path: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            routes = self._channel.routes() if self._channel is not None else ()
            for route in routes:
                if (route.method, route.path) == (method, path):
                    return await route.answer(request)
            return Response(503)

        return answer

    async def come(self) -> None:
        """Import the library (some seconds) in a thread, and open if the lease is held by then."""
        await asyncio.to_thread(importlib.import_module, self._platform.module)
        self._here.set()
        await self._open()

    async def gained(self) -> None:
        """From now on this process sends, and polls where there is no webhook."""
        self._held = True
        if self._here.is_set():
            await self._open()

    async def lost(self) -> None:
        """From now on another process does. A webhook is received here all the same."""
        self._held = False
        if self.name in self._house.works.outbox.lanes:
            self._house.works.outbox.let_go(self.name)
        if not self._paths:
            await self.stop()

    async def stop(self) -> None:
        """Receive no more."""
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.stop()

    async def _open(self) -> None:
        if not (self._held or self._paths):
            return
        house, channel, fresh = self._house, self._channel, self._channel is None
        if channel is None:
            channel = self._channel = self._platform.make(self._spawn)
            house.works.outbox.add(channel)
        if self._held:
            await house.works.outbox.hold(self.name)
        if fresh and not await self._started(channel):
            return

        def going() -> bool:
            return self._held and self._channel is channel

        if going():
            house.nursery.start(self._platform.beside(going), f"{self.name} beside")

    async def _started(self, channel: Channel) -> bool:
        house = self._house
        try:
            await channel.start(house.works.switchboard.receive)
        except SendFailed as failure:
            if failure.kind != "refused" or not isinstance(channel, Polls):
                house.works.health.starting[self.name] = f"stopped: {failure.reason}"
                log.error("a channel cannot be used", channel=self.name, reason=failure.reason)
                return False
            log.warning("no webhook is taken, so it is polled", channel=self.name, reason=failure.reason)
            self._paths = ()
            if not self._held:
                await self.stop()
                return False
            channel.poll()
        if not self._linked():
            house.nursery.start(self._link_later(channel), f"{self.name} links")
        return True

    def _linked(self) -> bool:
        """Let everybody know how this channel is opened by a link, as soon as that is known."""
        link, label = self._platform.link(), self._platform.label
        if link is None:
            return True
        dialogue = self._house.works.dialogue
        if link and (label, link) not in dialogue.rules.links:
            others = tuple(known for known in dialogue.rules.links if known[0] != label)
            dialogue.rules = replace(dialogue.rules, links=((label, link), *others))
            self._house.works.keep_link(label, link)
        return bool(link)

    async def _link_later(self, channel: Channel) -> None:
        while self._channel is channel:
            await asyncio.sleep(LINK_LOOKS)
            if self._linked():
                return

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._house.nursery.start(work, name)
