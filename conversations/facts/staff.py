"""What conversations may look up about staff: for people without a role all of it is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from conversations.speech import Moment, Words

Trouble = str
"""Why words are no moment: "unknown", "no_day", "no_time", "half", "gap", "past", "far"."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name that can be chosen: a town, a site, a subject, an organisation."""

    id: int
    name: Words
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """The meetings that a draft comes to. `holidays` are those that fall on a public holiday."""

    starts: tuple[Moment, ...]
    holidays: tuple[Moment, ...] = ()
    gaps: int = 0
    """How many days were left out because the clock change leaves out that time."""
    unknown: str = ""
    """The school year ("2026/27") into which they reach and of which no break is known; "" for none."""


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing as staff see it. `block` is "OFF", "CALL" or "GRANT", `state` "open", "closed", "cancelled"."""

    id: int
    code: str
    title: Words
    summary: Words
    block: str
    kind: str
    state: str
    town: Words
    town_id: int | None
    capacity: int
    sessions: int
    """How many sessions are still to come."""
    next_at: Moment | None
    closes_at: Moment | None
    people: int
    """How many are booked or have registered."""
    series: bool = False
    """True where one enrolment counts for all its sessions."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as staff see it."""

    id: int
    listing_id: int
    title: Words
    at: Moment
    place: Words
    capacity: int
    taken: int
    waiting: int
    coming: int
    """How many have answered that they come."""
    came: int
    begun: bool
    """True from half an hour before the start: attendance can be marked."""
    over: bool
    """True once it has begun: it cannot be moved or cancelled any more."""
    drop_in: bool = False
    """True where people just come, and nothing is booked."""
    heads: int | None = None
    """How many people were counted there, without names."""
    topic: Words = Words()
    """The name of a unit of a series."""


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody in a session. `state` as in bookings; `attends` is what is known of them at this meeting: "coming",
    "excused", "present", "absent", or "". `by` says who booked for them: "guardian", "helper", "other"; "" is themself.
    """

    booking_id: int
    number: int
    called: str
    state: str
    attends: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a broadcast costs on a channel where messages cost money. Sums are in euros, as they are written.

    `unknown` counts the people whose country's price is not known: `each` is reckoned for one of them.
    """

    channel: str
    people: int
    cost: str
    left: str
    enough: bool
    unknown: int = 0
    each: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a broadcast would reach, and who is left out, by reason.

    Reasons: "stopped", "consent", "unreachable", "cap", "paid". `later` says that it is night for everybody.
    """

    reached: int
    left_out: tuple[tuple[str, int], ...] = ()
    from_at: Moment | None = None
    """When the first messages can leave, if that is not at once."""
    paid: tuple[Paid, ...] = ()
    """What it costs, by channel; nothing where it is free for all."""

    @property
    def free(self) -> int:
        """How many of them are reached free of charge."""
        return self.reached - sum(one.people for one in self.paid)

    @property
    def affordable(self) -> bool:
        """Whether there is money for all of them."""
        return all(one.enough for one in self.paid)


@dataclass(frozen=True, slots=True)
class BroadcastRow:
    """A broadcast and how it goes. `counts` has "sent", "waiting", "unsure", "failed", "cancelled", "left.REASON"."""

    id: int
    words: Words
    state: str
    due_at: Moment
    counted: int
    counts: tuple[tuple[str, int], ...] = ()

    def of(self, what: str) -> int:
        """One of the counts."""
        return dict(self.counts).get(what, 0)


@dataclass(frozen=True, slots=True)
class NotReached:
    """Somebody who was not reminded for want of money, and of what."""

    called: str
    number: int
    title: Words
    at: Moment


@dataclass(frozen=True, slots=True)
class NotTold:
    """Somebody who could not be told something of a listing, for want of money. `number` is 0 where they have none."""

    called: str
    number: int
    title: Words


@dataclass(frozen=True, slots=True)
class Shortage:
    """The month's money for a channel is used up: how many messages were not sent since, and what is set aside."""

    channel: str
    unsent: int
    budget: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Something staff must know. `kind` "unsure" is a message of which nobody knows whether it arrived."""

    key: str
    kind: str
    about: str
    at: Moment
    shortage: Shortage | None = None


class StaffFacts(Protocol):
    """What only staff may know. Everything is limited to the organisations of the person who is talking."""

    def organisations(self) -> tuple[Named, ...]:
        """Where the person is staff or administrator."""
        ...

    def towns(self) -> tuple[Named, ...]:
        """All towns, the person's own and those of their organisation first."""
        ...

    def town_typed(self, words: str) -> tuple[int, ...]:
        """Ids of the towns that were typed, best first."""
        ...

    def town_name(self, town_id: int) -> Words:
        """The name of a town."""
        ...

    def sites(self, town_id: int) -> tuple[Named, ...]:
        """The known places in a town."""
        ...

    def subjects(self) -> tuple[Named, ...]:
        """All subjects."""
        ...

    def read_when(self, words: str, town_id: int | None, *, end_of_day: bool = False) -> Moment | Trouble:
        """The moment that was typed, in the wall time of the town, or why it is none."""
        ...

    def suggested(self, town_id: int | None, *, deadline: bool = False) -> tuple[tuple[str, Moment], ...]:
        """Likely moments, each with the key that `read_when` reads."""
        ...

    def moment(self, at: str, town_id: int | None) -> Moment:
        """A stored instant (ISO, UTC) as it is spoken in a town."""
        ...

    def last_days(self) -> tuple[tuple[str, Moment], ...]:
        """Today and yesterday, each with the key that `past_day` reads."""
        ...

    def past_day(self, words: str) -> str | None:
        """The day (ISO) that was typed, if it is today or over; None for what is no such day."""
        ...

    def day(self, day: str) -> str:
        """A day (ISO) as it is written, with its year."""
        ...

    def dates(self, draft: Mapping[str, Any]) -> Dates:
        """The meetings that a draft with first, every, times, town and keep_holidays comes to."""
        ...

    def night(self) -> Moment | None:
        """When people may be written to again, if it is their night now."""
        ...

    def listings(self, offset: int, size: int) -> tuple[tuple[ListingRow, ...], int]:
        """The organisations' listings, open ones first, and how many there are."""
        ...

    def listing_typed(self, words: str) -> str | None:
        """The listing whose name was typed, if it is surely one."""
        ...

    def listing(self, listing_id: int) -> ListingRow | None:
        """One of them."""
        ...

    def sessions(self, listing_id: int) -> tuple[SessionRow, ...]:
        """The sessions of a listing: those that have not ended, then those of the last weeks, the latest first."""
        ...

    def meetings(
        self, offset: int, size: int, *, today: bool = False, listing: int = 0
    ) -> tuple[tuple[SessionRow, ...], int]:
        """Sessions of the organisations: today's first, then those to come, then the last two weeks'.

        With `listing` those of one listing alone.
        """
        ...

    def session(self, session_id: int) -> SessionRow | None:
        """One of them."""
        ...

    def told(self, session_id: int) -> int:
        """How many people hear of it when that meeting is moved or called off: guardians too."""
        ...

    def people(self, session_id: int) -> tuple[Attending, ...]:
        """Everybody with a place, then everybody who waits, in order."""
        ...

    def reach(self, draft: Mapping[str, Any]) -> Reach:
        """How many people a broadcast to that audience at that time would reach."""
        ...

    def broadcasts(self, offset: int, size: int) -> tuple[tuple[BroadcastRow, ...], int]:
        """The organisations' broadcasts, newest first."""
        ...

    def broadcast(self, broadcast_id: int) -> BroadcastRow | None:
        """One of them."""
        ...

    def hears_of_registrations(self) -> bool:
        """True unless the person has switched notices about registrations off."""
        ...

    def notes(self) -> tuple[NoteRow, ...]:
        """What nobody has looked at yet."""
        ...

    def not_told(self) -> tuple[NotTold, ...]:
        """Who could not be told something else for want of money: the newest first, at most twenty."""
        ...

    def not_reached(self) -> tuple[NotReached, ...]:
        """Whom nobody reminded of a meeting still to come, for want of money: the soonest first, at most ten."""
        ...

    def note(self, key: str) -> NoteRow | None:
        """One of them."""
        ...
