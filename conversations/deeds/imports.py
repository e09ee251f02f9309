"""Deeds about spreadsheets: hand the template over, read one that came, add all of it, take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class SendTemplate(Deed):
    """Hand over the template of a kind of table, in the language of who asks."""

    outcomes: ClassVar[tuple[str, ...]] = ("sent", "refused")
    kind: str
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class ReadSheet(Deed):
    """Read what was sent. Details: "sheet" (its id), "rows", "bad" (counts); for "unreadable" the "reason",
    "most" (how many rows it may have) and, for the reason "other", "like" (the kind whose heads it has).
    """

    outcomes: ClassVar[tuple[str, ...]] = ("ready", "problems", "unreadable", "lost", "refused")
    kind: str
    attachment: str
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class AddSheet(Deed):
    """Add all that was read, or nothing. Details: "added" (how many), "undo" (a tap).

    "adding": it is long and goes on by itself; word of it comes. Details: "rows".
    """

    outcomes: ClassVar[tuple[str, ...]] = ("added", "adding", "changed", "gone", "refused")
    sheet: int


@dataclass(frozen=True, slots=True)
class UndoSheet(Deed):
    """Take back all that was added, within 15 minutes and as long as nobody uses any of it.

    "undoing": it is long and goes on by itself; word of it comes. Details: "rows".
    """

    outcomes: ClassVar[tuple[str, ...]] = ("undone", "undoing", "late", "used", "refused")
    sheet: int
