"""Deeds about offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class Look(Deed):
    """Find out which conversation shows a listing: see conversations/blocks.py."""

    outcomes: ClassVar[tuple[str, ...]] = ("offer", "call", "appointment", "resource", "club", "gone")
    listing: int


@dataclass(frozen=True, slots=True)
class Book(Deed):
    """Book places in a session: for one person, or for several together, all or nobody; with `wait` they wait together.

    `care` says that child care is needed then.

    Details: "bookings" (ids), "ahead" (people before them in the line), "clash" (the id of the booking
    that is at the same time, 0 where it is an appointment).
    """

    outcomes: ClassVar[tuple[str, ...]] = (
        "booked",
        "waiting",
        "already",
        "full",
        "overlap",
        "closed",
        "past",
        "cancelled",
        "age",
        "consent",
        "denied",
        "early",
        "drop_in",
        "institution",
        "town",
        "after",
        "checking",
        "ineligible",
    )
    session: int
    people: tuple[int, ...]
    wait: bool = False
    care: bool = False
    trip: bool = False
    """True once a guardian who books has agreed to the trip."""
    tools: str = ""
    """"brings" own tools, or "needs" some."""
    buddy: str = ""
    """"wants" a buddy, or "is" one."""
    brings: tuple[str, ...] = ()
    """Which tools they bring."""
    transport: bool = False
    """True for whoever has to be fetched."""


@dataclass(frozen=True, slots=True)
class CancelBooking(Deed):
    """Give a place, an offer or a turn in the line back. Details: "session", "again" (a tap that opens the offer)."""

    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "gone", "denied")
    booking: int


@dataclass(frozen=True, slots=True)
class SetNeed(Deed):
    """Say that child care ("care") or being fetched ("transport") is needed for a booking after all, or is not."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone")
    booking: int
    what: str
    needed: bool


@dataclass(frozen=True, slots=True)
class AcceptPlace(Deed):
    """Take the place that is held for somebody. Details: "booking", "clash". "others": it is held for several together,
    and who booked for them decides.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("booked", "already", "overlap", "late", "gone", "others")
    booking: int


@dataclass(frozen=True, slots=True)
class DeclinePlace(Deed):
    """Leave the place that is held: `next` tells whether somebody waits for it. "others": as with taking it."""

    outcomes: ClassVar[tuple[str, ...]] = ("declined", "gone", "others")
    booking: int


@dataclass(frozen=True, slots=True)
class SayComing(Deed):
    """Answer "are you coming?" with yes, for one booking or for several; of a series for one unit (`session`)."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone")
    bookings: tuple[int, ...]
    session: int = 0
