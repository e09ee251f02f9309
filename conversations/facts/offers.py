"""What conversations may look up about offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Document, Moment, Text, Venue, Words


@dataclass(frozen=True, slots=True)
class Gathering:
    """A session to come. `place` is its site (or the town); `free` places, `waiting` people in line."""

    session_id: int
    listing_id: int
    title: Words
    when: Moment
    place: Words
    free: int
    waiting: int
    bookable: bool
    """False once it has begun, was cancelled, or its listing is closed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing as its card shows it, with the sessions that are still to come, the nearest first."""

    listing_id: int
    title: Words
    summary: Words
    bring: Words
    place: Words
    town: Words
    address: Words
    organisation: Words
    bands: tuple[str, ...]
    invented: bool
    open: bool
    sessions: tuple[Gathering, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One result of a search. `when` is its next session or, for a call (`deadline`), its deadline."""

    listing_id: int
    title: Words
    town: Words
    when: Moment | None
    deadline: bool
    places: int
    """Free places in the next session; 0 when it is full."""


@dataclass(frozen=True, slots=True)
class Results:
    """Some of what a search found, from an offset, and how many there are in all."""

    found: tuple[Found, ...]
    total: int
    beside: str = ""
    """What was left out of the question because nothing fits it: "day" or "town"; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person for whom may be booked: the one who talks (`me`), or a child of theirs by name."""

    person_id: int
    called: str
    me: bool
    consented: bool
    """False as long as the consent that booking needs is missing."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A booking of the person who talks, or of a child of theirs (`child` is then the child's name or "your child").

    `state` is "booked", "offered" or "waiting". `ahead` people stand before them in the line; an offer
    is held until `until`. `reminders` are when the person who talks will be reminded.
    """

    booking_id: int
    number: int
    state: str
    child: Text | str
    gathering: Gathering
    bring: Words
    ahead: int = 0
    until: Moment | None = None
    reminders: tuple[Moment, ...] = ()


class OffersFacts(Protocol):
    """What there is to know about offers, for the person who is talking."""

    def search(
        self,
        *,
        words: str = "",
        kind: str = "",
        subject: int = 0,
        town: int = 0,
        week: bool = False,
        offset: int,
        limit: int,
    ) -> Results:
        """Open listings that fit, own town and nearest sessions first. `week`: in the next seven days."""
        ...

    def kinds(self) -> tuple[str, ...]:
        """The kinds of what is open now, the most frequent first."""
        ...

    def subjects(self) -> tuple[tuple[int, Words], ...]:
        """Subjects of what is open now: id and name."""
        ...

    def towns(self) -> tuple[tuple[int, Words], ...]:
        """Towns where something is open now, the person's own first: id and name."""
        ...

    def my_town(self) -> tuple[int, Words] | None:
        """The person's own town."""
        ...

    def offer(self, listing_id: int) -> Offer | None:
        """A listing with its sessions to come; None where there is none that people may see."""
        ...

    def gathering(self, session_id: int) -> Gathering | None:
        """A session, whatever its state."""
        ...

    def who(self) -> tuple[Somebody, ...]:
        """Everybody for whom the person may book: themself first, then their children."""
        ...

    def bookings(self) -> tuple[Mine, ...]:
        """What is booked, offered or waited for, the nearest first: one's own and one's children's."""
        ...

    def booking(self, booking_id: int) -> Mine | None:
        """One booking of one's own or of a child, also a past or cancelled one."""
        ...

    def venue(self, session_id: int) -> Venue | None:
        """Where a session is held, for a pin on a map; None without a known position."""
        ...

    def calendar(self, booking_id: int) -> Document | None:
        """The calendar entry of a booking of one's own or of a child."""
        ...
