"""Deeds about calls: interest, its withdrawal, and reminders of the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class RegisterInterest(Deed):
    """Register interest in a call: one's own, or (`person_id`) that of somebody one speaks for.

    Tells `number`. `answers` are the form's: why, when, phone.
    """

    listing_id: int
    answers: Mapping[str, object] = field(default_factory=dict)
    person_id: int = 0
    outcomes: ClassVar[tuple[str, ...]] = ("registered", "already", "closed", "age", "consent", "gone", "denied")


@dataclass(frozen=True, slots=True)
class WithdrawInterest(Deed):
    """Withdraw one's own interest, or that of somebody one speaks for; what was written in the form is erased."""

    listing_id: int
    person_id: int = 0
    outcomes: ClassVar[tuple[str, ...]] = ("withdrawn", "gone")


@dataclass(frozen=True, slots=True)
class RemindOfDeadline(Deed):
    """Remind who asks, a week and a day before the deadline, as far as that is still to come.

    A child's guardians are reminded with it, and a guardian's children who have registered.
    """

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
