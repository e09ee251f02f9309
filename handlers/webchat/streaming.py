"""Live pages: who is looking at which chat, and the stream of events that each of them gets."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator

from handlers.webchat.transcript import Line, Transcript

LOOK_AGAIN = 5.0
"""Seconds after which a stream looks for lines that another process wrote."""
BEAT = 3
"""Every so many looks an empty comment is sent, so that a broken connection is noticed."""
STREAMS_PER_CHAT = 6
"""The most pages open on one chat; the oldest is ended for a new one."""
STREAMS = 2000


class Watching:
    """Wakes the pages that show a chat when something is added to it."""

    def __init__(self) -> None:
        self._pages: dict[str, list[asyncio.Event]] = {}
        self._ended: set[asyncio.Event] = set()
        self._closing = False

    @property
    def full(self) -> bool:
        """Whether no further page can be live: it then shows what is new when it is opened again."""
        return sum(map(len, self._pages.values())) >= STREAMS

    def wake(self, external_id: str) -> None:
        """Something was added to a chat."""
        for page in self._pages.get(external_id, ()):
            page.set()

    def close(self) -> None:
        """End all streams: the house closes."""
        self._closing = True
        for external_id in self._pages:
            self.wake(external_id)

    async def until(self, external_id: str, done: Callable[[], Awaitable[bool]], seconds: float) -> None:
        """Wait until `done`, looking whenever something is added, for at most so long."""
        with self._page(external_id) as page, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not await done():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(page.wait(), 0.1)
                    page.clear()

    async def stream(
        self,
        external_id: str,
        after: int,
        transcript: Transcript,
        draw: Callable[[Line], str],
        still_open: Callable[[], Awaitable[bool]],
    ) -> AsyncGenerator[bytes, None]:
        """Server-sent events: each line after `after`, as it comes, until the page is closed."""
        with self._page(external_id, live=True) as page:
            yield b"retry: 3000\n\n"
            looks = 0
            while not self._closing and page not in self._ended:
                page.clear()
                lines = await transcript.after(external_id, after)
                for line in lines:
                    after = line.id
                    yield _event(line, draw(line))
                if lines:
                    continue
                try:
                    await asyncio.wait_for(page.wait(), LOOK_AGAIN)
                except TimeoutError:
                    looks += 1
                    if looks % BEAT == 0:
                        yield b": \n\n"
                        if not await still_open():
                            yield b"event: over\ndata: 1\n\n"
                            return

    @contextlib.contextmanager
    def _page(self, external_id: str, *, live: bool = False) -> Iterator[asyncio.Event]:
        page = asyncio.Event()
        pages = self._pages.setdefault(external_id, [])
        if live and len(pages) >= STREAMS_PER_CHAT:
            self._ended.add(pages[0])
            pages[0].set()
        pages.append(page)
        try:
            yield page
        finally:
            pages.remove(page)
            self._ended.discard(page)
            if not pages:
                self._pages.pop(external_id, None)


def _event(line: Line, html: str) -> bytes:
    language = line.message.language if line.message else ""
    data = {"id": line.id, "mine": line.side == "person", "gone": line.gone, "language": language, "html": html}
    return f"id: {line.id}\nevent: bubble\ndata: {json.dumps(data)}\n\n".encode()
