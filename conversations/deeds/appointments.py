"""Deeds about appointments: of people, and of professionals and staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class TakeAppointment(Deed):
    """Take a free time (`slot` is its key) for somebody, or move the appointment `moves` there.

    `person` is 0 for the one who talks. Details: "appointment" (its id).
    """

    outcomes: ClassVar[tuple[str, ...]] = (
        "booked",
        "moved",
        "taken",
        "limit",
        "overlap",
        "closed",
        "age",
        "late",
        "consent",
        "denied",
    )
    listing: int
    slot: str
    person: int = 0
    home: bool = False
    language: str = ""
    wish: str = ""
    moves: int = 0


@dataclass(frozen=True, slots=True)
class TellAddress(Deed):
    """Tell where to come, for this one visit: words, a pin, or something recorded."""

    outcomes: ClassVar[tuple[str, ...]] = ("told", "gone", "lost")
    appointment: int
    words: str = ""
    latitude: float | None = None
    longitude: float | None = None
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class CancelAppointment(Deed):
    """Give an appointment back. Details: "again" (a tap that opens the free times)."""

    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "gone")
    appointment: int


@dataclass(frozen=True, slots=True)
class SayVisiting(Deed):
    """Answer "are you coming?" with yes."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone")
    appointment: int


# ---------------------------------------------------------------- professionals and staff


@dataclass(frozen=True, slots=True)
class PublishService(Deed):
    """Publish a service with its first professional, or (with a "listing" in the draft) add one to it.

    Details: "listing", "professional", "undo" (a tap, for a new one), "code".
    """

    outcomes: ClassVar[tuple[str, ...]] = ("published", "added", "incomplete", "refused")
    draft: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SetHours(Deed):
    """Set the weekly hours of a professional at a site: (weekday, from, until) in minutes of wall time."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    professional: int
    site: int
    hours: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class InviteProfessional(Deed):
    """A one-time code by which a professional keeps their calendar themself. Details: "code"."""

    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")
    professional: int


@dataclass(frozen=True, slots=True)
class EndProfessional(Deed):
    """A professional gives no appointments any more. Details: "left" (appointments that are still to come)."""

    outcomes: ClassVar[tuple[str, ...]] = ("ended", "booked", "refused")
    professional: int


@dataclass(frozen=True, slots=True)
class TakeDayOff(Deed):
    """A professional does not come on a day: everybody booked is told and offered other times. Details: "told".

    `day` is a key of it, with hours where it is not the whole day ("2026-03-06/600-720").
    """

    outcomes: ClassVar[tuple[str, ...]] = ("off", "refused")
    professional: int
    day: str


@dataclass(frozen=True, slots=True)
class AddHours(Deed):
    """A professional also comes at some hours of a day (a key of both) to a site where they work."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "there", "refused")
    professional: int
    site: int
    day: str


@dataclass(frozen=True, slots=True)
class TakeBackHours(Deed):
    """Extra hours, or hours off, hold no longer: whoever is booked then is told, with other times. Details: "told"."""

    outcomes: ClassVar[tuple[str, ...]] = ("back", "gone", "refused")
    exception: int


@dataclass(frozen=True, slots=True)
class MarkVisit(Deed):
    """Say how a visit ended: "done", "absent", "refused" or "referred". What was told for it is forgotten."""

    outcomes: ClassVar[tuple[str, ...]] = ("marked", "early", "refused")
    appointment: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ShowRoute(Deed):
    """Show where to go on a day, in its order: with pins and what was recorded. It is recorded who looked."""

    outcomes: ClassVar[tuple[str, ...]] = ("shown", "none", "refused")
    professional: int
    day: str
