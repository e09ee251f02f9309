"""Free slots: worked out from working hours, exceptions, holidays and what is taken. Stored nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.closures import closed_days
from models.offers.programme import Site, Town
from models.visits.appointment import BusyTime
from models.visits.opening import Hours, Span, slots
from models.visits.professional import CELL, AppointmentRules, DayException, Professional, WorkingHours

Closed = Callable[[date, str], bool]
"""Whether nobody works on a day in a country ("RS"): a public holiday. Models know none."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time that can be booked: when it begins (UTC), with whom, at which site; `zone` is the site's."""

    starts_at: datetime
    professional_id: int
    site_id: int
    zone: str


def free_slots(
    session: Session,
    now: datetime,
    rules: AppointmentRules,
    professionals: Sequence[Professional],
    closed: Closed,
    *,
    site_id: int = 0,
    without: int = 0,
) -> list[Slot]:
    """The slots of these professionals that can be booked at `now` (UTC), in their order.

    `site_id` limits them to a site; what the appointment `without` takes counts as free (it is being moved).
    """
    ids = [one.id for one in professionals]
    first, last = now + timedelta(minutes=rules.notice_minutes), now + timedelta(days=rules.horizon_days)
    taken = _taken(session, ids, first, last, without)
    pause = rules.before_minutes + rules.after_minutes
    found = set()
    for (professional_id, where), hours in hours_of(session, ids, first.date(), last.date(), closed, site_id).items():
        day = first.date() - timedelta(days=1)
        while day <= last.date() + timedelta(days=1):
            for starts, _ends in slots(hours, day, rules.minutes, pause):
                cells = busy_cells(starts, rules)
                if first <= starts <= last and not any((professional_id, cell) in taken for cell in cells):
                    found.add(Slot(starts, professional_id, where, hours.zone))
            day += timedelta(days=1)
    return sorted(found)


def busy_cells(starts_at: datetime, rules: AppointmentRules) -> list[datetime]:
    """Every five minutes (UTC) that an appointment takes, with the pauses around it."""
    at = starts_at - timedelta(minutes=rules.before_minutes)
    ends = starts_at + timedelta(minutes=rules.minutes + rules.after_minutes)
    cells = []
    while at < ends:
        cells.append(at)
        at += timedelta(minutes=CELL)
    return cells


# ---------------------------------------------------------------- what the tables say


def _taken(
    session: Session, ids: Sequence[int], first: datetime, last: datetime, without: int
) -> set[tuple[int, datetime]]:
    day = timedelta(days=1)
    wanted = select(BusyTime.professional_id, BusyTime.at).where(
        BusyTime.professional_id.in_(ids),
        BusyTime.at >= first - day,
        BusyTime.at <= last + day,
        BusyTime.appointment_id != without,
    )
    return {(row[0], row[1]) for row in session.execute(wanted)}


def hours_of(
    session: Session,
    ids: Sequence[int],
    first: date,
    last: date,
    closed: Closed,
    site_id: int,
    *,
    without: int = 0,
) -> dict[tuple[int, int], Hours]:
    """When each of them works at each site, from the day before the first on: other zones are ahead.

    On holidays and where a site is closed nobody works but for extra hours; at hours taken off nobody at all.
    `without` is an exception that is to be looked away from.
    """
    first, last = first - timedelta(days=1), last + timedelta(days=1)
    usual: dict[tuple[int, int], dict[int, list[Span]]] = {}
    for row in session.scalars(select(WorkingHours).where(WorkingHours.professional_id.in_(ids))):
        week = usual.setdefault((row.professional_id, row.site_id), {})
        week.setdefault(row.weekday, []).append((row.from_minute, row.until_minute))
    extra: dict[tuple[int, int], dict[date, list[Span]]] = {}
    off: dict[tuple[int, date], list[Span]] = {}
    for one in session.scalars(
        select(DayException).where(
            DayException.professional_id.in_(ids),
            DayException.day >= first,
            DayException.day <= last,
            DayException.id != without,
        )
    ):
        if one.kind == "off":
            off.setdefault((one.professional_id, one.day), []).append((one.from_minute, one.until_minute))
        elif one.site_id is not None:
            spans = extra.setdefault((one.professional_id, one.site_id), {}).setdefault(one.day, [])
            spans.append((one.from_minute, one.until_minute))
    wanted = sorted(key for key in {*usual, *extra} if site_id in (0, key[1]))
    sites = [site for _whose, site in wanted]
    shut = closed_days(session, sites, first, last)
    towns = session.execute(
        select(Site.id, Town.zone, Town.country).join(Town, Town.id == Site.town_id).where(Site.id.in_(sites))
    )
    found: dict[tuple[int, int], Hours] = {}
    places = {row[0]: (row[1], row[2]) for row in towns}
    for whose, site in wanted:
        week, more = usual.get((whose, site), {}), extra.get((whose, site), {})
        zone, country = places[site]
        days: dict[date, list[Span]] = {}
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            not_usual = (site, day) in shut or closed(day, country)
            if not_usual or day in more or (whose, day) in off:
                spans = [*(() if not_usual else week.get(day.weekday(), ())), *more.get(day, ())]
                days[day] = _without(_joined(spans), off.get((whose, day), ()))
        found[whose, site] = Hours(zone, week, days)
    return found


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans of a day with those that overlap made one."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins < found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return found


def _without(spans: Sequence[Span], off: Sequence[Span]) -> list[Span]:
    """What is left of spans where others are taken off."""
    left = list(spans)
    for gone in off:
        left = [
            part
            for begins, ends in left
            for part in ((begins, min(ends, gone[0])), (max(begins, gone[1]), ends))
            if part[0] < part[1]
        ]
    return left
