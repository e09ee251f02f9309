"""A day with some of its hours, as one key ("2026-03-06/600-720"; without hours the whole day), and as it is typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.times.reading_dates import read_when
from conversations.hours import take_spans
from models.visits.opening import DAY, Span
from models.visits.professional import CELL

_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/(\d{1,4})-(\d{1,4}))?")
_AROUND = re.compile(r"\b(?:from|between|od|između|от|между|од|између)\s*$", re.IGNORECASE)


def read_day(key: str) -> date | None:
    """The day that a key names; None for anything else."""
    try:
        return datetime.strptime(key, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def read_day_hours(key: str) -> tuple[date, Span] | None:
    """The day and the hours (minutes of wall time) that a key names; None for anything else."""
    found = _KEY.fullmatch(key)
    day = read_day(found[1]) if found else None
    if found is None or day is None:
        return None
    span = (int(found[2]), int(found[3])) if found[2] else (0, DAY)
    fits = 0 <= span[0] < span[1] <= DAY and span[0] % CELL == 0 and span[1] % CELL == 0
    return (day, span) if fits else None


def typed_day_hours(words: str, now: datetime, zone: str) -> str | None:
    """The key of a day to come, with hours where they were typed too: "26.11.", "Saturday 10-12". None if unreadable.

    `now` is UTC; `zone` is whose clock shows these hours.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    known = read_day_hours(words.strip())
    if known is not None:
        return words.strip() if known[0] >= today else None
    spans, rest = take_spans(words)
    day = _typed_day(_AROUND.sub("", rest.strip(" ,;")).strip(" ,;") if spans else words, now, zone)
    if day is None or day < today or spans is None or len(spans) > 1:
        return None
    if not spans:
        return day.isoformat()
    key = f"{day.isoformat()}/{spans[0][0]}-{spans[0][1]}"
    return key if read_day_hours(key) is not None else None


def _typed_day(words: str, now: datetime, zone: str) -> date | None:
    found = read_when(words, now, zone, end_of_day=True)
    return found.astimezone(ZoneInfo(zone)).date() if isinstance(found, datetime) else None
