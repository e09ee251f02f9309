"""What conversations may look up about offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.facts.conditions import Conditions
from conversations.facts.series import Course
from conversations.speech import Document, Moment, Text, Venue, Words


@dataclass(frozen=True, slots=True)
class Gathering:
    """A session to come. `place` is its site (or the town); `free` places, `waiting` people in line.

    Of a series (`course`) it stands for all units: `when` is the next one. `paper` is what staff have to see before.
    """

    session_id: int
    listing_id: int
    title: Words
    when: Moment
    place: Words
    free: int
    waiting: int
    bookable: bool
    """False once it has begun, was cancelled, or its listing is closed."""
    course: Course | None = None
    paper: Words = Words()
    seat: bool = False
    """True for a seat by the slot: nobody waits for one."""


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
    called_off: tuple[Moment, ...] = ()
    """Where people just come, and nobody could be told: the dates to come that do not take place."""
    conditions: Conditions = Conditions()


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
    drop_in: bool = False
    """True where people just come, and no place is booked."""
    cost: Words = Words()
    travel_paid: bool = False
    """What it costs, and whether travel is paid back, where that was said."""


@dataclass(frozen=True, slots=True)
class Results:
    """Some of what a search found, from an offset, and how many there are in all."""

    found: tuple[Found, ...]
    total: int
    beside: str = ""
    """What was left out of the question because nothing fits it: "day", "town", "words" (some of what was written),
    or "home" (the person's own town, which is looked at first without being asked for); "" for nothing."""
    day: Moment | None = None
    """The one day that all of it is about, where a date was asked for and something is on then."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person for whom may be booked: the one who talks (`me`), or by name somebody they act for.

    `family` is whose family it is, where the one who talks is a helper.
    """

    person_id: int
    called: str
    me: bool
    consented: bool
    """False as long as the consent that booking needs is missing."""
    family: str = ""
    band: str = ""

    def suits(self, bands: tuple[str, ...]) -> bool:
        """True if what is for these age bands (none: for all) is for them too, as far as is known."""
        return not bands or not self.band or self.band in bands


@dataclass(frozen=True, slots=True)
class Mine:
    """A booking of the person who talks, or of somebody they act for (`child` is then the name, or "your child").

    `state` is "booked", "offered" or "waiting". `ahead` people stand before them in the line; an offer
    is held until `until`. `reminders` are when the person who talks will be reminded (of a series, of its next
    unit). `by` is the helper who booked it. `shown` is True once staff have seen the paper that is asked for.
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
    by: str = ""
    shown: bool = False
    checking: bool = False
    """True while they wait for the decision whether they may take part."""
    care: bool | None = None
    transport: bool | None = None
    """Whether child care, or being fetched, is needed; None where that is not asked."""
    decides: bool = True
    """False where a place is held for several together, and somebody else is asked whether they take it."""


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
        day: str = "",
        offset: int,
        limit: int,
    ) -> Results:
        """Open listings that fit: what is for whoever may be booked for comes before what is for other ages, the kind
        of thing that the words name before what mentions it, then the own town and the nearest sessions.

        `week`: in the next seven days. `day` says when in words ("3 March", "Friday"), in place of any other time.
        """
        ...

    def only_a_day(self, words: str) -> bool:
        """True for words that say when, and nothing beside that: they narrow a search that is shown."""
        ...

    def all_of(self, words: str) -> bool:
        """True if something on offer has every one of these words."""
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

    def on_days(self, listing_id: int, words: str) -> tuple[int, ...]:
        """The sessions to come on the days that were written ("maths Thursday"), the nearest first; none without."""
        ...

    def gathering(self, session_id: int) -> Gathering | None:
        """A session, whatever its state."""
        ...

    def who(self) -> tuple[Somebody, ...]:
        """Everybody for whom the person may book: themself, their children, who shares their phone, whom they help."""
        ...

    def bookings(self) -> tuple[Mine, ...]:
        """What is booked, offered or waited for, by person, the nearest first; of those one helps what one booked."""
        ...

    def booking(self, booking_id: int) -> Mine | None:
        """One booking of one's own or of somebody one acts for, also a past or cancelled one."""
        ...

    def venue(self, session_id: int) -> Venue | None:
        """Where a session is held, for a pin on a map; None without a known position."""
        ...

    def calendar(self, booking_id: int) -> Document | None:
        """The calendar entry of a booking of one's own or of a child."""
        ...
