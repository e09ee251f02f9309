"""What conversations may look up about calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Moment, Text, Words


@dataclass(frozen=True, slots=True)
class Call:
    """A call as its card shows it. `closes` is its deadline, where it has one; `bands` whom it is for."""

    listing_id: int
    kind: str
    title: Words
    summary: Words
    criteria: Words
    town: Words
    organisation: Words
    bands: tuple[str, ...]
    closes: Moment | None
    days: int
    """Whole days until the deadline, 0 on the last one."""
    open: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """An application: its number, and registered, accepted or refused.

    `child` is what the person is called whom a guardian reads of; "" for one's own.
    """

    listing_id: int
    number: int
    title: Words
    state: str
    since: Moment
    person_id: int = 0
    child: Text | str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number that was read: as it is kept, as it is shown, and its country ("RS", "BG" or "")."""

    number: str
    shown: str
    country: str


@dataclass(frozen=True, slots=True)
class Run:
    """A call as its own staff see it: how many applied, and how many of them wait for a decision."""

    listing_id: int
    title: Words
    closes: Moment | None
    applied: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Form:
    """An application with what was written in it, for the staff of the call."""

    applied: Applied
    called: str
    why: str
    when: tuple[str, ...]
    phone: str
    by: str = ""
    """Who registered and answered: "guardian", or "other" for whoever else acts for the person; "": themself."""


class CallsFacts(Protocol):
    """What there is to know about calls, for the person who is talking."""

    def kinds(self) -> tuple[str, ...]:
        """Kinds of calls that are open now."""
        ...

    def open_calls(self, kind: str, offset: int, size: int) -> tuple[tuple[Call, ...], int]:
        """Open calls of a kind ("" for all), the person's own town first, and how many there are."""
        ...

    def call(self, listing_id: int) -> Call | None:
        """One call, also a closed one; None for a draft or what is no call."""
        ...

    def applied(self, listing_id: int) -> tuple[Applied, ...]:
        """The applications to a call of the person and of whom they speak for, the newest first."""
        ...

    def applications(self, offset: int, size: int) -> tuple[tuple[Applied, ...], int]:
        """The same for all calls, and how many there are."""
        ...

    def application(self, number: str) -> Applied | None:
        """One of them."""
        ...

    def reminders(self, listing_id: int) -> tuple[Moment, ...]:
        """When the person will be reminded of the deadline."""
        ...

    def phone(self, words: str) -> Number | None:
        """The phone number in what was typed; None where it is not exactly one."""
        ...

    def part_of_day(self, words: str) -> str:
        """The part of the day that words name: "morning", "midday", "afternoon", "any"; "" for none."""
        ...

    def run(self, offset: int, size: int) -> tuple[tuple[Run, ...], int]:
        """Calls of the organisations this person is staff of, and how many there are."""
        ...

    def interested(self, listing_id: int, offset: int, size: int) -> tuple[tuple[Applied, ...], int]:
        """Who applied for one of these calls, in the order they came, and how many there are."""
        ...

    def form(self, number: str) -> Form | None:
        """What somebody wrote when they applied for one of these calls."""
        ...
