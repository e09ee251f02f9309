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
class MakePoster(Deed):
    """Have a poster drawn, of a listing or else of a town, in the language of a tag, and hand it over as a file.

    `form` is "print" (the poster and the cards, to be printed) or "picture". "over": the listing takes nobody any
    more; "no_way": nothing is set up that a code could lead to.
    """

    listing_id: int | None
    town_id: int | None
    tag: str
    form: str
    outcomes: ClassVar[tuple[str, ...]] = ("coming", "over", "no_way", "refused")


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
class CancelMeetings(Deed):
    """Cancel all meetings of a listing still to come, each booked on its own. Tells {"told"}: how many people."""

    listing_id: int
    reason: str
    urgent: bool = False
    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "late", "refused")


@dataclass(frozen=True)
class MarkAttendance(Deed):
    """Mark somebody at a meeting: "present", "absent", "excused", or "" to take it back.

    "result": they have a result of the exam, which has to be taken back first.
    """

    booking_id: int
    session_id: int
    state: str
    outcomes: ClassVar[tuple[str, ...]] = ("marked", "result", "refused")


@dataclass(frozen=True)
class SendBroadcast(Deed):
    """Send or schedule a broadcast. Tells {"broadcast"}. "unpaid": it would cost more than may be spent.

    "lost": what should come with it is not there any more, or was not sent by who acts.
    """

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("sending", "scheduled", "nobody", "unpaid", "lost", "refused")


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
class HearOfRegistrations(Deed):
    """A member of staff's own switch for notices about registrations."""

    wanted: bool
    outcomes: ClassVar[tuple[str, ...]] = ("on", "off", "refused")


@dataclass(frozen=True)
class LookAtPaper(Deed):
    """See for which child a code is, before a paper form is recorded: "called" and "band"."""

    code: str
    organisation_id: int | None = None
    outcomes: ClassVar[tuple[str, ...]] = ("good", "unknown", "not_needed", "refused")


@dataclass(frozen=True)
class RecordPaper(Deed):
    """Record a guardian's consent on paper, for the child whose guardian code this is. `signed_on` is a day (ISO)."""

    code: str
    number: str
    called: str
    guardian: str
    relation: str
    purposes: tuple[str, ...]
    signed_on: str
    organisation_id: int | None = None
    outcomes: ClassVar[tuple[str, ...]] = ("recorded", "taken", "date", "unknown", "not_needed", "refused")


@dataclass(frozen=True)
class EndPaper(Deed):
    """Take a paper form back, by its number. Tells {"cancelled"}: how many bookings and registrations ended."""

    number: str
    organisation_id: int | None = None
    outcomes: ClassVar[tuple[str, ...]] = ("ended", "unknown", "refused")


@dataclass(frozen=True)
class SettleNote(Deed):
    """Answer a note: "seen", or for a message in doubt "resend" or "ask"."""

    key: str
    answer: str
    outcomes: ClassVar[tuple[str, ...]] = ("done", "gone", "refused")
