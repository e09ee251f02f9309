"""What waits for one channel, and whose turn it is: by rank, in order for each address, at the channel's pace."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import count as numbers
from typing import Any, Protocol

from bot.sending.pacer import BURST, Pacer
from handlers.channel import Channel
from models.messages.sending import Due

LAST = 2
"""The rank of broadcasts, surveys and digests: what a call to many receivers may hold."""
SLOTS = 64
"""The most calls of a platform under way at once; the last eight are kept for the first rank."""
KEPT_SLOTS = 8
TROUBLE = 3
"""Failures at so many different addresses in a row are the platform's: then one message at a time probes it."""
_PERSONAL = frozenset({"relay", "replaces", "drawn"})
"""What a message to one person alone may have in its stored body."""
GATHER = BURST - 0.05
"""Seconds between looks at the lower ranks while the pace limits them: their commits are then shared.

Less than may be saved up, or the pace would not be reached.
"""


class Timer(Protocol):
    """A clock that only goes forward and can call back: the event loop, or a test's own."""

    def time(self) -> float:
        """Seconds from some beginning."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Any:
        """Call back after `delay` seconds; what is returned has `cancel()`."""
        ...


class Lane:
    """The queue of one channel. `begin` is told which messages may go now; it answers with `finished` for each."""

    def __init__(
        self,
        channel: Channel,
        timer: Timer,
        begin: Callable[[Lane, Sequence[Due]], None],
        wanted: Callable[[int], None],
    ) -> None:
        self.channel = channel
        self.pacer = Pacer(channel.pace, timer.time)
        self.open = False
        """True while this process is the one that sends here."""
        self.stopped = ""
        """Why nothing can be sent until somebody acts: the token is no good."""
        self.rows: dict[int, Due] = {}
        """What is in memory and not yet settled, by id."""
        self.truncated: set[int] = set()
        """Ranks of which the database holds more than was read."""
        self._timer = timer
        self._begin = begin
        self._wanted = wanted
        self._queues: dict[int, list[tuple[int, int]]] = {}
        self._ready: list[tuple[int, int, int]] = []
        self._held: dict[int, tuple[float, int]] = {}
        self._flying: dict[int, int] = {}
        self._call_of: dict[int, int] = {}
        self._calls: dict[int, set[int]] = {}
        self._numbers = numbers()
        self._alike: dict[str, set[int]] = {}
        self._words: dict[int, str] = {}
        self._failing: set[int] = set()
        self._alarm: Any = None
        self._alarm_at = 0.0

    @property
    def flying(self) -> int:
        """How many calls are under way."""
        return len(self._flying)

    @property
    def many(self) -> int:
        """How many receivers one call takes; 0 or 1 where they go one by one."""
        return self.channel.capabilities.many

    def call_of(self, row: Due) -> int | None:
        """The number of the call that a message goes in together with others; None for one that goes alone."""
        return self._call_of.get(row.address_id)

    @property
    def full_addresses(self) -> list[int]:
        """Addresses of which nothing more need be read now: they wait, or enough of theirs is in memory."""
        return [*list(self._held)[:400], *(a for a, queue in self._queues.items() if len(queue) >= 8)][:500]

    def count(self, rank: int) -> int:
        """How many of a rank are in memory."""
        return sum(1 for row in self.rows.values() if row.rank == rank)

    def receivers(self, rank: int) -> int:
        """For how many addresses something of a rank is in memory."""
        return len({row.address_id for row in self.rows.values() if row.rank == rank})

    def add(self, rows: Iterable[Due]) -> None:
        """Put messages in the queue; those that are known already stay as they are."""
        for row in rows:
            if row.id in self.rows:
                continue
            self.rows[row.id] = row
            self.pacer.know(row.address_id, row.external_id)
            if self.many > 1 and _shares(row):
                self._words[row.id] = json.dumps(row.body, sort_keys=True)
                self._alike.setdefault(self._words[row.id], set()).add(row.id)
            heapq.heappush(self._queues.setdefault(row.address_id, []), (row.rank, row.id))
            self._line_up(row.address_id)
        self.pump()

    def forget(self, row_id: int) -> None:
        """A message is settled in the database."""
        self.rows.pop(row_id, None)
        words = self._words.pop(row_id, None)
        if words is not None:
            self._alike[words].discard(row_id)
            if not self._alike[words]:
                del self._alike[words]

    def drop(self, address_id: int) -> None:
        """Forget all that waits in memory for an address."""
        for _rank, row_id in self._queues.pop(address_id, []):
            self.forget(row_id)

    def empty(self) -> None:
        """Forget everything that is not under way."""
        flying = set(self._flying.values())
        for row_id in [one for one in self.rows if one not in flying]:
            self.forget(row_id)
        self._queues.clear()
        self._ready.clear()
        self._held.clear()
        self.truncated.clear()

    def finished(self, row: Due) -> None:
        """The call for a message is over: the next one for its address may go."""
        self._flying.pop(row.address_id, None)
        call = self._call_of.pop(row.address_id, None)
        if call is not None:
            self._calls[call].discard(row.address_id)
            if not self._calls[call]:
                del self._calls[call]
        self._line_up(row.address_id)
        self.pump()

    def hold(self, row: Due, seconds: float) -> None:
        """Send its address nothing of this rank or a later one for so long; what waits is then read anew, in order."""
        self._held[row.address_id] = (self._timer.time() + seconds, row.rank)
        self._timer.call_later(seconds, lambda: self._release(row.address_id))

    def went_well(self) -> None:
        """The platform took a message."""
        self._failing.clear()

    def went_wrong(self, address_id: int) -> bool:
        """The platform failed for an address. True if it seems to fail for all."""
        self._failing.add(address_id)
        return len(self._failing) >= TROUBLE

    @property
    def in_trouble(self) -> bool:
        """True while the platform fails for everybody."""
        return len(self._failing) >= TROUBLE

    def pump(self) -> None:
        """Let go what may go now, and come back when more may."""
        if not self.open or self.stopped:
            return
        begun: list[Due] = []
        while self._ready and self._has_slot(self._ready[0][0]):
            rank, row_id, address_id = self._ready[0]
            if not self._is_next(rank, row_id, address_id):
                heapq.heappop(self._ready)
                continue
            wait = self.pacer.everyone(rank)
            if wait > 0.0:
                self._wake_in(wait if rank == 0 else max(wait, GATHER))
                break
            heapq.heappop(self._ready)
            wait = self.pacer.chat(address_id)
            if wait > 0.0:
                self._timer.call_later(wait, lambda address_id=address_id: self._again(address_id))  # type: ignore[misc]  # a lambda's default is not inferred
                continue
            self.pacer.spend(address_id)
            begun.append(self._let_go(row_id, address_id))
            begun.extend(self._along(begun[-1]))
        if begun:
            self._begin(self, begun)

    def _let_go(self, row_id: int, address_id: int) -> Due:
        heapq.heappop(self._queues[address_id])
        if not self._queues[address_id]:
            del self._queues[address_id]
        self._flying[address_id] = row_id
        return self.rows[row_id]

    def _along(self, first: Due) -> list[Due]:
        """Those that go in the same call as the first: the same words to other addresses, whose turn it is too."""
        alike = self._alike.get(self._words.get(first.id, ""), set())
        if self.many < 2 or len(alike) < 2 or self.in_trouble:
            return []
        along: list[Due] = []
        for row_id in sorted(alike):
            row = self.rows[row_id]
            if len(along) + 1 == self.many:
                break
            if self._is_next(row.rank, row_id, row.address_id) and self.pacer.chat(row.address_id) <= 0.0:
                self.pacer.spend(row.address_id, along=True)
                along.append(self._let_go(row_id, row.address_id))
        if along:
            call = next(self._numbers)
            self._calls[call] = {row.address_id for row in (first, *along)}
            self._call_of.update(dict.fromkeys(self._calls[call], call))
        return along

    def _has_slot(self, rank: int) -> bool:
        if self.in_trouble:
            return not self._flying
        under_way = len(self._flying) - len(self._call_of) + len(self._calls)
        return under_way < (SLOTS if rank == 0 else SLOTS - KEPT_SLOTS)

    def _is_next(self, rank: int, row_id: int, address_id: int) -> bool:
        queue = self._queues.get(address_id)
        if not queue or queue[0] != (rank, row_id) or address_id in self._flying:
            return False
        held = self._held.get(address_id)
        return held is None or rank < held[1]

    def _line_up(self, address_id: int) -> None:
        queue = self._queues.get(address_id)
        if queue and self._is_next(*queue[0], address_id):
            heapq.heappush(self._ready, (*queue[0], address_id))

    def _again(self, address_id: int) -> None:
        self._line_up(address_id)
        self.pump()

    def _release(self, address_id: int) -> None:
        held = self._held.get(address_id)
        if held is not None and held[0] <= self._timer.time() + 1e-6:
            del self._held[address_id]
            self.drop(address_id)
            self._wanted(address_id)

    def _wake_in(self, seconds: float) -> None:
        at = self._timer.time() + seconds
        if self._alarm is not None:
            if self._alarm_at <= at + 1e-6:
                return
            self._alarm.cancel()
        self._alarm_at = at
        self._alarm = self._timer.call_later(seconds, self._alarmed)

    def _alarmed(self) -> None:
        self._alarm = None
        self.pump()


def _shares(row: Due) -> bool:
    """Whether a message may go in one call with others: whole, nobody's answer, nothing passed on."""
    return row.rank == LAST and not (row.again or row.parts or row.edits or _PERSONAL & row.body.keys())
