"""What conversations may look up about resources: free seats, papers to be printed, the plan of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from conversations.speech import Moment, Words


@dataclass(frozen=True, slots=True)
class Room:
    """A listing of seats as its card shows it. `prints` where papers are printed: so many pages a week."""

    listing_id: int
    title: Words
    summary: Words
    place: Words
    organisation: Words
    bands: tuple[str, ...]
    seats: int
    slot_minutes: int
    week_slots: int
    week_pages: int
    hours: tuple[tuple[int, str], ...]
    """Weekday (0 is Monday) and hours as they are written: "16:00-20:00"."""
    open: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day on which seats are free. `key` is the day (ISO)."""

    key: str
    at: Moment
    slots: int


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot with free seats. `key` is when it begins, fit for a button."""

    key: str
    at: Moment
    free: int


@dataclass(frozen=True, slots=True)
class Seated:
    """Who sits in a slot, by number and what they are called."""

    number: int
    called: str


@dataclass(frozen=True, slots=True)
class PlanSlot:
    """A slot as staff see it."""

    key: str
    at: Moment
    seats: int
    taken: int
    session_id: int | None
    people: tuple[Seated, ...]
    shut: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in the queue. `attachment` is its file while it waits; `mine`: of the person who talks."""

    job_id: int
    number: int
    kind: str
    pages: int | None
    state: str
    called: str
    title: Words
    place: Words
    sent: Moment
    until: Moment
    attachment: int | None


class ResourcesFacts(Protocol):
    """What there is to know about resources, for the person who is talking."""

    def room(self, listing_id: int) -> Room | None:
        """A listing of seats; None where there is none that people may see."""
        ...

    def days(self, listing_id: int) -> tuple[FreeDay, ...]:
        """The days ahead with free seats."""
        ...

    def slots(self, listing_id: int, day: str) -> tuple[FreeSlot, ...]:
        """The slots of a day (ISO) with free seats that are still to come."""
        ...

    def slot(self, listing_id: int, key: str) -> Moment | None:
        """When the slot of a key begins."""
        ...

    def seed(self, listing_id: int, words: str) -> Mapping[str, Any]:
        """What the conversation begins with after words such as "computer tomorrow 4 pm": the listing, and the day
        and slot as far as they were said and are free.
        """
        ...

    def used(self, listing_id: int, key: str, person_id: int) -> int:
        """How many slots somebody has in the week of a slot."""
        ...

    def pages_left(self, listing_id: int) -> int:
        """How many pages the person who talks may still have printed this week."""
        ...

    def printers(self) -> tuple[tuple[int, Words], ...]:
        """The listings in the own town where papers are printed, with their titles."""
        ...

    def papers(self) -> tuple[Paper, ...]:
        """What the person who talks has in the queue or can collect."""
        ...

    def queue(self, offset: int, size: int) -> tuple[tuple[Paper, ...], int]:
        """For staff: the queue of their organisations, and how long it is."""
        ...

    def paper(self, job_id: int) -> Paper | None:
        """For staff: one of them."""
        ...

    def plan_days(self, listing_id: int) -> tuple[tuple[FreeDay, bool], ...]:
        """For staff: today and the coming days with slots, and whether the day is closed by them."""
        ...

    def plan(self, listing_id: int, day: str) -> tuple[PlanSlot, ...]:
        """For staff: the slots of a day, and who sits there."""
        ...

    def sheets(self, listing_id: int) -> int | None:
        """For staff: how many sheets of paper are at hand; None where nobody counts."""
        ...
