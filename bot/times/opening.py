"""When a place is open on the coming days: its usual hours, public holidays, and what staff have entered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.offering.describing import noon
from bot.times.planning import is_free_day
from conversations.facts.campaigns import Day
from conversations.hours import clock
from models.offers.closures import Opening, closed_days
from models.offers.programme import Town
from models.visits.opening import Hours, Span


def coming_days(
    session: Session, now: datetime, site_id: int, opening: Opening | None, town: Town, ahead: int
) -> tuple[tuple[Day, ...], bool]:
    """Today and the days after it at a site, `ahead` in all, and whether it is open at `now` (UTC).

    None where its hours are not known and nothing is closed. Days and hours are the town's.
    """
    usual = Hours.of(town.zone, opening.hours if opening is not None else {})
    today = usual.today(now)
    dates = [today + timedelta(days=n) for n in range(ahead)]
    closures = closed_days(session, (site_id,), today, dates[-1])
    why: dict[date, str] = {}
    for day in dates:
        if (site_id, day) in closures:
            why[day] = "closed"
        elif opening is not None and not opening.on_holidays and is_free_day(day, town.country):
            why[day] = "holiday"
    hours = Hours(town.zone, usual.week, dict.fromkeys(why, ()))
    if opening is None and not closures:
        return (), False
    return tuple(
        _day(
            day,
            town.zone,
            hours.on(day),
            why.get(day, "usual"),
            str(closures[site_id, day].reason.get("key", "")) if (site_id, day) in closures else "",
        )
        for day in dates
    ), hours.open_at(now)


def _day(day: date, zone: str, spans: tuple[Span, ...], why: str, reason: str) -> Day:
    hours = tuple((clock(opens), clock(closes)) for opens, closes in spans)
    return Day(noon(day, zone), hours, "" if spans else why, reason)
