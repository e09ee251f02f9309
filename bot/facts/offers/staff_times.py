"""Times as staff write and read them: in the wall time of a town, and the meetings that a draft comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.facts.lookup import Lookup
from bot.times.planning import series
from bot.times.school_breaks import free_days, year_unknown
from conversations.facts.staff import Dates
from conversations.speech import Moment
from models.offers.programme import Town
from models.visits.opening import instant

SUGGESTED = ((1, 17), (2, 17), (3, 17), (7, 17))
"""Days from today and hours that are offered as the first date."""
SUGGESTED_DEADLINES = (7, 14, 30)
DAY = timedelta(days=1)


def zone_of(lookup: Lookup, town_id: int | None) -> str:
    """The time zone of a town, or the house's."""
    town = lookup.session.get(Town, town_id) if town_id is not None else None
    return town.zone if town else lookup.rules.zone


def country_of(lookup: Lookup, town_id: int | None) -> str:
    """The country of a town, or the person's."""
    town = lookup.session.get(Town, town_id) if town_id is not None else None
    return town.country if town else lookup.me.country


def today(lookup: Lookup) -> date:
    """The day it is in the house's zone."""
    return lookup.now.astimezone(ZoneInfo(lookup.rules.zone)).date()


def suggested(lookup: Lookup, town_id: int | None, *, deadline: bool) -> tuple[tuple[str, Moment], ...]:
    """Likely moments in a town, each with the key that reads it."""
    zone = zone_of(lookup, town_id)
    first = lookup.now.astimezone(ZoneInfo(zone)).date()
    wanted = (
        [(days, time(23, 59)) for days in SUGGESTED_DEADLINES]
        if deadline
        else [(days, time(hour)) for days, hour in SUGGESTED]
    )
    found = []
    for days, at in wanted:
        then = instant(first + timedelta(days=days), at, zone)
        if then is not None:
            local = then.astimezone(ZoneInfo(zone))
            found.append((f"{local:%Y-%m-%d_%H%M}", Moment(then, zone)))
    return tuple(found)


def last_days(lookup: Lookup) -> tuple[tuple[str, Moment], ...]:
    """Today and yesterday, each with its ISO date."""
    zone, this_day = ZoneInfo(lookup.rules.zone), today(lookup)
    return tuple(
        (day.isoformat(), Moment(datetime.combine(day, time(12), zone).astimezone(UTC), zone.key, "date"))
        for day in (this_day, this_day - DAY)
    )


def dates(lookup: Lookup, draft: Mapping[str, Any], organisations: set[int]) -> Dates:
    """The meetings that a draft with first, every, times, town and keep_holidays comes to."""
    town = draft.get("town")
    zone = zone_of(lookup, town)
    plan = series(
        datetime.fromisoformat(draft["first"]),
        zone,
        country_of(lookup, town),
        every_days=int(draft.get("every") or 0),
        times=int(draft.get("times") or 1),
        keep_holidays=bool(draft.get("keep_holidays")),
        breaks=free_days(lookup.session, organisations, country_of(lookup, town), draft.get("site")),
    )
    return Dates(
        tuple(Moment(at, zone) for at in plan.starts),
        tuple(Moment(at, zone, "date") for at in plan.holidays),
        len(plan.gaps),
        year_unknown(lookup.session, organisations, country_of(lookup, town), [at.date() for at in plan.starts])
        if len(plan.starts) > 1
        else "",
    )
