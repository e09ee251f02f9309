"""Weekly hours as staff type them: "Mon, Wed 9-12, 14-17; Fri 10-14", "пон-пет 8:00-16:00", "вт 9-12"."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from bot.language.fold import fold
from bot.times.reading_dates import weekday_of
from conversations.hours import take_spans
from models.visits.professional import CELL

LONGEST = 200
_DAYS = re.compile(r"([^\W\d_]+)\.?(?:\s*[-–—]\s*([^\W\d_]+)\.?)?")


def read_hours(words: str) -> tuple[tuple[int, int, int], ...] | None:
    """Weekday (Monday is 0), from and until in minutes after midnight, in their order; None for what cannot be read.

    Parts stand between semicolons or lines; a day after hours begins a new part too. Hours are multiples of five
    minutes and do not overlap within a day.
    """
    text = unicodedata.normalize("NFKC", words).strip()
    if not text or len(text) > LONGEST:
        return None
    found: set[tuple[int, int, int]] = set()
    for part in re.split(r"[;\n]|(?<=\d)[,\s]+(?=[^\W\d_])", text):
        if not part.strip():
            continue
        read = _part(part)
        if read is None:
            return None
        found |= read
    ordered = sorted(found)
    overlap = any(one[0] == two[0] and two[1] < one[2] for one, two in pairwise(ordered))
    return tuple(ordered) if ordered and not overlap else None


def _part(part: str) -> set[tuple[int, int, int]] | None:
    spans, rest = take_spans(part)
    days: set[int] = set()
    for match in _DAYS.finditer(rest):
        first = weekday_of(match[1])
        last = weekday_of(match[2]) if match[2] else first
        if first is None or last is None:
            if fold(match[1]) in ("i", "and", "u", "v", "od"):
                continue
            return None
        days |= set(range(first, last + 1)) if first <= last else {*range(first, 7), *range(last + 1)}
    if not days or not spans or any(minute % CELL for span in spans for minute in span):
        return None
    return {(day, *span) for day in days for span in spans}
