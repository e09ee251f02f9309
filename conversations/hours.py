"""Hours of a day as people type them: "16-20", "9:00–12:30, 15-19", "od 8 do 12 h", "8-12 и 15-19"."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

Span = tuple[int, int]
"""From when to when, in minutes after midnight; until midnight is 1440."""

MOST = 3
"""The most spans of hours on one day."""
LONGEST = 80
_HOUR = r"(\d{1,2})(?:[:.h](\d{2}))?(?!\d)(?:\s*(?:h|ч|час(?:а|ова)?)\b)?"
_SPAN = re.compile(rf"(?<![\d:.]){_HOUR}\s*(?:[-–—]|do|до|to)\s*{_HOUR}")
_BETWEEN = re.compile(r"[\s,;&]*(?:\b(?:i|and|и|od|од|от|from)\b[\s,;&]*)*")


def read_spans(typed: str) -> tuple[Span, ...] | None:
    """The hours of a day, in order; None where they overlap, make no sense, or there are other words too."""
    if len(typed) > LONGEST:
        return None
    spans, rest = take_spans(typed)
    if not spans or len(spans) > MOST or not _BETWEEN.fullmatch(rest):
        return None
    return None if any(one[1] > other[0] for one, other in pairwise(spans)) else spans


def take_spans(typed: str) -> tuple[tuple[Span, ...] | None, str]:
    """Every span of hours in the words, in order (None where one makes no sense), and the words without them."""
    text = unicodedata.normalize("NFKC", typed).casefold()
    found = [_minutes(*match.groups()) for match in _SPAN.finditer(text)]
    spans = tuple(sorted(span for span in found if span is not None))
    return (spans if len(spans) == len(found) else None), _SPAN.sub(" ", text)


def _minutes(hour: str, minute: str | None, until_hour: str, until_minute: str | None) -> Span | None:
    opens, closes = int(hour) * 60 + int(minute or 0), int(until_hour) * 60 + int(until_minute or 0)
    whole = int(minute or 0) < 60 and int(until_minute or 0) < 60
    return (opens, closes) if whole and opens < closes <= 24 * 60 else None


def clock(minute: int) -> str:
    """Minutes after midnight as a clock shows them: "08:05"."""
    return f"{minute // 60:02}:{minute % 60:02}"
