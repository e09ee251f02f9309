"""Deeds about resources: seats by the slot, papers to be printed, and what staff do with both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class TakeSeat(Deed):
    """Take a seat in the slot that begins then (ISO, UTC), for a person (0: who talks).

    Details: "booking", "clash" (ids), "used" of "most" slots this week.
    """

    outcomes: ClassVar[tuple[str, ...]] = (
        "booked", "already", "full", "quota", "shut", "overlap", "closed", "past", "cancelled", "age", "consent",
        "denied",
    )  # fmt: skip
    listing: int
    starts_at: str
    person: int = 0


@dataclass(frozen=True, slots=True)
class SendPaper(Deed):
    """Put a paper into the print queue: what was sent, or ("" ) a file on a USB stick of so many pages.

    Details: "number", "pages" (None where nobody knows yet), "left" (pages this week), "job" (its id).
    """

    outcomes: ClassVar[tuple[str, ...]] = (
        "waiting", "quota", "many", "lost", "type", "large", "locked", "closed", "consent", "denied",
    )  # fmt: skip
    listing: int
    attachment: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class TakePaperBack(Deed):
    """Take a paper of one's own back that is not printed yet. Details: "kept", whether a file of it was here."""

    outcomes: ClassVar[tuple[str, ...]] = ("taken", "gone")
    job: int


@dataclass(frozen=True, slots=True)
class HandlePaper(Deed):
    """What staff do with a paper: "printed" (with its pages), "refused" (with a reason), "collected"."""

    outcomes: ClassVar[tuple[str, ...]] = ("done", "pages", "gone", "refused")
    job: int
    act: str
    reason: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class SetSeats(Deed):
    """How many seats one slot has (ISO, UTC). Details: "taken"."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "too_few", "gone", "refused")
    listing: int
    starts_at: str
    seats: int


@dataclass(frozen=True, slots=True)
class SetDay(Deed):
    """Close a resource on a day (ISO), or take that back. Who sits there is cancelled and told: "told"."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    day: str
    closed: bool


@dataclass(frozen=True, slots=True)
class CountPaper(Deed):
    """How many sheets of paper are at hand."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    sheets: int


@dataclass(frozen=True)
class PublishResource(Deed):
    """Publish what the wizard gathered. Tells {"listing", "undo", "code"}."""

    outcomes: ClassVar[tuple[str, ...]] = ("published", "incomplete", "refused")
    draft: Mapping[str, Any]
