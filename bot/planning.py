"""The dates of a series: the same wall time week after week, public holidays of Serbia and Bulgaria known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.reading_dates import local_instant

TIMES_MOST = 60


@dataclass(frozen=True, slots=True)
class Series:
    """The meetings (instants, UTC), and the days that were or could be left out: holidays, and wall times
    that the clock change leaves out.
    """

    starts: tuple[datetime, ...]
    holidays: tuple[datetime, ...] = ()
    gaps: tuple[date, ...] = ()


@lru_cache(maxsize=16)
def _free_days(country: str, year: int) -> Mapping[date, str]:
    if country not in ("RS", "BG"):
        return {}
    import holidays  # only here: staff plan a series far more seldom than the house starts

    return dict(holidays.country_holidays(country, years=year))


def is_holiday(at: datetime, zone: str, country: str) -> bool:
    """True if an instant falls on a public holiday of the country, in that zone."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return day in _free_days(country, day.year)


def series(
    first: datetime, zone: str, country: str, *, every_days: int, times: int, keep_holidays: bool = False
) -> Series:
    """So many meetings from the first one on (UTC), each at its wall time in `zone`.

    Holidays are left out and made up for at the end unless they are kept; a single meeting stays where it
    was put. A wall time that does not exist on a day is always left out.
    """
    local = first.astimezone(ZoneInfo(zone))
    free: list[datetime] = [first] if is_holiday(first, zone, country) else []
    starts: list[datetime] = [] if free and every_days > 0 and not keep_holidays else [first]
    gaps: list[date] = []
    day = local.date()
    while every_days > 0 and len(starts) < min(times, TIMES_MOST):
        day += timedelta(days=every_days)
        at = local_instant(day, local.time(), zone)
        if at is None:
            gaps.append(day)
            continue
        if day in _free_days(country, day.year):
            free.append(at)
            if not keep_holidays:
                continue
        starts.append(at)
    return Series(tuple(starts), tuple(free), tuple(gaps))
