"""The dates of a series: the same wall time week after week, public holidays of Serbia and Bulgaria known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.times.school_breaks import Days
from models.visits.opening import instant

TIMES_MOST = 60
FURTHEST = 1000
"""Days after the first meeting in which all of a series are: breaks that staff enter may not push it on for ever."""


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


def is_free_day(day: date, country: str) -> bool:
    """True if a day is a public holiday of the country."""
    return day in _free_days(country, day.year)


def series(
    first: datetime,
    zone: str,
    country: str,
    *,
    every_days: int,
    times: int,
    keep_holidays: bool = False,
    breaks: Sequence[Days] = (),
) -> Series:
    """So many meetings from the first one on (UTC), each at its wall time in `zone`.

    Holidays, and `breaks` (days without school, or on which the site is closed), are left out and made up for at the
    end unless they are kept; a single meeting stays where it was put. A wall time that does not exist on a day is
    always left out.
    """
    local = first.astimezone(ZoneInfo(zone))
    in_break = any(local.date() in days for days in breaks)
    free: list[datetime] = [first] if in_break or is_holiday(first, zone, country) else []
    starts: list[datetime] = [] if free and every_days > 0 and not keep_holidays else [first]
    gaps: list[date] = []
    day = local.date()
    while every_days > 0 and len(starts) < min(times, TIMES_MOST) and (day - local.date()).days < FURTHEST:
        day += timedelta(days=every_days)
        at = instant(day, local.time(), zone)
        if at is None:
            gaps.append(day)
            continue
        if day in _free_days(country, day.year) or any(day in days for days in breaks):
            free.append(at)
            if not keep_holidays:
                continue
        starts.append(at)
    return Series(tuple(starts), tuple(free), tuple(gaps))
