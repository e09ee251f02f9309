"""Deeds about the chats of one person: joining another one, choosing one, letting one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed

TWO_PEOPLE = ("ages", "kin", "taken_back", "asking")
"""Why two chats cannot be joined by themselves (models/who/merging.py)."""


@dataclass(frozen=True, slots=True)
class IssueAddressCode(Deed):
    """Make a one-time code that joins another chat of who acts, or (`person`) of somebody without one for whom they
    may speak: a child, who shares their phone, a family. Earlier codes end.

    Details: "code" for links, "short" to be typed, "minutes" that they last.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")
    person: int | None = None


@dataclass(frozen=True, slots=True)
class LookAtAddressCode(Deed):
    """See what using such a code in this chat would bring to the other one, without using it.

    Details of "good": "brings", what belongs to this chat's person, counted; "own", True for the code of somebody
    who gets a phone of their own. Used, expired, invented and too often tried codes are all "unknown".
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

    `into` is for whom the code was, where that is not who acts. Details: "twice", how many bookings were there twice;
    "called", the name of who `into` is.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("joined", "gone", *TWO_PEOPLE)
    person: int
    address: int
    into: int | None = None


@dataclass(frozen=True, slots=True)
class RefuseChat(Deed):
    """The chat that made the code says no: the other one is told, and nothing has changed. `into` as in JoinChats."""

    outcomes: ClassVar[tuple[str, ...]] = ("refused", "gone")
    person: int
    address: int
    into: int | None = None


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


@dataclass(frozen=True, slots=True)
class AskApart(Deed):
    """Two chats were joined by mistake, says one: a chat of the other side is asked. Nothing has changed yet."""

    outcomes: ClassVar[tuple[str, ...]] = ("asked", "unreachable", "gone")


@dataclass(frozen=True, slots=True)
class GoApart(Deed):
    """The other side says yes: each has again what came from them. `address` is the chat that asked."""

    outcomes: ClassVar[tuple[str, ...]] = ("apart", "gone")
    joining: int
    address: int


@dataclass(frozen=True, slots=True)
class StayOne(Deed):
    """The other side says no: the chat that asked is told, and nothing has changed."""

    outcomes: ClassVar[tuple[str, ...]] = ("stays", "gone")
    joining: int
    address: int


WHY_ONE = ("ask", "waits", "no", "late", "gone")
"""Why an administrator cannot take two apart (models/who/two_again.py)."""


@dataclass(frozen=True, slots=True)
class LookAtPair(Deed):
    """An administrator looks whether the one who wrote to the team can be made two again.

    Details of "ready": "joining"; "at", when they became one, in "zone"; "asks" and "other", the apps of the side
    that says so and of the other one; "reached", whether the other one was asked; "keeps", whether what is new stays
    with the side that says so; "brings", what goes back to the side that does not keep it, counted.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("ready", "none", "refused", *WHY_ONE)
    request_id: str


@dataclass(frozen=True, slots=True)
class TakeApart(Deed):
    """An administrator makes them two again, in place of the side that cannot answer. Looked at anew.

    Details of "apart": "told", how many of the two chats were told.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("apart", "none", "refused", *WHY_ONE)
    request_id: str
    joining: int
