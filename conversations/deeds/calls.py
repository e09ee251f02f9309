"""Deeds about calls: interest, its withdrawal, and reminders of the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class RegisterInterest(Deed):
    """Register one's own interest in a call. Tells `number`. `answers` are the form's: why, when, phone."""

    listing_id: int
    answers: Mapping[str, object] = field(default_factory=dict)
    outcomes: ClassVar[tuple[str, ...]] = ("registered", "already", "closed", "consent", "gone")


@dataclass(frozen=True, slots=True)
class WithdrawInterest(Deed):
    """Withdraw one's own interest; what was written in the form is erased."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("withdrawn", "gone")


@dataclass(frozen=True, slots=True)
class RemindOfDeadline(Deed):
    """Remind who asks, a week and a day before the deadline, as far as that is still to come."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("planned", "late", "closed", "gone")


@dataclass(frozen=True, slots=True)
class ForgetDeadline(Deed):
    """No reminders of that deadline any more."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("done",)


@dataclass(frozen=True, slots=True)
class OpenForm(Deed):
    """Staff open what somebody wrote when they applied: recorded. `number` is the application's."""

    number: str
    outcomes: ClassVar[tuple[str, ...]] = ("open", "gone")


@dataclass(frozen=True, slots=True)
class DecideApplication(Deed):
    """Staff accept or refuse an application that nobody has decided on; the person is told."""

    number: str
    accepted: bool
    outcomes: ClassVar[tuple[str, ...]] = ("decided", "gone")
