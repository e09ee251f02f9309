"""What conversations know of a series: its units, which is next, and the share of them at which one has to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Moment, Words


@dataclass(frozen=True, slots=True)
class Unit:
    """One meeting of a series, numbered from 1. `topic` is empty where it has no name.

    `attends` is what is known of a booking at it: "coming", "excused", "present", "absent", or "".
    """

    session_id: int
    number: int
    when: Moment
    topic: Words
    begun: bool
    attends: str = ""
    exam: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A series that is enrolled in once. `weekday` (0 = Monday) where the units are on it week by week, at one time.

    `percent` of the units are needed to complete it, which is `needed` of them; 0 where there is no rule.
    """

    units: tuple[Unit, ...]
    weekday: int | None = None
    percent: int = 0
    needed: int = 0

    @property
    def next(self) -> Unit | None:
        """The next unit to come."""
        return next((unit for unit in self.units if not unit.begun), None)

    @property
    def begun(self) -> int:
        """How many units have begun."""
        return sum(unit.begun for unit in self.units)

    @property
    def present(self) -> int:
        """At how many of them somebody was."""
        return sum(unit.attends == "present" for unit in self.units)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series as staff see it. `join_late`: until how many units have begun one can join; `paper` has to be shown."""

    listing_id: int
    title: Words
    town_id: int | None
    course: Course
    join_late: int
    paper: Words


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a series somebody with a place has been at, and whether their paper was seen."""

    booking_id: int
    number: int
    called: str
    present: int
    excused: int
    planned: int
    completed: bool
    shown: bool


class SeriesFacts(Protocol):
    """What staff know of series: for everybody else all of it is empty."""

    def of_listing(self, listing_id: int) -> SeriesRow | None:
        """The series of a listing of theirs; None where there is none."""
        ...

    def progress(self, listing_id: int) -> tuple[Progress, ...]:
        """Everybody with a place in it, by number."""
        ...
