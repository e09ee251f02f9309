"""What can go wrong between the product and the platform, queued per method, and the platform's rate limits."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.telegram.schema import Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing going wrong with one call.

    `takes_effect` says whether the call was carried out all the same. `body` replaces the answer,
    "truncated" sends the first half of the true one. `cut` closes the connection unanswered.
    """

    status: int = 500
    body: str | None = None
    media_type: str = "application/json"
    cut: bool = False
    truncated: bool = False
    takes_effect: bool = False
    delay: float = 0.0
    """Seconds before anything happens."""
    refusal: Refused | None = None
    only_slow: bool = False

    @classmethod
    def error(cls, status: int, description: str = "", *, takes_effect: bool = False) -> Fault:
        """An error in the platform's JSON."""
        words = description or {500: "Internal Server Error", 502: "Bad Gateway"}.get(status, "Error")
        return cls(refusal=Refused(status, words), takes_effect=takes_effect)

    @classmethod
    def too_many(cls, retry_after: int) -> Fault:
        """A 429 that asks to wait so many seconds."""
        words = f"Too Many Requests: retry after {retry_after}"
        return cls(refusal=Refused(429, words, retry_after=retry_after))

    @classmethod
    def html(cls, status: int = 502, *, takes_effect: bool = False) -> Fault:
        """The error page of a web server in between."""
        page = f"<html><head><title>{status}</title></head><body><hr>nginx</body></html>"
        return cls(status=status, body=page, media_type="text/html", takes_effect=takes_effect)

    @classmethod
    def empty(cls, status: int = 200, *, takes_effect: bool = False) -> Fault:
        """An answer without a body."""
        return cls(status=status, body="", takes_effect=takes_effect)

    @classmethod
    def truncated_json(cls) -> Fault:
        """Carried out, but half of the answer is missing."""
        return cls(truncated=True, takes_effect=True)

    @classmethod
    def cut_before(cls) -> Fault:
        """The connection breaks before anything was done."""
        return cls(cut=True)

    @classmethod
    def cut_after(cls) -> Fault:
        """The connection breaks after it was done."""
        return cls(cut=True, takes_effect=True)

    @classmethod
    def slow(cls, seconds: float) -> Fault:
        """Done and answered rightly, but late."""
        return cls(delay=seconds, only_slow=True, takes_effect=True)


@dataclass(slots=True)
class Faults:
    """Queues of faults by method; "*" meets any method."""

    queues: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of a method meet this fault."""
        self.queues[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets, if any."""
        for name in (method, "*"):
            if self.queues.get(name):
                return self.queues[name].popleft()
        return None

    def left(self) -> int:
        """How many faults nobody has met yet."""
        return sum(map(len, self.queues.values()))


@dataclass(slots=True)
class Rate:
    """Sends per second over all chats, and per chat with a short burst. Raises Refused 429 when over."""

    overall: float = 30
    per_chat: float = 1
    burst: int = 5
    per_group: int = 20
    """Sends and edits in one group within any minute, all its topics together."""
    clock: Callable[[], float] = lambda: 0.0
    _recent: deque[float] = field(default_factory=deque)
    _chats: dict[int, tuple[float, float]] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def spend(self, chat: int) -> None:
        """One send to a chat now."""
        now = self.clock()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.overall:
            self._refuse(self._recent[0] + 1 - now)
        if chat < 0:
            self._spend_in_group(chat, now)
            self._recent.append(now)
            return
        tokens, at = self._chats.get(chat, (float(self.burst), now))
        tokens = min(self.burst, tokens + (now - at) * self.per_chat)
        if tokens < 1:
            self._refuse((1 - tokens) / self.per_chat)
        self._chats[chat] = (tokens - 1, now)
        self._recent.append(now)

    def _spend_in_group(self, group: int, now: float) -> None:
        minute = self._groups[group]
        while minute and minute[0] <= now - 60:
            minute.popleft()
        if len(minute) >= self.per_group:
            self._refuse(minute[0] + 60 - now)
        minute.append(now)

    def _refuse(self, seconds: float) -> None:
        wait = max(1, math.ceil(seconds))
        raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
