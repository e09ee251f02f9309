"""Weekly hours in wall time, with exceptions by day: of rooms, sites and professionals; and the slots they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = 24 * 60
Span = tuple[int, int]
"""From when to when, in minutes after midnight of one day's wall time (at most `DAY`); the end is after the start."""
Slot = tuple[datetime, datetime]
"""From when to when, as instants (UTC)."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When something is open or somebody works, in the wall time of `zone` (an IANA name).

    `week` holds spans by weekday (0 is Monday), `days` what holds instead on a single day: other spans, or none
    where it is closed.
    """

    zone: str
    week: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    days: Mapping[date, Sequence[Span]] = field(default_factory=dict)

    @classmethod
    def of(cls, zone: str, week: Mapping[str, Any], days: Mapping[str, Any] | None = None) -> Hours:
        """Hours as JSON holds them: {"0": [["16:00", "20:00"]]} and {"2026-05-01": []}."""
        return cls(
            zone,
            {int(weekday): spans_of(spans) for weekday, spans in week.items()},
            {date.fromisoformat(day): spans_of(spans) for day, spans in (days or {}).items()},
        )

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of a day, in order."""
        known = self.days.get(day)
        return tuple(sorted(known if known is not None else self.week.get(day.weekday(), ())))

    def today(self, now: datetime) -> date:
        """The day it is there at `now` (aware)."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def open_at(self, now: datetime) -> bool:
        """True if it is open at `now` (aware)."""
        local = now.astimezone(ZoneInfo(self.zone))
        return any(opens <= local.hour * 60 + local.minute < closes for opens, closes in self.on(local.date()))


def week_json(week: Mapping[int, Iterable[Span]]) -> dict[str, list[list[str]]]:
    """Spans by weekday as JSON holds them."""
    return {str(weekday): day_json(spans) for weekday, spans in sorted(week.items())}


def day_json(spans: Iterable[Span]) -> list[list[str]]:
    """The spans of a day as JSON holds them."""
    return [[f"{minute // 60:02}:{minute % 60:02}" for minute in span] for span in spans]


def spans_of(stored: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """The spans of a day that JSON holds. Raises ValueError for what are none."""
    spans = tuple(sorted((_minute(opens), _minute(closes)) for opens, closes in stored))
    if any(not 0 <= opens < closes <= DAY for opens, closes in spans):
        raise ValueError("hours that end before they begin, or after midnight")
    return spans


def _minute(written: str) -> int:
    hour, _colon, minute = written.partition(":")
    return int(hour) * 60 + int(minute)


def instant(day: date, at: time, zone: str) -> datetime | None:
    """The instant (UTC) of a wall time; the first of two; None for one that the clock change leaves out."""
    wall = datetime.combine(day, at, ZoneInfo(zone))
    found = wall.astimezone(UTC)
    return found if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall.replace(tzinfo=None) else None


def slots(hours: Hours, day: date, minutes: int, pause: int = 0) -> tuple[Slot, ...]:
    """The slots of a day: each `minutes` long and wholly within its hours, `pause` minutes (or more) after the last.

    A wall time that the clock change leaves out begins none; of an hour that comes twice the first counts, so that no
    two slots of a span overlap. Nothing lasts beyond the end of the hours, however their end is read.
    """
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + pause)
    found: list[Slot] = []
    for opens, closes in hours.on(day):
        ends = _earliest(day, closes, hours.zone)
        free_from: datetime | None = None
        for minute in range(opens, closes, minutes + pause):
            begins = instant(day, time(minute // 60, minute % 60), hours.zone)
            if begins is None or begins + length > ends or (free_from is not None and begins < free_from):
                continue
            free_from = begins + step
            found.append((begins, begins + length))
    return tuple(found)


def _earliest(day: date, minute: int, zone: str) -> datetime:
    """The instant (UTC) of a wall time: the earlier one of its two readings in the night of a clock change."""
    wall = datetime.combine(day + timedelta(days=minute // DAY), time(minute % DAY // 60, minute % 60), ZoneInfo(zone))
    return min(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def week_of(now: datetime, zone: str) -> Slot:
    """The week, Monday to Sunday by the clock of `zone`, in which an instant lies: from and until (UTC)."""
    local = now.astimezone(ZoneInfo(zone)).date()
    monday = local - timedelta(days=local.weekday())
    return _midnight(monday, zone), _midnight(monday + timedelta(days=7), zone)


def day_of(day: date, zone: str) -> Slot:
    """A day by the clock of `zone`: from and until (UTC)."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)
