"""Days without school in Serbia and Bulgaria: those the house knows (school_breaks.toml), and those staff entered."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers import school_break
from models.offers.closures import Closure

BEGINS = 9
"""The month in which the school year begins."""
TERMS = frozenset((9, 10, 11, 12, 1, 2, 3, 4, 5, 6))
"""Months in which there is school; of July and August nobody asks."""
FILE = Path(__file__).parent / "school_breaks.toml"


@dataclass(frozen=True, slots=True)
class Days:
    """A break in a country, from its first to its last day."""

    country: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@lru_cache(maxsize=1)
def known() -> tuple[Days, ...]:
    """The breaks of the file, by country and day."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["break"]
    return tuple(Days(row["country"], row["first"], row["last"]) for row in rows)


def free_days(
    session: Session, organisation_ids: Iterable[int], country: str, site_id: int | None = None, *, school: bool = True
) -> tuple[Days, ...]:
    """What a series leaves out beside public holidays: breaks of the country, and days on which its site is closed.

    Without `school` only the latter: what is for grown-ups goes on in the breaks.
    """
    closed: tuple[Days, ...] = ()
    if site_id is not None:
        rows = session.scalars(select(Closure).where(Closure.site_id == site_id, Closure.ended_at.is_(None)))
        closed = tuple(Days(country, row.first_day, row.last_day) for row in rows)
    if not school:
        return closed
    entered = school_break.breaks_of(session, sorted(organisation_ids))
    own = (Days(row.country, row.first_day, row.last_day) for row in entered)
    return (*(days for days in (*known(), *own) if days.country == country), *closed)


def school_year(day: date) -> int:
    """The year in which the school year begins that a day belongs to: in both countries in September."""
    return day.year if day.month >= BEGINS else day.year - 1


def years_known(session: Session, organisation_ids: Iterable[int], country: str) -> frozenset[int]:
    """School years (by the year in which they begin) of which some break is known, to the house or to these."""
    entered = school_break.breaks_of(session, sorted(organisation_ids))
    return _years_of_the_file(country) | {school_year(row.first_day) for row in entered if row.country == country}


def knows(session: Session, organisation_id: int, country: str, year: int) -> bool:
    """Whether some break of a school year is known, to the house or to an organisation."""
    return year in _years_of_the_file(country) or year in years_known(session, [organisation_id], country)


@lru_cache(maxsize=8)
def _years_of_the_file(country: str) -> frozenset[int]:
    return frozenset(school_year(days.first) for days in known() if days.country == country)


def year_unknown(session: Session, organisation_ids: Iterable[int], country: str, days: Iterable[date]) -> str:
    """The first school year ("2026/27") in which some of these days lie and of which no break is known; else ""."""
    years = {school_year(day) for day in days if day.month in TERMS}
    unknown = sorted(years - years_known(session, organisation_ids, country)) if years else []
    return written(unknown[0]) if unknown else ""


def written(year: int) -> str:
    """A school year as people write it: "2026/27"."""
    return f"{year}/{(year + 1) % 100:02}"
