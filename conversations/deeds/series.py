"""Deeds about series: what people say of single units, and what staff do to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class Excuse(Deed):
    """Say that somebody cannot come to one unit, or (`away` False) that they can after all. The place stays theirs."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone", "denied")
    booking: int
    session: int
    away: bool = True


@dataclass(frozen=True, slots=True)
class NameUnit(Deed):
    """Staff name a unit in a language; empty words take the name away."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    session: int
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class AddUnit(Deed):
    """Staff add a unit to a series (ISO, UTC). Tells {"told"}: how many people were written to."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "late", "refused")
    listing: int
    starts_at: str


@dataclass(frozen=True, slots=True)
class CancelSeries(Deed):
    """Staff call off all units still to come. Tells {"told"}. `urgent` writes to people in quiet hours too."""

    outcomes: ClassVar[tuple[str, ...]] = ("cancelled", "late", "refused")
    listing: int
    reason: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SetSeries(Deed):
    """Staff set "join_late" (until how many units have begun one can join) or "rule_percent" of a series."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    what: str
    value: int


@dataclass(frozen=True, slots=True)
class SetPaper(Deed):
    """Staff say, in a language, which paper they have to see; empty words take it away."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    listing: int
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class SeePaper(Deed):
    """Staff have seen somebody's paper, or (`seen` False) not. What it says is never asked."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "refused")
    booking: int
    seen: bool
