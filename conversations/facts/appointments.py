"""What conversations may look up about appointments: services, free times, one's own, and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Document, Moment, Text, Words


@dataclass(frozen=True, slots=True)
class Service:
    """A listing for which professionals give appointments. `discreet`: once booked it is named nowhere."""

    listing_id: int
    title: Words
    summary: Words
    bring: Words
    place: Words
    organisation: Words
    bands: tuple[str, ...]
    invented: bool
    open: bool
    discreet: bool
    home: bool
    wish: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has chosen so far. `moves` is the appointment that goes elsewhere.

    `same`: with the same professional and at the same place as the one that moves.
    """

    listing: int
    site: int = 0
    profession: str = ""
    gender: str = ""
    language: str = ""
    moves: int = 0
    same: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """A free time: its key, when, with whom, and where."""

    key: str
    when: Moment
    called: str
    profession: str
    place: Words


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment of the person who talks, or of somebody they act for (`child` is the name, or "your child").

    `title` and `called` are empty for a discreet one. `told` is True once the address of a visit at home is known.
    """

    appointment_id: int
    listing_id: int
    person_id: int
    number: int
    state: str
    child: Text | str
    title: Words
    called: str
    when: Moment
    place: Words
    home: bool
    told: bool
    movable: bool
    bring: Words
    reminders: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A professional whose calendar the person may keep. `mine` is their own."""

    professional_id: int
    called: str
    profession: str
    hours: tuple[tuple[Words, int, int, int], ...]
    """Place, weekday (Monday is 0), from and until in minutes after midnight."""
    mine: bool
    linked: bool
    """True where the professional uses the bot."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar: its key, the day, how many appointments it has, whether it is a day off, and whether some
    of it waits to be marked.
    """

    key: str
    when: Moment
    count: int
    off: bool
    unmarked: bool


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Hours of a day (its key) on which a professional works otherwise: `off`, or extra at a place.

    `span` is from and until in minutes after midnight; a whole day is (0, 1440).
    """

    exception_id: int
    day: str
    when: Moment
    off: bool
    span: tuple[int, int]
    place: Words


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment as its professional and the staff on duty see it. `title` is empty for a discreet one.

    `address` is where to come: words, `pin` (latitude, longitude), or something recorded.
    """

    appointment_id: int
    professional_id: int
    listing_id: int
    when: Moment
    called: str
    number: int
    language: str
    title: Words
    place: Words
    home: bool
    comes: bool | None
    state: str
    outcome: str
    markable: bool
    address: str = ""
    pin: tuple[float, float] | None = None
    recorded: bool = False
    wish: str = ""


class AppointmentsFacts(Protocol):
    """What there is to know about appointments, for the person who is talking."""

    def service(self, listing_id: int) -> Service | None:
        """A service that people may see."""
        ...

    def has_enough(self, listing_id: int, person_id: int) -> bool:
        """Whether somebody the person may act for (0: they themself) has as many to come as one may have at once."""
        ...

    def talks(self) -> tuple[tuple[int, Words, Words], ...]:
        """Where somebody to talk to gives appointments (discreet services), near ones first: id, title, place."""
        ...

    def sites(self, wish: Wish) -> tuple[tuple[int, Words], ...]:
        """Where appointments are given."""
        ...

    def professions(self, wish: Wish) -> tuple[str, ...]:
        """Who gives them, by profession."""
        ...

    def genders(self, wish: Wish) -> tuple[str, ...]:
        """Both "woman" and "man" where people can choose, else nothing."""
        ...

    def languages(self, wish: Wish) -> tuple[str, ...]:
        """Languages in which they talk, the person's own first."""
        ...

    def days(self, wish: Wish) -> tuple[tuple[str, Moment, int], ...]:
        """Days with free times: key, day, and how many."""
        ...

    def elsewhere(self, wish: Wish) -> bool:
        """Whether the appointment that moves could also go to another professional or place."""
        ...

    def times(self, wish: Wish, day: str) -> tuple[Free, ...]:
        """The free times of a day."""
        ...

    def time(self, wish: Wish, key: str) -> Free | None:
        """One free time; None once it is taken."""
        ...

    def visits(self) -> tuple[Visit, ...]:
        """Appointments to come of everybody the person acts for, the nearest first."""
        ...

    def visit(self, appointment_id: int) -> Visit | None:
        """One of them, also a past or cancelled one."""
        ...

    def calendar(self, appointment_id: int) -> Document | None:
        """The calendar entry of an appointment; of a discreet one it says no more than when and where."""
        ...


class CalendarsFacts(Protocol):
    """What professionals and staff may know of calendars."""

    def calendars(self) -> tuple[Calendar, ...]:
        """Whose calendars the person may keep: as staff all of the organisation, as a professional their own."""
        ...

    def team(self, listing_id: int) -> tuple[Calendar, ...]:
        """Who gives appointments for a listing of the person's organisation."""
        ...

    def diary(self, professional_id: int) -> tuple[Day, ...]:
        """The last week's days that wait to be marked, and the next two weeks."""
        ...

    def entries(self, professional_id: int, day: str) -> tuple[Entry, ...]:
        """The appointments of a day, in their order, without where people live."""
        ...

    def entry(self, appointment_id: int) -> Entry | None:
        """One of them, with where to come and what a child had to say."""
        ...

    def affected(self, professional_id: int, day: str) -> tuple[Entry, ...]:
        """The appointments that taking a day (a key of it, perhaps with hours) off would cancel."""
        ...

    def day_typed(self, professional_id: int, words: str) -> str | None:
        """The key of a day to come that was typed, with hours where they were typed too: "2026-03-06/600-720"."""
        ...

    def places(self, professional_id: int) -> tuple[tuple[int, Words], ...]:
        """Where a professional works: id and name."""
        ...

    def exceptions(self, professional_id: int) -> tuple[Exceptional, ...]:
        """Days to come on which a professional works otherwise."""
        ...

    def left_out(self, exception_id: int) -> tuple[Entry, ...]:
        """The appointments that would be without hours if an exception were taken back."""
        ...

    def hours_typed(self, words: str) -> tuple[tuple[int, int, int], ...] | None:
        """Weekly hours that were typed: weekday, from and until in minutes; None for what cannot be read."""
        ...
