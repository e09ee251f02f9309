"""How much one person, and one network address, may send: a bucket that fills up again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

REMEMBERED = 20_000
"""The most buckets kept; the one that was used longest ago goes first, and has long been full again."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Limit:
    """So many at once, and then so many per second, for each name."""

    def __init__(self, at_once: float, per_second: float, now: Callable[[], datetime]) -> None:
        self.at_once, self.per_second, self._now = at_once, per_second, now
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, name: str, cost: float = 1) -> bool:
        """Whether `name` may go on now; if so it is counted."""
        now = self._now()
        bucket = self._buckets.setdefault(name, _Bucket(self.at_once, now))
        self._buckets.move_to_end(name)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        since = max(0.0, (now - bucket.at).total_seconds())
        bucket.left, bucket.at = min(self.at_once, bucket.left + since * self.per_second), now
        if bucket.left < cost:
            return False
        bucket.left -= cost
        return True
