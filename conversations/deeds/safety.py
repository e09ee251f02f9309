"""Deeds about safety: cases handed over by their number, who is there to take them, the safe word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class MarkStep(Deed):
    """Who has a case ticks off what was done: no word of it."""

    request_id: str
    step: str
    outcomes: ClassVar[tuple[str, ...]] = ("marked", "gone")


@dataclass(frozen=True, slots=True)
class CloseCase(Deed):
    """Who has a case closes it, after having looked: as a false alarm or not."""

    request_id: str
    false_alarm: bool
    outcomes: ClassVar[tuple[str, ...]] = ("closed", "gone")


@dataclass(frozen=True, slots=True)
class GiveCase(Deed):
    """Who has a case, or an administrator who may not read it, gives it to somebody of the safeguarding staff."""

    request_id: str
    to: str
    outcomes: ClassVar[tuple[str, ...]] = ("handed", "gone")


@dataclass(frozen=True, slots=True)
class SetAway(Deed):
    """Somebody of the safeguarding staff is away for so many days (0: there again)."""

    days: int
    outcomes: ClassVar[tuple[str, ...]] = ("done", "refused")


@dataclass(frozen=True, slots=True)
class AskFirst(Deed):
    """An administrator says who of the safeguarding staff is asked first."""

    person_id: str
    outcomes: ClassVar[tuple[str, ...]] = ("done", "refused")


@dataclass(frozen=True, slots=True)
class ChooseSafeWord(Deed):
    """A person chooses a safe word of their own ("" for the one everybody has), or whether staff hear of it."""

    word: str | None = None
    tells: bool | None = None
    outcomes: ClassVar[tuple[str, ...]] = ("done",)


@dataclass(frozen=True, slots=True)
class WriteHere(Deed):
    """Whether it is safe to write to the person here. "delete" also empties what was written to this chat.

    "nobody": no case is open any more, so that nobody from the team is about to write.
    """

    answer: str
    outcomes: ClassVar[tuple[str, ...]] = ("noted", "nobody", "deleted")
