"""How fast a channel may send: over all chats, in one chat, and not at all while the platform says so."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from handlers.channel import ChatPace, Pace

BURST = 0.4
"""Seconds of the overall pace that may be saved up and sent at once."""
KEPT = 0.1
"""The share of a second's messages that is kept for answers."""
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

    def take(self) -> None:
        """Count one message."""
        self.tokens -= 1.0

    @property
    def rests(self) -> bool:
        """True once nothing of it is used."""
        return self.tokens >= self.most


@dataclass(slots=True)
class _Window:
    """No more than `most` within any `seconds`: the times of those that still count, and the present one."""

    most: int
    seconds: float
    now: float
    times: deque[float] = field(default_factory=deque)

    def fill(self, now: float) -> None:
        self.now = now
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()

    def wait(self, wanted: float) -> float:
        """Seconds until so many more may go, from 1 to `most`; 0.0 if now."""
        over = len(self.times) + int(wanted) - 1 - self.most
        return 0.0 if over < 0 else self.times[over] + self.seconds - self.now

    def take(self) -> None:
        """Count one message."""
        self.times.append(self.now)

    @property
    def rests(self) -> bool:
        """True once nothing of it is used."""
        return not self.times


class Pacer:
    """One for each bot token. Times are in seconds of `time`, a clock that only goes forward."""

    def __init__(self, pace: Pace, time: Callable[[], float]) -> None:
        self._pace = pace
        self._time = time
        most = max(1.0, pace.per_second * BURST) if pace.per_second != math.inf else math.inf
        self._all = _Bucket(pace.per_second, most, most, time())
        self._second = _Window(max(1, int(pace.per_second)), 1.0, time()) if pace.per_second != math.inf else None
        self._chats: dict[int | str, _Bucket | _Window] = {}
        self._chat_of: dict[int, ChatPace] = {}
        self.paused_until = 0.0

    def pause(self, seconds: float) -> None:
        """Nobody is sent anything for so long."""
        self.paused_until = max(self.paused_until, self._time() + seconds)

    def everyone(self, rank: int) -> float:
        """Seconds until a message of `rank` may go to anyone; 0.0 if now.

        The pace is kept within every second, and by what is saved up. Something of both is kept back from the lower
        ranks, so that an answer never queues behind a broadcast.
        """
        now = self._time()
        if now < self.paused_until:
            return self.paused_until - now
        self._all.fill(now)
        reserved = 0.0 if rank == 0 or self._all.most < 2.0 else 1.0
        wait = self._all.wait(1.0 + reserved)
        if self._second is None:
            return wait
        self._second.fill(now)
        kept = 0.0 if rank == 0 else self._second.most * KEPT // 1
        return max(wait, self._second.wait(1.0 + kept))

    def know(self, address_id: int, external_id: str) -> None:
        """Learn which chat an address belongs to, where the platform counts several as one."""
        if self._pace.of is not None:
            self._chat_of[address_id] = self._pace.of(external_id)

    def chat(self, address_id: int) -> float:
        """Seconds until a message may go to this chat; 0.0 if now."""
        shared = self._chat_of.get(address_id)
        bucket = self._chats.get(shared.chat if shared else address_id)
        if bucket is None:
            return 0.0
        bucket.fill(self._time())
        return bucket.wait(1.0)

    def call(self) -> None:
        """Count a call of the platform, whoever it is for."""
        now = self._time()
        self._all.fill(now)
        if self._second is not None:
            self._all.take()
            self._second.fill(now)
            self._second.take()

    def spend(self, address_id: int, *, along: bool = False) -> None:
        """Count a message to a chat. What is spent beyond the allowance is waited for by the next.

        `along`: it goes in a call that was counted for another chat.
        """
        now = self._time()
        if not along:
            self.call()
        if self._pace.per_chat_second == math.inf:
            return
        shared = self._chat_of.get(address_id)
        key = shared.chat if shared else address_id
        bucket = self._chats.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._chats[key] = self._new(shared, now)
        bucket.fill(now)
        bucket.take()

    def _new(self, shared: ChatPace | None, now: float) -> _Bucket | _Window:
        if shared is not None and shared.window:
            return _Window(shared.burst, shared.window, now)
        rate = shared.per_second if shared else self._pace.per_chat_second
        most = float(max(1, shared.burst if shared else self._pace.chat_burst))
        return _Bucket(rate, most, most, now)

    def _forget(self, now: float) -> None:
        if len(self._chats) < CHATS_KEPT:
            return
        for key, bucket in list(self._chats.items()):
            bucket.fill(now)
            if bucket.rests:
                del self._chats[key]
