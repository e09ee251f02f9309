"""What all fakes share: a memory whose changes wake whoever waits, and a screen that can be waited for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar


class Changes:
    """One lock around everything that changes; whoever waits is woken by every change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.condition = threading.Condition(self.lock)
        self.changes = 0
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def touch(self) -> int:
        """Something changed: wakes everybody who waits, in any thread or loop."""
        with self.condition:
            self.changes += 1
            self.condition.notify_all()
            waiters, self._waiters = self._waiters, []
        for loop, future in waiters:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, future)
        return self.changes

    async def changed(self, within: float, seen: int) -> bool:
        """Waits until there is a change after `seen`, at most `within` seconds; False if none came."""
        loop = asyncio.get_running_loop()
        with self.lock:
            if self.changes > seen:
                return True
            future: asyncio.Future[None] = loop.create_future()
            self._waiters.append((loop, future))
        try:
            await asyncio.wait_for(future, within)
        except TimeoutError:
            return False
        finally:
            with self.lock:
                self._waiters = [waiter for waiter in self._waiters if waiter[1] is not future]
        return True


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class Seen(Protocol):
    """A message as somebody sees it."""

    @property
    def text(self) -> str: ...
    @property
    def labels(self) -> list[str]: ...
    @property
    def changed(self) -> int:
        """The change that last touched it, for "since"."""
        ...


S = TypeVar("S", bound=Seen)


class Screen(Generic[S]):
    """What somebody sees of the bot: `shown`, oldest first. `mark` is the change at which they last did something."""

    def __init__(self, memory: Changes) -> None:
        self.memory = memory
        self.shown: list[S] = []
        self.mark = 0

    @property
    def last(self) -> S:
        """The newest message of the bot."""
        return self.shown[-1]

    @property
    def texts(self) -> list[str]:
        """The words of all messages as they look now."""
        return [shown.text for shown in self.shown]

    def find(self, wanted: str | Callable[[S], bool] = "", *, since: int = 0, **where: Any) -> S | None:
        """The newest message with this text in it (or a button so labelled) that changed after `since`.

        `where`: attributes that it has; None counts as any.
        """
        with self.memory.lock:
            for shown in reversed(self.shown):
                there = all(value is None or getattr(shown, name) == value for name, value in where.items())
                if there and shown.changed > since and _fits(wanted, shown):
                    return shown
        return None

    async def wait_for(
        self, wanted: str | Callable[[S], bool] = "", within: float = 5.0, *, since: int | None = None, **where: Any
    ) -> S:
        """Waits (seconds) until such a message is shown or changed, by default after the last act here.

        Raises TimeoutError, telling what is shown instead.
        """
        after = self.mark if since is None else since
        deadline = time.monotonic() + within
        while True:
            seen = self.memory.changes
            found = self.find(wanted, since=after, **where)
            if found is not None:
                return found
            left = deadline - time.monotonic()
            if left <= 0 or not await self.memory.changed(left, seen):
                raise TimeoutError(self._instead(wanted))

    def wait(
        self, wanted: str | Callable[[S], bool] = "", within: float = 5.0, *, since: int | None = None, **where: Any
    ) -> S:
        """`wait_for`, for tests without an event loop."""
        after = self.mark if since is None else since
        with self.memory.condition:
            if self.memory.condition.wait_for(lambda: self.find(wanted, since=after, **where), within):
                found = self.find(wanted, since=after, **where)
                assert found is not None
                return found
        raise TimeoutError(self._instead(wanted))

    def _instead(self, wanted: object) -> str:
        return f"waited for {wanted!r}; shown last: {[(shown.text, shown.labels) for shown in self.shown[-4:]]}"


def _fits(wanted: str | Callable[[S], bool], shown: S) -> bool:
    if callable(wanted):
        return wanted(shown)
    return wanted in shown.text or wanted in shown.labels
