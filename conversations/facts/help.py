"""What conversations may look up about help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Moment, Say, Text, Words


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number to call. `checked` is the day staff last confirmed it ("3.9.2026", "" if never); `due` that
    it is time to do so again. `first_for` says who calls it before any other: "child", "adult" or "" for nobody more
    than for others.
    """

    hotline_id: int
    country: str
    number: str
    name: Words
    hours: Words
    source: str
    source_date: str
    lasting: bool = False
    active: bool = True
    checked: str = ""
    due: bool = False
    first_for: str = ""


@dataclass(frozen=True, slots=True)
class Readers:
    """When people from the team read: now or not before `opens`, which is today or `tomorrow` where the person is; from
    which hour until which.
    """

    now: bool
    opens: Moment
    from_hour: int
    until_hour: int
    tomorrow: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A card of the answer book. `dated` is the day of its source ("25.5.2018")."""

    card_id: int
    topic: str
    country: str
    question: Words
    answer: Words
    source: str
    dated: str
    code: str = ""
    organisation: Words = Words()
    voice: int | None = None
    """The attachment in which it is read aloud in the person's language."""


@dataclass(frozen=True, slots=True)
class CallWish:
    """A wish to be called: the number as it is dialled, the hour ("morning", "midday", "afternoon", "any")."""

    number: str
    wanted: str
    tries: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as the team's list shows it: no words of it. `called` is empty where no name is known."""

    request_id: int
    kind: str
    called: str
    tag: str
    since: Moment
    unseen: int
    taken: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """A session or appointment that begins about now and is booked; of a discreet appointment `title` is empty.

    `child` is whom it is for, where that is not the person who reads.
    """

    key: str
    title: Words
    when: Moment
    number: int
    child: Text | str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a request: `ours` if the team wrote it, `sent` the kind of what was attached."""

    at: Moment
    ours: bool
    words: str
    sent: str = ""
    about: Words = Words()
    """What it was asked from: the title of an answer or an announcement."""
    call: bool = False
    """True where it asks to be called."""
    call_off: bool = False
    """True where it says that nobody needs to call any more."""
    late: Expected | None = None
    """What they will be late for, where that is what it says."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A request with its last messages. `concern` is the kind of emergency, `denied` that it was none.

    `joined` is for administrators: the chats of two people may have become one by mistake.
    """

    waiting: Waiting
    lines: tuple[Line, ...]
    concern: str = ""
    denied: bool = False
    call: CallWish | None = None
    joined: bool = False


class HelpFacts(Protocol):
    """What there is to know about help, for the person who is talking."""

    def safety_card(self, kind: str) -> tuple[Say, ...]:
        """The card to show at once when words hint at an emergency of that kind. Never empty."""
        ...

    def today(self) -> str:
        """The day it is where the person is, as ISO writes it."""
        ...

    def hotlines(self) -> tuple[Hotline, ...]:
        """The numbers of the person's country, or of all where it is not known. Never empty."""
        ...

    def numbers(self) -> Mapping[str, tuple[Hotline, ...]]:
        """The numbers by country: first the person's, or that of their language. None of them is empty."""
        ...

    def readers(self) -> Readers:
        """When the team reads."""
        ...

    def waits(self) -> bool:
        """True if the person has sent something that nobody from the team has answered yet."""
        ...

    def topics(self) -> tuple[str, ...]:
        """Topics that have a card for this person."""
        ...

    def answers(self, topic: str) -> tuple[Answer, ...]:
        """The cards of a topic, for the person's country, reviewed in time."""
        ...

    def look_up(self, words: str, *, every: bool = False) -> tuple[Answer, ...]:
        """The cards in which the words stand, in any script and with a letter wrong, the best first.

        With `every` only those in which each of them stands.
        """
        ...

    def on_offer(self, words: str) -> bool:
        """True if something on offer has all of these words."""
        ...

    def sought(self, words: str) -> bool:
        """True if something on offer has all of these words, or they speak of a wish: it is surely looked for."""
        ...

    def rather(self, words: str) -> bool:
        """True if an answer has these words rather than anything on offer: that is what was asked for."""
        ...

    def wishes(self, words: str) -> tuple[str, ...]:
        """What these words speak of beside an offer: names of global words, as "not_coming"."""
        ...

    def expected(self) -> tuple[Expected, ...]:
        """What the person, or somebody they act for, has booked and can be late for now: it begins in the next hours,
        or has just begun.
        """
        ...

    def answer(self, card_id: str) -> Answer | None:
        """One card, unless its review is overdue."""
        ...

    def inbox(self, offset: int, size: int) -> tuple[tuple[Waiting, ...], int]:
        """Requests that this person may read as staff, from an offset on, and how many there are."""
        ...

    def thread(self, request_id: str) -> Thread | None:
        """A request with its words, if this person may read it as staff."""
        ...

    def my_call(self) -> CallWish | None:
        """The call that the person who talks waits for."""
        ...

    def colleagues(self, request_id: str) -> tuple[tuple[str, str], ...]:
        """Who else may answer it: (person id, what they are called or "")."""
        ...

    def book(self, offset: int, size: int) -> tuple[tuple[Hotline, ...], int]:
        """All numbers, also those taken off, for staff to check; the ones that are due first."""
        ...

    def hotline(self, hotline_id: str) -> Hotline | None:
        """One number, for staff."""
        ...
