"""How fast a channel may send: over all chats, in one chat, and not at all while the platform says so."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from handlers.channel import Pace

BURST = 0.2
"""Seconds of the overall pace that may be saved up and sent at once."""
CHATS_KEPT = 20_000
"""Chats remembered before those that are at rest are forgotten."""


@dataclass(slots=True)
class _Bucket:
    """A token bucket: `tokens` at the time `at`, filling up to `most` at `rate` per second."""

    rate: float
    most: float
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        if self.rate == math.inf:
            self.tokens = self.most
        elif now > self.at:
            self.tokens = min(self.most, self.tokens + (now - self.at) * self.rate)
        self.at = now

    def wait(self, wanted: float) -> float:
        """Seconds until `wanted` tokens are there; 0.0 if they are."""
        missing = wanted - self.tokens
        return 0.0 if missing <= 1e-9 else missing / self.rate


class Pacer:
    """One for each bot token. Times are in seconds of `time`, a clock that only goes forward."""

    def __init__(self, pace: Pace, time: Callable[[], float]) -> None:
        self._pace = pace
        self._time = time
        most = max(1.0, pace.per_second * BURST) if pace.per_second != math.inf else math.inf
        self._all = _Bucket(pace.per_second, most, most, time())
        self._chats: dict[int, _Bucket] = {}
        self.paused_until = 0.0

    def pause(self, seconds: float) -> None:
        """Nobody is sent anything for so long."""
        self.paused_until = max(self.paused_until, self._time() + seconds)

    def everyone(self, rank: int) -> float:
        """Seconds until a message of `rank` may go to anyone; 0.0 if now.

        A token is kept back from the lower ranks, so that an answer never queues behind a broadcast.
        """
        now = self._time()
        if now < self.paused_until:
            return self.paused_until - now
        self._all.fill(now)
        reserved = 0.0 if rank == 0 or self._all.most < 2.0 else 1.0
        return self._all.wait(1.0 + reserved)

    def chat(self, address_id: int) -> float:
        """Seconds until a message may go to this chat; 0.0 if now."""
        bucket = self._chats.get(address_id)
        if bucket is None:
            return 0.0
        bucket.fill(self._time())
        return bucket.wait(1.0)

    def spend(self, address_id: int) -> None:
        """Count a message to a chat. What is spent beyond the allowance is waited for by the next."""
        now = self._time()
        self._all.fill(now)
        if self._all.rate != math.inf:
            self._all.tokens -= 1.0
        if self._pace.per_chat_second == math.inf:
            return
        bucket = self._chats.get(address_id)
        if bucket is None:
            self._forget(now)
            most = float(max(1, self._pace.chat_burst))
            bucket = self._chats[address_id] = _Bucket(self._pace.per_chat_second, most, most, now)
        bucket.fill(now)
        bucket.tokens -= 1.0

    def _forget(self, now: float) -> None:
        if len(self._chats) < CHATS_KEPT:
            return
        for address_id, bucket in list(self._chats.items()):
            bucket.fill(now)
            if bucket.tokens >= bucket.most:
                del self._chats[address_id]
