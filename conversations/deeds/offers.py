"""Deeds about offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class Look(Deed):
    """Find out which conversation shows a listing: an offer with sessions, or a call."""

    outcomes: ClassVar[tuple[str, ...]] = ("offer", "call", "gone")
    listing: int


@dataclass(frozen=True, slots=True)
class Book(Deed):
    """Book places in a session: for one person, or for several together, all or nobody; with `wait` they wait together.

    Details: "bookings" (ids), "ahead" (people before them in the line), "clash" (the id of the booking
    that is at the same time).
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
    )
    session: int
    people: tuple[int, ...]
    wait: bool = False


@dataclass(frozen=True, slots=True)
class CancelBooking(Deed):
    """Give a place, an offer or a turn in the line back. Details: "session", "again" (a tap that opens the offer)."""

    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "gone", "denied")
    booking: int


@dataclass(frozen=True, slots=True)
class AcceptPlace(Deed):
    """Take the place that is held for somebody. Details: "booking", "clash"."""

    outcomes: ClassVar[tuple[str, ...]] = ("booked", "already", "overlap", "late", "gone")
    booking: int


@dataclass(frozen=True, slots=True)
class DeclinePlace(Deed):
    """Leave the place that is held to the next in line."""

    outcomes: ClassVar[tuple[str, ...]] = ("declined", "gone")
    booking: int


@dataclass(frozen=True, slots=True)
class SayComing(Deed):
    """Answer "are you coming?" with yes, for one booking or for several."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone")
    bookings: tuple[int, ...]
