"""Deeds about people: language, place, consent, guardians, stop and erasure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed, WithCode


@dataclass(frozen=True, slots=True)
class SetLanguage(Deed):
    """Speak this language from now on."""

    outcomes: ClassVar[tuple[str, ...]] = ("set",)
    tag: str


@dataclass(frozen=True, slots=True)
class SetBand(Deed):
    """Store the age band. "person" where the change would lift the need for a guardian too soon."""

    outcomes: ClassVar[tuple[str, ...]] = ("set", "person")
    band: str


@dataclass(frozen=True, slots=True)
class SetTown(Deed):
    """Store the town by its code, None for none. "person" as for `SetBand`."""

    outcomes: ClassVar[tuple[str, ...]] = ("set", "person")
    town: str | None


@dataclass(frozen=True, slots=True)
class SetInterests(Deed):
    """Store the subjects of interest by their codes."""

    outcomes: ClassVar[tuple[str, ...]] = ("set",)
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetCalled(Deed):
    """Store what the person wants to be called, as typed; "" for nothing."""

    outcomes: ClassVar[tuple[str, ...]] = ("set",)
    called: str


@dataclass(frozen=True, slots=True)
class Settle(Deed):
    """The welcome is done. Who may consent alone has agreed to the privacy card, and to `messages` or not."""

    outcomes: ClassVar[tuple[str, ...]] = ("settled",)
    messages: bool


@dataclass(frozen=True, slots=True)
class Agree(Deed):
    """Consent of one's own to a purpose ("attend", "messages"); "guardian" where one may not consent alone."""

    outcomes: ClassVar[tuple[str, ...]] = ("agreed", "guardian")
    purpose: str


@dataclass(frozen=True, slots=True)
class Withdraw(Deed):
    """Take back a consent one gave (`purpose` "all": every one), for oneself or for the child with that id.

    `cancelled` in the details is the number of bookings that ended with it.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("withdrawn", "nothing")
    purpose: str
    child_id: int | None = None


@dataclass(frozen=True, slots=True)
class IssueGuardianCode(Deed):
    """Make a one-time code for the guardian of who acts; the details hold it as "code".

    `listing_id` and `session_id` are what the child had chosen (0: nothing): with the guardian's yes comes a
    button that goes on there.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("made", "not_needed")
    listing_id: int = 0
    session_id: int = 0


@dataclass(frozen=True, slots=True)
class LookAtCode(Deed):
    """See what a guardian code is for, without using it: "called" and "band" of the child.

    Unknown, used, expired and once too often tried are all "unknown"; "already" for who speaks for that child by now.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("good", "already", "unknown", "own", "minor")
    code: str


@dataclass(frozen=True, slots=True)
class ConfirmGuardian(Deed):
    """Use a guardian code: link guardian and child, and record every purpose agreed to."""

    outcomes: ClassVar[tuple[str, ...]] = ("confirmed", "unknown", "own", "minor")
    code: str
    relation: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddChild(Deed):
    """A child without a chat of its own, spoken for by who acts; the details hold its id as "child"."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "minor", "too_many")
    called: str
    band: str
    relation: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreeForChild(Deed):
    """Consent of a guardian, later, to one more purpose for a linked child."""

    outcomes: ClassVar[tuple[str, ...]] = ("agreed", "not_yours")
    child_id: int
    purpose: str


@dataclass(frozen=True, slots=True)
class SetChildReminders(Deed):
    """A guardian's own switch for the reminders of a child."""

    outcomes: ClassVar[tuple[str, ...]] = ("set", "not_yours")
    child_id: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class LeaveChild(Deed):
    """Speak for a child no more; one that has no chat and no other guardian is erased."""

    outcomes: ClassVar[tuple[str, ...]] = ("left", "not_yours")
    child_id: int


@dataclass(frozen=True, slots=True)
class EndMyPaper(Deed):
    """A child takes back what a guardian agreed to on paper for it: the guardian has no chat to do so."""

    outcomes: ClassVar[tuple[str, ...]] = ("ended", "nothing")


@dataclass(frozen=True, slots=True)
class AskBandLater(Deed):
    """Do not ask somebody growing up again before so many days."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted",)
    days: int


@dataclass(frozen=True, slots=True)
class DecideAlone(Deed):
    """A young person says yes or no themself from now on; guardians go on being reminded only if they want that.

    "alone": booking is open; "without": it is closed, and what was booked has ended; "guardian": too young.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("alone", "without", "guardian")
    attend: bool
    messages: bool
    reminders: bool


@dataclass(frozen=True, slots=True)
class StopMessages(Deed):
    """Nothing unasked is written to the person any more."""

    outcomes: ClassVar[tuple[str, ...]] = ("stopped",)


@dataclass(frozen=True, slots=True)
class StartMessages(Deed):
    """The person may be written to again."""

    outcomes: ClassVar[tuple[str, ...]] = ("started",)


@dataclass(frozen=True, slots=True)
class EraseMe(Deed):
    """Erase everything about the person who acts."""

    outcomes: ClassVar[tuple[str, ...]] = ("erased",)


@dataclass(frozen=True, slots=True)
class LookAtInvite(WithCode):
    """See what a staff code is for: "organisation" (words by language) and "role"."""

    outcomes: ClassVar[tuple[str, ...]] = ("good", "unknown", "minor")


@dataclass(frozen=True, slots=True)
class JoinStaff(WithCode):
    """Use a staff code."""

    outcomes: ClassVar[tuple[str, ...]] = ("joined", "unknown", "minor")


@dataclass(frozen=True, slots=True)
class InviteStaff(Deed):
    """Make a staff code for an organisation where who acts is an administrator; "code" in the details."""

    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")
    role: str
    organisation_id: int | None = None
    """None: the only (or first) organisation of who acts."""
