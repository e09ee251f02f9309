"""Deeds about the conditions of a listing: what people ask for, and what staff set and decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class ChooseInstitution(Deed):
    """Note where the person works; 0 forgets it."""

    outcomes: ClassVar[tuple[str, ...]] = ("set", "gone")
    institution: int


@dataclass(frozen=True, slots=True)
class RemindOpening(Deed):
    """Write to the person when a listing opens for bookings."""

    outcomes: ClassVar[tuple[str, ...]] = ("planned", "open", "gone")
    listing: int


@dataclass(frozen=True, slots=True)
class AskEligibility(Deed):
    """Have it checked whether somebody may take part (0: who talks)."""

    outcomes: ClassVar[tuple[str, ...]] = ("asked", "already", "gone", "denied")
    listing: int
    person: int = 0


# ---------------------------------------------------------------- staff


@dataclass(frozen=True, slots=True)
class DecideEligibility(Deed):
    """Decide whether somebody may take part; never why. Tells {"booked"}: how many places they got by it."""

    outcomes: ClassVar[tuple[str, ...]] = ("decided", "gone", "refused")
    asked: int
    eligible: bool
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class SetQuota(Deed):
    """Keep places for a town or an institution. Tells {"taken"} or {"left"} where it cannot be, {"offered"} else.

    `release_at` (ISO, UTC, "" for never) is from when it is open to all.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "too_few", "too_many", "other_kind", "gone", "refused")
    listing: int
    places: int
    town: int = 0
    institution: int = 0
    release_at: str = ""
    quota: int = 0
    """The quota to be changed, where it is there already."""


@dataclass(frozen=True, slots=True)
class ReleaseQuotas(Deed):
    """Open what quotas keep to everybody: one, or (0) all. Tells {"offered"}."""

    outcomes: ClassVar[tuple[str, ...]] = ("released", "gone", "refused")
    listing: int
    quota: int = 0


@dataclass(frozen=True, slots=True)
class SetWindow(Deed):
    """From when and until when one can book (ISO, UTC; "" for at once, or to the start)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "order", "refused")
    listing: int
    opens_at: str
    closes_at: str


@dataclass(frozen=True, slots=True)
class SetLeast(Deed):
    """How many people are needed for it to take place; 0 for no such number."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    least: int


@dataclass(frozen=True, slots=True)
class SetChecked(Deed):
    """Whether it is checked who may take part."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    checked: bool


@dataclass(frozen=True, slots=True)
class SetAudience(Deed):
    """Whom it is for: "all" or "professionals"."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    audience: str


@dataclass(frozen=True, slots=True)
class SetAfter(Deed):
    """What has to be completed first; 0 for nothing."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "circle", "refused")
    listing: int
    after: int


@dataclass(frozen=True, slots=True)
class SetDropIn(Deed):
    """Whether people just come, without booking."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "booked", "refused")
    listing: int
    drop_in: bool


@dataclass(frozen=True, slots=True)
class AddInstitution(Deed):
    """Add an institution in a town, or find the one of that name. Tells {"institution"}."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "refused")
    town: int
    name: str


@dataclass(frozen=True, slots=True)
class GroupAnyway(Deed):
    """A group that is too small takes place all the same."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone", "refused")
    listing: int


@dataclass(frozen=True, slots=True)
class CancelGroup(Deed):
    """A group that is too small is cancelled: all of its meetings to come. Tells {"told"}."""

    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "gone", "refused")
    listing: int


@dataclass(frozen=True, slots=True)
class CountHeads(Deed):
    """Enter or correct how many people were at a meeting, nobody by name; by (band, number) too. Tells {"before"}."""

    outcomes: ClassVar[tuple[str, ...]] = ("counted", "corrected", "early", "wrong", "refused")
    session: int
    total: int
    girls: int = 0
    boys: int = 0
    bands: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MoveInLine(Deed):
    """Put somebody who waits at a place of the line (1 is the next), for a reason out of a list. Tells {"place"}."""

    outcomes: ClassVar[tuple[str, ...]] = ("moved", "same", "gone", "refused")
    booking: int
    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class AddSession(Deed):
    """Add a meeting to a listing, at any site of any town (`site` 0: `site_name`, or only the town)."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "past", "gone", "refused")
    listing: int
    starts_at: str
    minutes: int
    town: int
    site: int = 0
    site_name: str = ""


@dataclass(frozen=True, slots=True)
class AddBreak(Deed):
    """Enter days without school (ISO), in a country."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "order", "refused")
    country: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class RemoveBreak(Deed):
    """Take days without school away again."""

    outcomes: ClassVar[tuple[str, ...]] = ("removed", "refused")
    id: int
