"""Moments in words: weekday, day, month and the 24 h clock of the place, never "tomorrow"."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from bot.language.languages import LANGUAGES, Language
from conversations.speech import Moment


@lru_cache(maxsize=16)
def _names(formatting: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Weekdays from Monday and months from January, as a date has them. The first time costs 8-20 ms."""
    days = get_day_names("wide", context="format", locale=formatting)
    months = get_month_names("wide", context="format", locale=formatting)
    return tuple(days[i] for i in range(7)), ("", *(months[i] for i in range(1, 13)))


@lru_cache(maxsize=64)
def _pattern(full: str, style: str) -> str:
    """The part of the full pattern that a style shows."""
    weekday_day, month_time = full.split("{month}")
    separator, day = weekday_day.removeprefix("{weekday}").split("{day}")
    if style == "full":
        return full
    if style == "date":
        return "{weekday}" + separator + "{day}" + day + "{month}"
    if style == "short":
        return "{day}" + day + "{month}" + month_time
    return "{time}"


def speak_moment(moment: Moment, language: Language) -> str:
    """The moment in the wall time of its zone, for example "четвртак, 5. март, 18:30".

    Raises ValueError for a moment without a zone of its own and `zoneinfo.ZoneInfoNotFoundError` for
    an unknown `moment.zone`.
    """
    if moment.at.tzinfo is None:
        raise ValueError("a moment must be aware")
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    days, months = _names(language.formatting)
    pattern = language.dated if moment.style == "day" else _pattern(language.full, moment.style)
    return pattern.format(
        weekday=days[local.weekday()],
        day=local.day,
        month=months[local.month],
        year=local.year,
        time=f"{local:%H:%M}",
    )


def warm() -> None:
    """Load the names of days and months of every language; called beside the page that already serves."""
    for language in LANGUAGES:
        _names(language.formatting)
