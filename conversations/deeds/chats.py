"""Deeds about the chats of one person: joining another one, choosing one, letting one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed

TWO_PEOPLE = ("ages", "kin", "taken_back", "asking")
"""Why two chats cannot be joined by themselves (models/merging.py)."""


@dataclass(frozen=True, slots=True)
class IssueAddressCode(Deed):
    """Make a one-time code that joins another chat of who acts; earlier ones end.

    Details: "code" for links, "short" to be typed, "minutes" that they last.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("made",)


@dataclass(frozen=True, slots=True)
class LookAtAddressCode(Deed):
    """See what using such a code in this chat would bring to the other one, without using it.

    Details of "good": "brings", what belongs to this chat's person, counted. Used, expired, invented and
    too often tried codes are all "unknown".
    """

    outcomes: ClassVar[tuple[str, ...]] = ("good", "same", "unknown", *TWO_PEOPLE)
    code: str


@dataclass(frozen=True, slots=True)
class AskToJoin(Deed):
    """Use the code: the chat that made it is asked whether this one may join. Nothing is joined yet."""

    outcomes: ClassVar[tuple[str, ...]] = ("asked", "same", "unknown", "unreachable", *TWO_PEOPLE)
    code: str


@dataclass(frozen=True, slots=True)
class JoinChats(Deed):
    """The chat that made the code says yes: both become one person. `address` is the other chat, `person` whose it was.

    Details: "twice", how many bookings were there twice.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("joined", "gone", *TWO_PEOPLE)
    person: int
    address: int


@dataclass(frozen=True, slots=True)
class RefuseChat(Deed):
    """The chat that made the code says no: the other one is told, and nothing has changed."""

    outcomes: ClassVar[tuple[str, ...]] = ("refused",)
    person: int
    address: int


@dataclass(frozen=True, slots=True)
class PreferChat(Deed):
    """Write unasked to this chat from now on; None: to wherever the person wrote last."""

    outcomes: ClassVar[tuple[str, ...]] = ("set", "gone")
    address: int | None


@dataclass(frozen=True, slots=True)
class UnlinkChat(Deed):
    """Let a chat go. The one that is written from becomes somebody new; another one is forgotten."""

    outcomes: ClassVar[tuple[str, ...]] = ("unlinked", "only")
    address: int
