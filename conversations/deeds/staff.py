"""Deeds about staff: each is authorised again when it is performed, and audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True)
class PublishListing(Deed):
    """Publish what the wizard gathered. Tells {"listing", "undo", "block"}; the undo is a standing tap."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("published", "incomplete", "past", "refused")


@dataclass(frozen=True)
class WithdrawListing(Deed):
    """Undo a publication within 15 minutes, if nobody is in it yet."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("withdrawn", "late", "booked", "refused")


@dataclass(frozen=True)
class EditWords(Deed):
    """Change the title, summary, what to bring or the criteria in one language."""

    listing_id: int
    field: str
    language: str
    words: str
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")


@dataclass(frozen=True)
class SetPlaces(Deed):
    """Change how many places there are. Tells {"taken"}, and {"offered"}: who was offered a new place."""

    listing_id: int
    places: int
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "too_few", "refused")


@dataclass(frozen=True)
class CloseListing(Deed):
    """Take no new people."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("closed", "gone", "refused")


@dataclass(frozen=True)
class ReopenListing(Deed):
    """Take people again; a call whose deadline is over needs a new one (`closes_at`, ISO, UTC)."""

    listing_id: int
    closes_at: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("open", "deadline", "gone", "refused")


@dataclass(frozen=True)
class DuplicateListing(Deed):
    """The same once more on new dates. `dates` is {"first", "every", "times", "keep_holidays"} or {"closes"}."""

    listing_id: int
    dates: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("published", "past", "refused")


@dataclass(frozen=True)
class MoveSession(Deed):
    """Move a session to another time (ISO, UTC). Tells {"told"}: how many people were written to."""

    session_id: int
    starts_at: str
    outcomes: ClassVar[tuple[str, ...]] = ("moved", "late", "refused")


@dataclass(frozen=True)
class CancelSession(Deed):
    """Cancel a session, with a reason that everybody is told. `urgent` writes to them in quiet hours too."""

    session_id: int
    reason: str
    urgent: bool = False
    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "late", "refused")


@dataclass(frozen=True)
class MarkAttendance(Deed):
    """Mark somebody: "attended", "absent", or "booked" to take it back."""

    booking_id: int
    state: str
    outcomes: ClassVar[tuple[str, ...]] = ("marked", "refused")


@dataclass(frozen=True)
class SendBroadcast(Deed):
    """Send or schedule a broadcast. Tells {"broadcast"}."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("sending", "scheduled", "nobody", "refused")


@dataclass(frozen=True)
class StopBroadcast(Deed):
    """Stop what still waits. Tells {"spared"}."""

    broadcast_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("stopped", "over", "refused")


@dataclass(frozen=True)
class ReportBroadcast(Deed):
    """Hand over the report as a spreadsheet."""

    broadcast_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("sent", "refused")


@dataclass(frozen=True)
class SettleNote(Deed):
    """Answer a note: "seen", or for a message in doubt "resend" or "ask"."""

    key: str
    answer: str
    outcomes: ClassVar[tuple[str, ...]] = ("done", "gone", "refused")
