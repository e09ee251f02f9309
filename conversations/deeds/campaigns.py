"""Deeds about news, announcements, places and the answer book. Those of staff are authorised when performed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True)
class Subscribe(Deed):
    """Hear of a topic from now on. "agree": a yes to messages is missing; "guardian": a guardian must give it."""

    topic: str
    outcomes: ClassVar[tuple[str, ...]] = ("subscribed", "agree", "guardian", "stopped")


@dataclass(frozen=True)
class Unsubscribe(Deed):
    """Hear of a topic no more."""

    topic: str
    outcomes: ClassVar[tuple[str, ...]] = ("ended", "none")


@dataclass(frozen=True)
class RemindOfEvent(Deed):
    """Be reminded an hour before something announced, or earlier where that is in the night."""

    event_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("planned", "already", "late", "gone")


@dataclass(frozen=True)
class CountReach(Deed):
    """Count that something was reached in one way: by day, nobody is named."""

    kind: str
    about_id: int
    what: str
    outcomes: ClassVar[tuple[str, ...]] = ("done",)


@dataclass(frozen=True)
class AskCall(Deed):
    """Ask to be called at a number, at an hour of the day."""

    phone: str
    wanted: str
    words: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("asked", "changed", "nobody", "unreadable")


@dataclass(frozen=True)
class DropCall(Deed):
    """The call that was asked for is not needed any more: its number is deleted."""

    outcomes: ClassVar[tuple[str, ...]] = ("dropped", "gone")


@dataclass(frozen=True)
class MarkCalled(Deed):
    """Staff have called: with an answer the number is deleted, without one it is counted as a try."""

    request_id: str
    reached: bool
    outcomes: ClassVar[tuple[str, ...]] = ("called", "tried", "gone")


# ---------------------------------------------------------------- the answer book


@dataclass(frozen=True)
class AddAnswer(Deed):
    """Add what the wizard gathered to the answer book. Tells {"card", "code"}."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("added", "incomplete", "refused")


@dataclass(frozen=True)
class ConfirmAnswer(Deed):
    """It is still true: the review date moves."""

    card_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("confirmed", "refused")


@dataclass(frozen=True)
class CorrectAnswer(Deed):
    """Change the question or the answer in one language."""

    card_id: int
    field: str
    language: str
    words: str
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")


@dataclass(frozen=True)
class RetireAnswer(Deed):
    """Take an answer out of the book."""

    card_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("retired", "refused")


@dataclass(frozen=True)
class SetVoice(Deed):
    """Attach a voice note to an answer, in one language."""

    card_id: int
    language: str
    attachment: str
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "lost", "refused")


# ---------------------------------------------------------------- places


@dataclass(frozen=True)
class CloseSite(Deed):
    """A site is closed on some days; with `cancel` the meetings there are cancelled and everybody is told.

    `draft`: site, first, last (ISO instants), reason, cancel, urgent. Tells {"meetings", "told", "others"}.
    """

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("closed", "past", "refused")


@dataclass(frozen=True)
class OpenSite(Deed):
    """Take a closure back. Meetings that were cancelled stay so."""

    closure_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("open", "refused")


@dataclass(frozen=True)
class SetHours(Deed):
    """Set the hours of a site on some weekdays: "08:00-16:00", "08:00-12:00, 15:00-19:00", or "" for closed."""

    site_id: int
    weekdays: tuple[int, ...]
    hours: str
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "unreadable", "refused")


@dataclass(frozen=True)
class SetBus(Deed):
    """Say in one language how to get to a site."""

    site_id: int
    language: str
    words: str
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")


# ---------------------------------------------------------------- announcements


@dataclass(frozen=True)
class Announce(Deed):
    """Announce what the wizard gathered. Tells {"event", "code"}."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("announced", "past", "refused")


@dataclass(frozen=True)
class MoveEvent(Deed):
    """It takes place at another time (ISO, UTC): who asked to be reminded is told, and reminded then."""

    event_id: int
    starts_at: str
    outcomes: ClassVar[tuple[str, ...]] = ("moved", "past", "refused")


@dataclass(frozen=True)
class CancelEvent(Deed):
    """It does not take place: who asked to be reminded is told."""

    event_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "over", "refused")


@dataclass(frozen=True)
class AddEvidence(Deed):
    """Add a link or a photo for the report."""

    event_id: int
    link: str = ""
    attachment: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("added", "lost", "refused")
