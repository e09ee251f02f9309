"""Deeds of people who share a phone, and of helpers and the families they act for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class AddSharer(Deed):
    """Somebody with a say of their own who uses this phone too, and who has agreed to take part.

    "guardian" below the age of consent: a parent adds them as a child. Details: "person".
    """

    outcomes: ClassVar[tuple[str, ...]] = ("added", "guardian", "too_many")
    called: str
    band: str


@dataclass(frozen=True, slots=True)
class LeavePhone(Deed):
    """Somebody uses this phone no more; who has no other is erased."""

    outcomes: ClassVar[tuple[str, ...]] = ("left", "not_here")
    person: int


@dataclass(frozen=True, slots=True)
class IssueMandateCode(Deed):
    """A helper makes a one-time code by which a family lets them act. Details: "code", "hours"."""

    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")


@dataclass(frozen=True, slots=True)
class LookAtMandate(Deed):
    """See who asks, without using the code: "helper", "organisation" (words by language), "children" (how many)."""

    outcomes: ClassVar[tuple[str, ...]] = ("good", "unknown", "own", "minor")
    code: str


@dataclass(frozen=True, slots=True)
class GiveMandate(Deed):
    """Let the helper act for so many months, for oneself and, if wanted, for one's children."""

    outcomes: ClassVar[tuple[str, ...]] = ("given", "unknown", "own", "minor")
    code: str
    months: int
    children: bool


@dataclass(frozen=True, slots=True)
class EndMandate(Deed):
    """End a mandate: the family's word, or the helper's."""

    outcomes: ClassVar[tuple[str, ...]] = ("ended", "gone")
    mandate: int


@dataclass(frozen=True, slots=True)
class RecordMandate(Deed):
    """Staff have a signed form: somebody without a phone lets a helper of the organisation act, with the children."""

    outcomes: ClassVar[tuple[str, ...]] = ("recorded", "refused", "taken")
    helper: int
    called: str
    form: str
    months: int


@dataclass(frozen=True, slots=True)
class AddHelpedChild(Deed):
    """A helper adds a child of a family whose form names it."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "refused", "too_many")
    mandate: int
    called: str
    band: str


@dataclass(frozen=True, slots=True)
class InviteHelper(Deed):
    """Staff make a code by which somebody becomes a helper of their organisation. Details: "code", "days"."""

    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class EndHelper(Deed):
    """Staff end somebody's role as a helper: at once they act for nobody. Details: "families"."""

    outcomes: ClassVar[tuple[str, ...]] = ("ended", "refused")
    helper: int
