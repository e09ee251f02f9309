"""Long polling of the Bot API: the platform is told only what is committed here. Both Telegram bots poll by it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from handlers.channel import SendFailed

Handle = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes one update; returns once it is safe here, raises if it is not."""
_CHATS_AT_ONCE = 64
_POLL_SECONDS = 25
_LARGEST_ID = 2**53
_STOP_SECONDS = 10.0
log = logging.getLogger(__name__)


def chat_of(update: Mapping[str, Any]) -> int | None:
    """The chat whose order the update belongs to; a tap belongs to the chat of the person who tapped."""
    for body in update.values():
        if isinstance(body, dict):
            place = body.get("chat") or body.get("from")
            if isinstance(place, dict) and isinstance(place.get("id"), int):
                return int(place["id"])
    return None


class PollLine(Protocol):
    """What polling needs of the line."""

    async def updates(self, offset: int, wait: int) -> list[Any]:
        """The next updates."""
        ...

    async def confirm(self, offset: int) -> None:
        """Confirms everything below."""
        ...

    async def delete_webhook(self) -> None:
        """Makes polling possible."""
        ...


def pause(failures: int, most: float = 30.0) -> float:
    """Seconds before the next attempt: doubling from half a second, with jitter."""
    return float(min(most, 0.5 * 2 ** min(failures, 10)) * random.uniform(0.5, 1.0))


def update_id(update: Any) -> int | None:
    """The id of something that has the shape of an update."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and 0 <= number < _LARGEST_ID else None


class Poller:
    """Fetches updates, hands them over, and confirms them by asking for the next."""

    def __init__(
        self,
        line: PollLine,
        handle: Handle,
        *,
        pause: Callable[[int], float] = pause,
        order_of: Callable[[dict[str, Any]], object] = chat_of,
    ) -> None:
        self.state = "starting"
        """For the health page: starting, receiving, unreachable, conflict, unauthorised, house, stopped."""
        self._line = line
        self._handle = handle
        self._pause = pause
        self._order_of = order_of
        self._offset = 0
        self._safe: set[int] = set()
        """Updates handed over that cannot be confirmed yet, because an earlier one failed."""
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._task: asyncio.Task[Any] | None = None
        self._waiting = False

    async def run(self) -> None:
        """Polls until `stop`. Survives every failure of the network, the platform and the house."""
        self._task = asyncio.current_task()
        failures = 0
        deleted = False
        try:
            while not self._stopping.is_set():
                try:
                    if not deleted:
                        await self._interruptible(self._line.delete_webhook())
                        deleted = True
                        if self._stopping.is_set():
                            break
                    batch = await self._interruptible(self._line.updates(self._offset, _POLL_SECONDS))
                except SendFailed as failure:
                    failures += 1
                    await self._trouble(failure, failures)
                    continue
                if batch is None:
                    break
                self.state = "receiving"
                if await self._take(batch):
                    failures = 0
                else:
                    failures += 1
                    self.state = "house"
                    await self._rest(self._pause(failures))
            await self._confirm()
        finally:
            self.state = "stopped"
            self._ended.set()

    async def stop(self) -> None:
        """Ends the polling; a batch in hand is finished and confirmed first."""
        self._stopping.set()
        if self._task is None:
            return
        if self._waiting:
            self._task.cancel()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            log.warning("telegram: polling did not end within %s s", _STOP_SECONDS)

    async def _interruptible(self, wait: Awaitable[Any]) -> Any:
        """Waits for the platform; None if `stop` came instead."""
        self._waiting = True
        try:
            return await wait
        except asyncio.CancelledError:
            if not self._stopping.is_set() or self._task is None:
                raise
            self._task.uncancel()
            return None
        finally:
            self._waiting = False

    async def _trouble(self, failure: SendFailed, failures: int) -> None:
        seconds = self._pause(failures)
        if failure.kind == "wait" and failure.after is not None:
            seconds = failure.after.total_seconds()
        if failure.kind == "stopped":
            self.state, seconds = "unauthorised", max(seconds, self._pause(8))
        elif "conflict" in failure.reason.lower():
            self.state = "conflict"
        else:
            self.state = "unreachable"
        log.warning("telegram: no updates (%s), next attempt in %.1f s", failure.reason, seconds)
        await self._rest(seconds)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _take(self, batch: list[Any]) -> bool:
        """Hands a batch over: chats side by side, each in order. True if all of it is safe."""
        numbered = sorted(
            ((number, u) for u in batch if (number := update_id(u)) is not None), key=lambda pair: pair[0]
        )
        if not numbered:
            # all before is confirmed by this very call; ids may start anew, at random, after a quiet week
            self._offset = 0
            # something without a number can never be confirmed: ask again, but not at once
            return not batch
        chats: dict[object, list[tuple[int, dict[str, Any]]]] = {}
        for number, update in numbered:
            if number not in self._safe:
                chats.setdefault(self._order_of(update), []).append((number, update))
        gate = asyncio.Semaphore(_CHATS_AT_ONCE)
        failed = await asyncio.gather(*(self._one_chat(gate, queue) for queue in chats.values()))
        open_ids = [number for number in failed if number is not None]
        self._offset = min(open_ids) if open_ids else numbered[-1][0] + 1
        self._safe = {number for number in self._safe if number > self._offset}
        return not open_ids

    async def _one_chat(self, gate: asyncio.Semaphore, queue: list[tuple[int, dict[str, Any]]]) -> int | None:
        """Hands over the updates of one chat. Returns the id at which it had to stop, if it had to."""
        async with gate:
            for number, update in queue:
                try:
                    await self._handle(update)
                except Exception as error:  # noqa: BLE001  whatever it is, the update stays there
                    log.error("telegram: an update was not taken (%s), it will come again", type(error).__name__)
                    return number
                self._safe.add(number)
        return None

    async def _confirm(self) -> None:
        """Confirms the last batch, so that the next start need not see it again. Not needed, only tidy."""
        if self._offset:
            try:
                await self._line.confirm(self._offset)
            except SendFailed as failure:
                log.info("telegram: the last batch will come again (%s)", failure.reason)
