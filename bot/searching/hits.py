"""A listing that was found, and what of it decides where it comes among the others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.searching.query import Query
from conversations.blocks import AT_ANY_TIME, IN_SESSIONS


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing found, with its next session (UTC) or, for a call, its deadline."""

    listing_id: int
    block: str
    at: datetime | None
    suits: bool = True
    """False for what is for other ages than those of whoever may be booked for."""
    named: bool = False
    """True where the words name what kind of thing it is."""

    @property
    def group(self) -> tuple[bool, bool]:
        """By what results come first of all: what suits, and of that the kind of thing that was named."""
        return not self.suits, not self.named


def hit_of(query: Query, row: Sequence[Any]) -> Hit | None:
    """The hit that a row is (id, block, kind, bands, deadline, next session); None for what does not fit in time."""
    listing_id, block, kind, bands, closes_at, starts_at = row
    if block in IN_SESSIONS:
        at, fits = starts_at, starts_at is not None
    elif block in AT_ANY_TIME:
        at, fits = None, True
    else:
        at = closes_at
        on_a_day = bool(query.days) or query.on is not None
        fits = not on_a_day and (query.until is None or (closes_at is not None and closes_at <= query.until))
    if not fits:
        return None
    suits = not query.bands or not (ages := _ages(bands)) or not ages.isdisjoint(query.bands)
    return Hit(listing_id, block, at, suits, kind in query.named)


@lru_cache(maxsize=64)
def _ages(bands: str) -> frozenset[str]:
    """Age bands as they are stored."""
    return frozenset(json.loads(bands))
