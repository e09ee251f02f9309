"""Deeds about learning, exams, what an offer costs, tools by kind, sheets of people, and the log of meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class ReadLearning(Deed):
    """Look at how the learning of somebody goes: put on record. Facts tell it afterwards."""

    outcomes: ClassVar[tuple[str, ...]] = ("read", "refused")
    session: int
    booking: int


@dataclass(frozen=True, slots=True)
class WriteLearning(Deed):
    """Write a few lines on somebody's learning at a lesson; "" takes them away."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "removed", "early", "gone", "refused")
    session: int
    booking: int
    text: str


@dataclass(frozen=True, slots=True)
class SetExam(Deed):
    """Say that a meeting is an exam, or is none."""

    outcomes: ClassVar[tuple[str, ...]] = ("on", "off", "late", "refused")
    session: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class NoteResult(Deed):
    """Note "passed" or "failed" of somebody at an exam; "" takes it back. Nobody is told by it."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "refused")
    session: int
    booking: int
    result: str


@dataclass(frozen=True, slots=True)
class TellResults(Deed):
    """Tell everybody their result who does not know it yet. Details: "told"."""

    outcomes: ClassVar[tuple[str, ...]] = ("told", "nobody", "refused")
    session: int


@dataclass(frozen=True, slots=True)
class SetTerms(Deed):
    """Set something an offer says or asks.

    `what`: "cost" and "travel" (words in `language`, "" takes them away), "travel_paid" ("yes", "no", ""),
    "transport" and "exam_needed" ("yes" or ""), and "tool:WORD" (a number).
    """

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    what: str
    value: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class HandSheet(Deed):
    """Hand over a table for printing: "signatures" or "trip" (of a meeting), "travel" or "log" (of a listing; 0 for
    all).
    """

    outcomes: ClassVar[tuple[str, ...]] = ("sent", "nobody", "refused")
    what: str
    of: int


@dataclass(frozen=True, slots=True)
class WriteLog(Deed):
    """Say what was done at a meeting, in a few words without names."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "early", "refused")
    session: int
    words: str
