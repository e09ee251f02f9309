"""The statements of a search, each made once: making one with SQLAlchemy takes as long as running it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, String, TextClause, bindparam, column, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TextualSelect

from models.base import Instant

AHEAD = 6
"""Weeks in which sessions on a weekday are looked for."""
MEETINGS = 400
"""The nearest sessions that are looked at where no words were given."""
CALLS = 100
"""The calls that close first, likewise."""

MATCHING = text("SELECT rowid FROM listing_text WHERE listing_text MATCH :match ORDER BY rowid DESC LIMIT :most")

_TOWNS = text("SELECT id, zone, CAST(name AS TEXT) FROM town ORDER BY id")

Towns = tuple[tuple[int, str, str], ...]
"""Every town as it is stored: id, time zone, names as JSON. What is made of them is kept by this."""


def all_towns(session: Session) -> Towns:
    """Every town, as the database has it now."""
    return tuple((row[0], row[1], row[2]) for row in session.connection().execute(_TOWNS).all())


Shape = tuple[bool, tuple[int, ...]]
"""What a condition on sessions looks like: whether there is a last instant, and how many days in each time zone."""


@dataclass(frozen=True, slots=True)
class Held:
    """A condition on sessions and its values."""

    shape: Shape
    values: dict[str, object]


def held_of(
    session: Session,
    now: datetime,
    until: datetime | None,
    days: frozenset[int],
    on: date | None = None,
    to: date | None = None,
) -> Held:
    """What holds for a session that counts: it is to come, in time, and on one of the days asked for, or on one date.

    With `to`, on one of the dates from `on` to that.

    A day is one by the clock of the session's own place.
    """
    values: dict[str, object] = {"until": until} if until is not None else {}
    counts: list[int] = []
    if days or on:
        for number, zone in enumerate(dict.fromkeys(zone for _id, zone, _names in all_towns(session))):
            ranges = (_dates(on, to or on, zone),) if on else _ranges(now.date().toordinal(), zone, days)
            counts.append(len(ranges))
            values[f"zone{number}"] = zone
            for at, (begins, ends) in enumerate(ranges):
                values[f"from{number}_{at}"], values[f"to{number}_{at}"] = begins, ends
    return Held((until is not None, tuple(counts)), values)


def _dates(on: date, to: date, zone: str) -> tuple[datetime, datetime]:
    """Days of the calendar as instants, by the clock of a zone: from the first to the end of the last."""
    begins = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone))
    return begins, begins + timedelta(days=(to - on).days + 1)


_CAN_JOIN = (
    "(listing.enrols = 'each' OR listing.join_late >= (SELECT count(*) FROM session AS unit"
    " WHERE unit.state = 'planned' AND unit.starts_at <= :now"
    " AND (unit.id = coalesce(session.first_id, session.id)"
    " OR unit.first_id = coalesce(session.first_id, session.id))))"
)
"""A unit of a series counts as long as one can still come into it (models/offers/series.py: joins_until)."""


def held_where(shape: Shape) -> str:
    """The condition itself, in words of SQL: what `Held.values` are for."""
    last, counts = shape
    within = " OR ".join(
        f"session.zone = :zone{zone} AND ("
        + " OR ".join(
            f"session.starts_at >= :from{zone}_{at} AND session.starts_at < :to{zone}_{at}" for at in range(many)
        )
        + ")"
        for zone, many in enumerate(counts)
        if many
    )
    return (
        f"session.state = 'planned' AND session.starts_at > :now AND {_CAN_JOIN}"
        + (" AND session.starts_at <= :until" if last else "")
        + (f" AND ({within})" if within else "")
    )


def _typed(statement: str, shape: Shape = (False, ())) -> TextClause:
    last, counts = shape
    instants = ["now", *(("until",) if last else ())]
    instants += [
        f"{end}{zone}_{at}" for zone, many in enumerate(counts) for at in range(many) for end in ("from", "to")
    ]
    return text(statement).bindparams(*(bindparam(name, type_=Instant) for name in instants))


OF_LISTING = "listing.id, listing.block, listing.kind, CAST(listing.bands AS TEXT) AS bands, listing.closes_at"
OPEN = "listing.state = 'open' AND (listing.closes_at IS NULL OR listing.closes_at > :now)"


@lru_cache(maxsize=64)
def times(shape: Shape, postgres: bool) -> TextualSelect:
    """From the ids outwards: asked for open listings or for sessions to come, SQLite would walk all of those."""
    if postgres:
        wanted = "unnest(CAST(:ids AS bigint[])) AS wanted (value) JOIN"
    else:  # a CROSS JOIN is what SQLite keeps in the order in which it is written
        wanted = "json_each(:ids) AS wanted CROSS JOIN"
    statement = (
        f"SELECT {OF_LISTING}, (SELECT min(session.starts_at) FROM session "  # noqa: S608  # placeholders only
        f"WHERE session.listing_id = listing.id AND {held_where(shape)}) AS starts_at "
        f"FROM {wanted} listing ON listing.id = wanted.value WHERE {OPEN}"
    )
    return hits_of(statement, shape)


def hits_of(statement: str, shape: Shape = (False, ())) -> TextualSelect:
    """A statement whose rows are read as hits (bot/searching/hits.py)."""
    return _typed(statement, shape).columns(
        column("id", BigInteger),
        column("block", String),
        column("kind", String),
        column("bands", String),
        column("closes_at", Instant),
        column("starts_at", Instant),
    )


@lru_cache(maxsize=64)
def nearest_meetings(given: tuple[str, ...], shape: Shape) -> TextClause:
    """Listings by their sessions, the nearest first. `given` names the filters in use."""
    return _typed(
        "SELECT session.listing_id FROM session JOIN listing ON listing.id = session.listing_id "  # noqa: S608  # placeholders only
        f"WHERE {held_where(shape)} AND {OPEN}{_filters(given, HELD_IN)} ORDER BY session.starts_at LIMIT {MEETINGS}",
        shape,
    )


@lru_cache(maxsize=16)
def nearest_calls(given: tuple[str, ...]) -> TextClause:
    """Calls by their deadlines. `given` names the filters in use."""
    return _typed(
        f"SELECT listing.id FROM listing WHERE listing.block <> 'OFF' AND {OPEN}{_filters(given, GIVEN_IN)} "  # noqa: S608  # placeholders only
        f"ORDER BY listing.closes_at LIMIT {CALLS}"
    )


_FILTERS = {
    "town": "listing.town_id = :town",
    "subject": "listing.subject_id = :subject",
    "kind": "listing.kind = :kind",
}


HELD_IN = "coalesce((SELECT site.town_id FROM site WHERE site.id = session.site_id), listing.town_id) = :town"
"""A session counts in the town of its own site, which may be another than its listing's."""
GIVEN_IN = (
    "(listing.town_id = :town OR listing.town_id IS NULL "
    "OR EXISTS (SELECT 1 FROM professional_service JOIN working_hours "
    "ON working_hours.professional_id = professional_service.professional_id JOIN site "
    "ON site.id = working_hours.site_id WHERE professional_service.listing_id = listing.id AND site.town_id = :town))"
)
"""A listing of a town, one that is everywhere, or one whose appointments are given there too."""


def _filters(given: tuple[str, ...], town: str = _FILTERS["town"]) -> str:
    wanted = {**_FILTERS, "town": town}
    return "".join(f" AND {wanted[name]}" for name in given)


@lru_cache(maxsize=64)
def _ranges(today: int, zone: str, days: frozenset[int]) -> tuple[tuple[datetime, datetime], ...]:
    """The coming days of the week as instants (UTC), from yesterday on: the clock there may be behind."""
    first = datetime.fromordinal(today - 1)
    found = []
    for ahead in range(AHEAD * 7):
        day = (first + timedelta(days=ahead)).replace(tzinfo=ZoneInfo(zone))
        if day.weekday() in days:
            found.append((day, day + timedelta(days=1)))
    return tuple(found)
