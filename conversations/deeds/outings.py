"""Deeds around trips and events: a guardian's yes, the way there and back, places to be cleaned, buddies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed

# ---------------------------------------------------------------- guardians


@dataclass(frozen=True, slots=True)
class AgreeToTrip(Deed):
    """A guardian says yes to a place on a trip, as it was set when they were asked. Details: "back", a tap."""

    outcomes: ClassVar[tuple[str, ...]] = ("given", "already", "gone")
    booking: int
    sequence: int


@dataclass(frozen=True, slots=True)
class RefuseTrip(Deed):
    """A guardian says no, or takes a yes back: the place is given on; once the bus has "left" it changes nothing."""

    outcomes: ClassVar[tuple[str, ...]] = ("freed", "left", "gone")
    booking: int


# ---------------------------------------------------------------- staff, and who leads the trip


@dataclass(frozen=True, slots=True)
class SetOuting(Deed):
    """What a listing is: a trip, one with tools, one with buddies; where people meet, in one language.

    "series": a series cannot be a trip, for which each time has to be agreed to.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "series", "refused")
    listing: int
    what: str
    wanted: bool = False
    point: str = ""


@dataclass(frozen=True, slots=True)
class SeePaper(Deed):
    """Staff have seen the form for a place on a trip; a second time takes it back."""

    outcomes: ClassVar[tuple[str, ...]] = ("seen", "taken_back", "refused", "gone")
    booking: int
    session: int


@dataclass(frozen=True, slots=True)
class CountOut(Deed):
    """The bus is leaving with so many people: their guardians are told, once.

    Details: "told", "listed" (how many go along by the list), "names" (numbers of those without a yes).
    """

    outcomes: ClassVar[tuple[str, ...]] = ("told", "already", "differs", "consent", "early", "over", "refused")
    session: int
    heads: int


@dataclass(frozen=True, slots=True)
class CountBack(Deed):
    """So many are back. Does it fit, their guardians are told, once; else staff are warned and nobody else is told.

    `confirmed`: it is known why it does not fit; `without` are the bookings of those who did not come back with it.
    Details: "told", "out" (how many left).
    """

    outcomes: ClassVar[tuple[str, ...]] = ("told", "already", "differs", "names", "not_left", "refused")
    session: int
    heads: int
    confirmed: bool = False
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SayLate(Deed):
    """The trip will be so many minutes late. Details: "told"."""

    outcomes: ClassVar[tuple[str, ...]] = ("told", "already", "not_left", "refused")
    session: int
    minutes: int


# ---------------------------------------------------------------- places


@dataclass(frozen=True, slots=True)
class ReportPlace(Deed):
    """Tell the team about a place that should be cleaned: words, a photo, a pin."""

    outcomes: ClassVar[tuple[str, ...]] = ("sent", "added", "nobody", "lost", "nothing")
    words: str = ""
    photo: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class MarkCleaned(Deed):
    """Staff say that the place of a request is clean, with a photo: who reported it is told."""

    outcomes: ClassVar[tuple[str, ...]] = ("told", "unreachable", "lost", "gone")
    request: str
    photo: str = ""


# ---------------------------------------------------------------- buddies


@dataclass(frozen=True, slots=True)
class PairBuddies(Deed):
    """Staff propose two people to each other: each is asked without the other's name."""

    outcomes: ClassVar[tuple[str, ...]] = ("asked", "gone", "refused")
    listing: int
    wants: int
    is_one: int


@dataclass(frozen=True, slots=True)
class AnswerBuddy(Deed):
    """Say yes or no to a buddy. Both are told the other's name once both said yes."""

    outcomes: ClassVar[tuple[str, ...]] = ("both", "waits", "no", "gone")
    pair: int
    person: int
    yes: bool
