"""Callbacks on their way to the product: signed, in order for each person, tried again for "an hour"."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from tests.fakes.viber.state import Callback, Memory

PAUSES = (1, 5, 30, 60, 300, 600, 1200, 1400)
"""Seconds between the tries: "several times for an hour" (FAQ). The true ones are not published."""
ALWAYS = frozenset(("message", "webhook"))


class Callbacks:
    """Everything that the platform tells the product."""

    def __init__(self, memory: Memory, token: str) -> None:
        self.memory = memory
        self.token = token
        self.url = ""
        self.event_types: frozenset[str] | None = None
        """What was asked for; None for all."""
        self.deliver_to = ""
        """Scheme and host where callbacks really go, in place of the public address."""
        self.pauses: Iterable[float] = PAUSES
        """Seconds between the tries of each callback, before the scale."""
        self.scale = 0.01
        """Seconds of waiting between tries per second of the platform's."""
        self.sent: dict[int, Callback] = {}
        """Every callback by token, for delivering again. A receipt has its message's token, so it is not here."""
        self.all: list[Callback] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._at_once = asyncio.Semaphore(32)
        self.loop: asyncio.AbstractEventLoop | None = None

    def wants(self, event: str) -> bool:
        """True if the product asked to be told of this."""
        return event in ALWAYS or self.event_types is None or event in self.event_types

    def add(self, key: str, body: dict[str, Any], on_answer: Any = None) -> Callback:
        """A new callback, as a dictionary."""
        callback = Callback(body["message_token"], key, json.dumps(body, ensure_ascii=False).encode(), body["event"])
        if body["event"] not in ("delivered", "seen", "failed"):
            self.sent[callback.token] = callback
        self.put(callback, on_answer)
        return callback

    def put(self, callback: Callback, on_answer: Any = None) -> None:
        """A callback as it is, however odd."""
        self.all.append(callback)
        if not self.url or not self.wants(callback.event) or self.loop is None:
            callback.lost = True
            self.memory.touch()
            return
        asyncio.run_coroutine_threadsafe(self._start(callback, on_answer), self.loop)

    async def _start(self, callback: Callback, on_answer: Any) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(callback, on_answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, callback: Callback, on_answer: Any) -> None:
        """Tries until it is taken. Only the first tries of one person wait for each other."""
        lock = self._locks.setdefault(callback.key, asyncio.Lock())
        async with lock:
            taken = await self._try(callback, on_answer)
        for pause in self.pauses:
            if taken:
                return
            await asyncio.sleep(pause * self.scale)
            taken = await self._try(callback, on_answer)
        callback.lost = not taken
        self.memory.touch()

    async def _try(self, callback: Callback, on_answer: Any) -> bool:
        status, answer = await self.post(callback.body)
        if status == 200 and on_answer is not None:
            on_answer(answer)
        with self.memory.lock:
            callback.tries += 1
            callback.answers.append(status)
            callback.done = callback.done or status == 200
        self.memory.touch()
        return status == 200

    async def post(self, body: bytes, signature: str | None = None) -> tuple[int, bytes]:
        """Posts once, rightly signed unless told otherwise. Returns the status (0: no answer) and the answer."""
        headers = {"Content-Type": "application/json", "X-Viber-Content-Signature": signature or self.sign(body)}
        try:
            async with (
                self._at_once,
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
                session.post(self._target(), data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, b""

    def sign(self, body: bytes) -> str:
        """The signature of a body."""
        return hmac.new(self.token.encode(), body, hashlib.sha256).hexdigest()

    def _target(self) -> str:
        if not self.deliver_to:
            return self.url
        there = urlsplit(self.deliver_to)
        return urlunsplit((there.scheme, there.netloc, urlsplit(self.url).path, "", ""))

    async def end(self) -> None:
        """Drops what is under way, and calls nobody any more."""
        self.url = ""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
