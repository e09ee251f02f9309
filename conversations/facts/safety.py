"""What conversations may look up about safety cases, who takes them, and the safe word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.facts.help import Line
from conversations.speech import Moment


@dataclass(frozen=True, slots=True)
class Stepped:
    """Something that was done in a case ("seen", "talked", "asked" ...), by whom and when."""

    step: str
    by: str
    at: Moment


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a list shows it: its number and its clock, no word. `holder` is "mine", "taken" or "open"."""

    request_id: int
    since: Moment
    holder: str
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A case. Whoever may not read it (`readable`) gets its number and its steps, nothing else.

    `concern` is the kind of emergency the words hinted at, `denied` that the person said it was none; `write_here` is
    what they said of being written to: "", "yes" or "no".
    """

    row: CaseRow
    readable: bool
    steps: tuple[Stepped, ...]
    team: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...] = ()
    concern: str = ""
    denied: bool = False
    write_here: str = ""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody of the safeguarding staff, in the order in which they are asked."""

    person_id: int
    called: str
    away: Moment | None
    mine: bool


class SafetyFacts(Protocol):
    """What there is to know about safety, for the person who is talking."""

    def cases(self, offset: int, size: int) -> tuple[tuple[CaseRow, ...], int]:
        """Cases that nobody has closed: those this person has or may take, for administrators all of theirs."""
        ...

    def case(self, request_id: str) -> Case | None:
        """One of them."""
        ...

    def round(self) -> tuple[OnDuty, ...]:
        """The safeguarding staff of this person's organisation, in the order in which they are asked."""
        ...

    def own_word(self) -> tuple[str, bool]:
        """The safe word this person has chosen ("" for the one everybody has), and whether staff hear of it."""
        ...

    def news(self) -> tuple[str, ...]:
        """What staff wrote to this person in their open case, the last few, the oldest first."""
        ...
