"""What conversations may look up about news, announcements and places: what reaches people who have booked nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from conversations.speech import Moment, Venue, Words


@dataclass(frozen=True, slots=True)
class Event:
    """Something announced. `place` is the channel, studio or hall; `remind_at` when the person is reminded, if ever."""

    event_id: int
    code: str
    topic: str
    title: Words
    place: Words
    at: Moment
    organisation: Words
    open: bool
    remind_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One of the coming days at a place. Without `hours` it is closed: `why` is "holiday", "closed" or "usual".

    `reason` is what staff wrote about the closure, or a key of their list.
    """

    day: Moment
    hours: tuple[tuple[str, str], ...] = ()
    why: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A site as everybody may know it. `days` are today and the six after it; none where no hours are known."""

    site_id: int
    name: Words
    town: Words
    days: tuple[Day, ...]
    bus: Words
    venue: Venue | None
    open_now: bool = False


@dataclass(frozen=True, slots=True)
class CardRow:
    """An answer as staff see it. `hidden`: its review is overdue; `due`: it runs out within 14 days.

    `helped` and `missed` count what people said of it; `review` is the day it runs out ("3.9.2026"). It is true in a
    town (`place`), in a `country` ("RS", "BG"), or in both.
    """

    card_id: int
    code: str
    topic: str
    question: Words
    answer: Words
    place: Words
    country: str
    source: str
    dated: str
    review: str
    hidden: bool
    due: bool
    languages: tuple[str, ...]
    voices: tuple[str, ...]
    helped: str
    missed: str


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """Days on which a site is closed. `reason` is a key of staff's list or their own words."""

    closure_id: int
    first: Moment
    last: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class Affected:
    """What a closure would cancel: meetings of one's own organisations, who is booked or waits, others' meetings."""

    meetings: int
    people: int
    others: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """An announcement as staff see it. `reminded` is a count in words; `proofs` what was added for the report."""

    event: Event
    state: str
    over: bool
    reminded: str
    proofs: int
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one thing reached in the last 30 days; counts below five are told as "<5"."""

    title: Words
    page: str
    chat: str
    tapped: str


@dataclass(frozen=True, slots=True)
class Calls:
    """Call-backs made in the last 30 days, and the half of them that was quickest: within how many hours."""

    made: int
    hours: int


class CampaignFacts(Protocol):
    """What there is to know about news, announcements and places; for staff also how far they reach."""

    def subscribed(self) -> tuple[str, ...]:
        """The topics that the person wants to hear of."""
        ...

    def events(self) -> tuple[Event, ...]:
        """What is announced and has not begun, the nearest first."""
        ...

    def event(self, event_id: int) -> Event | None:
        """One announcement, also one that is over or was cancelled."""
        ...

    def places(self) -> tuple[Place, ...]:
        """Places of the person's town with known hours; of every town where theirs has none."""
        ...

    def place(self, site_id: int) -> Place | None:
        """One place."""
        ...

    def link(self, code: str) -> str:
        """The page that an answer or announcement can be shared by; "" without a public page."""
        ...

    def about(self, about: str) -> Words:
        """The title of what a question is asked from ("answer:12", "event:3"); empty for anything else."""
        ...

    # ------------------------------------------------------------ for staff

    def book(self, offset: int, size: int) -> tuple[tuple[CardRow, ...], int]:
        """Answers that the person looks after, those that run out first, and how many there are."""
        ...

    def card(self, card_id: int) -> CardRow | None:
        """One of them."""
        ...

    def my_sites(self) -> tuple[tuple[int, Words], ...]:
        """Sites of the person's organisations: id and name with town."""
        ...

    def site_town(self, site_id: int) -> int | None:
        """The town of a site."""
        ...

    def closures(self, site_id: int) -> tuple[ClosureRow, ...]:
        """Days to come on which one of their sites is closed."""
        ...

    def day(self, site_id: int, at: str) -> Moment:
        """An instant (ISO, UTC) as the local day at a site."""
        ...

    def affected(self, draft: Mapping[str, Any]) -> Affected:
        """What closing a site would cancel: draft with site, first and last (ISO instants)."""
        ...

    def my_events(self, offset: int, size: int) -> tuple[tuple[EventRow, ...], int]:
        """What the person's organisations have announced, the latest first."""
        ...

    def my_event(self, event_id: int) -> EventRow | None:
        """One of them."""
        ...

    def reached(self, kind: str, offset: int, size: int) -> tuple[tuple[Reached, ...], int]:
        """How far "answer", "broadcast", "listing" or "event" reached, what reached most first."""
        ...

    def calls(self) -> Calls:
        """How many call-backs were made, and how quickly."""
        ...
