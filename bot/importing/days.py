"""Days as tables have them: of spreadsheets, of their exports, and as people in Serbia and Bulgaria write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from bot.language.fold import fold
from bot.times.reading_dates import read_day, weekday_of

_MIDNIGHT = re.compile(r"(?:t|\s)\s*00?:00(?::00(?:[.,]0+)?)?\s*z?$")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})\.?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{4}|\d{2})\.?")
_NAMED = re.compile(r"(\d{1,2})\.?[-.\s]\s*([^\W\d_]+)\.?[-.\s]\s*(\d{4}|\d{2})\.?")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_IN_ROMAN = re.compile(r"(\d{1,2})\.?\s*\b([ivx]{1,4})\b\.?\s*(\d{4})?\.?")
_WORD = re.compile(r"[^\W\d_]+\.?")
_NOISE = frozenset(
    map(fold, ("г", "год", "година", "године", "години", "god", "godine", "godina", "у", "в", "на", "dana"))
)
"""Said around a date: "26.11.2026 г.", "у четвртак, 26. 11. 2026. године"."""


def day_of(words: str, now: datetime, zone: str) -> date | str:
    """The day that was meant, or the reason why it is none: "day", "past", or "weekday" where that does not fit.

    A year of two digits is one of this century. Which of 11/26 is the month is not guessed.
    """
    text = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", words).casefold().strip())
    weekdays: set[int] = set()

    def plain(match: re.Match[str]) -> str:
        word = match.group().rstrip(".")
        if fold(word) in _NOISE:
            return " "
        weekday = weekday_of(word)
        if weekday is None:
            return match.group()
        weekdays.add(weekday)
        return " "

    text = " ".join(_WORD.sub(plain, text).split()).strip(" ,")
    found = _written_out(text)
    if found is None:
        read = read_day(_with_century(text) if text else words, now, zone)
        found = read if isinstance(read, date) else "past" if read == "past" else "day"
    if isinstance(found, date) and weekdays and weekdays != {found.weekday()}:
        return "weekday"
    return found


def _written_out(text: str) -> date | str | None:
    """A date in figures, with its year; None for one that is written otherwise."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := _DAY_FIRST.fullmatch(text):
        return _date(match[3], match[2], match[1])
    return None


def _with_century(text: str) -> str:
    """A Roman month as a number, and a year of two digits behind a named month in full."""
    if (match := _IN_ROMAN.fullmatch(text)) and match[2] in _ROMAN:
        return f"{match[1]}.{_ROMAN.index(match[2]) + 1}.{match[3] or ''}"
    if match := _NAMED.fullmatch(text):
        return f"{match[1]} {match[2]} {match[3] if len(match[3]) > 2 else '20' + match[3]}"
    return text


def _date(year: str, month: str, day: str) -> date | str:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return "day"
