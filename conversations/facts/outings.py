"""What conversations may look up about trips, events, places that were reported, and buddies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Moment, Words


@dataclass(frozen=True, slots=True)
class Outing:
    """What a listing is beside a meeting: `point` is where people meet."""

    trip: bool
    tools: bool
    buddies: bool
    point: Words = Words()


@dataclass(frozen=True, slots=True)
class MyTrip:
    """A booking that people meet for, or bring tools to. `state` of a trip: "adult", "chat" or "paper" (there is a
    yes), "waits" (until `until`), or "nobody": no guardian can be asked by chat, paper is needed until then; "" where
    it is no trip. `tools` and `brings` are what was said at the booking.
    """

    point: Words
    back: Moment
    state: str = ""
    until: Moment | None = None
    tools: str = ""
    brings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TravellerRow:
    """Somebody on the escort's list. `consent`: "adult", "chat", "paper" or "". `reachable`: a guardian can be told."""

    booking_id: int
    called: str
    number: int
    consent: str
    reachable: bool
    attends: str

    @property
    def comes(self) -> bool:
        """Whether they go along, as far as is known."""
        return self.attends not in ("absent", "excused")


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip for its escort. `left` and `back` are when; `out` how many left; `miscount` how many were counted back
    where that did not fit; `late` the minutes that families know of.
    """

    session_id: int
    title: Words
    when: Moment
    returns: Moment
    point: Words
    rows: tuple[TravellerRow, ...]
    left: Moment | None = None
    out: int = 0
    back: Moment | None = None
    miscount: int | None = None
    late: int = 0


@dataclass(frozen=True, slots=True)
class Buddy:
    """Somebody who wishes for a buddy or is one, for staff: `number` is that of the booking there."""

    person_id: int
    called: str
    number: int


class OutingsFacts(Protocol):
    """What there is to know about trips and events, for the person who is talking."""

    def outing(self, listing_id: int) -> Outing:
        """What a listing is beside a meeting."""
        ...

    def asks_trip(self, listing_id: int, people: tuple[int, ...]) -> bool:
        """True where the person who talks is a guardian of somebody under 18 among these, and it is a trip."""
        ...

    def mine(self, booking_id: int) -> MyTrip | None:
        """Of a booking of one's own, or of somebody one acts for: where to meet, the tools, how a trip stands."""
        ...

    def is_trip(self, session_id: int) -> bool:
        """For staff, and who leads it: whether a meeting is a trip."""
        ...

    def trip(self, session_id: int) -> Trip | None:
        """For staff, and who leads it: the escort's list and what has happened."""
        ...

    def tools(self, session_id: int) -> tuple[int, int]:
        """For staff, and who leads it: how many bring tools, and how many need some."""
        ...

    def returns(self, session_id: int) -> Moment | None:
        """When a meeting is over."""
        ...

    def wishing(self, listing_id: int, wish: str) -> tuple[Buddy, ...]:
        """For staff: who wishes it and has nobody yet."""
        ...
