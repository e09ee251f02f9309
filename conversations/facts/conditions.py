"""What conversations may look up about the conditions of a listing: who it is for, from when, how many are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Moment, Words


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a listing, and how the person who talks stands to them.

    `opens` is set as long as it takes no bookings yet. `least` people are needed, `enrolled` have a place. `eligible`
    is None while it is not decided whether they may take part, and `asked` True once somebody has to decide it.
    `quotas` are places kept by town or institution. `after` has to be completed first.
    """

    opens: Moment | None = None
    reminded: bool = False
    least: int = 0
    enrolled: int = 0
    checked: bool = False
    eligible: bool | None = None
    asked: bool = False
    professionals: bool = False
    institution: Words = Words()
    town_missing: bool = False
    after: Words = Words()
    drop_in: bool = False
    quotas: tuple[tuple[Words, int], ...] = ()

    @property
    def must_wait(self) -> bool:
        """True where a booking waits until it is decided whether the person may take part."""
        return self.checked and self.eligible is None


@dataclass(frozen=True, slots=True)
class Place:
    """An institution that can be chosen; its name says the town too."""

    id: int
    name: Words


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A quota as staff see it: for which town or institution, how many places, how many of them are taken at most in
    one session, and from when it is open to all.
    """

    id: int
    name: Words
    places: int
    taken: int
    release: Moment | None


@dataclass(frozen=True, slots=True)
class ForStaff:
    """All conditions of a listing, for its staff."""

    opens: Moment | None
    closes: Moment | None
    least: int
    enrolled: int
    least_state: str
    checked: bool
    asked: int
    """Of how many people it is still to be decided whether they may take part."""
    professionals: bool
    after: Words
    drop_in: bool
    by_institution: bool
    """True where the quotas are by institution; by town else."""
    quotas: tuple[QuotaRow, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody of whom it is to be decided whether they may take part: no more than what staff need to know them by."""

    id: int
    called: str
    band: str
    town: Words
    title: Words
    at: Moment
    waits: bool
    """True if they have asked for a place already, which waits for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in a waiting list: `place` 1 is the next."""

    booking_id: int
    number: int
    called: str
    place: int


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A head count as it was entered; parts that were not noted are 0."""

    total: int
    girls: int = 0
    boys: int = 0
    unsaid: int = 0
    bands: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody with a place in a listing for professionals, and where they work."""

    called: str
    number: int
    institution: Words


@dataclass(frozen=True, slots=True)
class BreakRow:
    """Days without school: known to the house (`own` False), or entered by the organisation."""

    id: int
    country: str
    first: Moment
    last: Moment
    own: bool


class ConditionsFacts(Protocol):
    """What there is to know about conditions. What is for staff is empty for everybody else."""

    def of(self, listing_id: int) -> Conditions:
        """The conditions of a listing for the person who talks."""
        ...

    def institutions(self, town_id: int = 0) -> tuple[Place, ...]:
        """The institutions of a town, or all, those of the person's own town first."""
        ...

    def institution(self) -> Words:
        """Where the person works, as they chose."""
        ...

    def for_staff(self, listing_id: int) -> ForStaff | None:
        """All conditions of a listing of the person's organisations."""
        ...

    def listings_before(self, listing_id: int) -> tuple[tuple[int, Words], ...]:
        """Other listings of the same organisation that could have to be completed first, the newest first."""
        ...

    def asking(self, listing_id: int = 0) -> tuple[Asking, ...]:
        """Who waits for a decision of the person's organisations, the oldest first."""
        ...

    def line(self, session_id: int) -> tuple[Standing, ...]:
        """Who waits at a session, in order."""
        ...

    def head_count(self, session_id: int) -> HeadRow | None:
        """What was counted at a session."""
        ...

    def participants(self, listing_id: int) -> tuple[Participant, ...]:
        """Everybody with a place in a listing, by institution."""
        ...

    def day_typed(self, words: str) -> str | None:
        """The day to come (ISO) that was typed; None for what is none."""
        ...

    def breaks(self) -> tuple[BreakRow, ...]:
        """School breaks that are not over, in the countries of the person's organisations."""
        ...
