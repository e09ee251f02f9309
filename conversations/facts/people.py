"""What conversations may look up about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Document, Words


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose by its name: a town or a subject. `code` is the key, `icon` may be empty."""

    code: str
    name: Words
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A consent that stands, given `on` a day (day.month.year). `mine` is True if the person who is talking gave it."""

    purpose: str
    on: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Child:
    """A child that the person who is talking speaks for. `called` is "" where the child never said.

    `own_chat` is True if the child writes from an address of its own. `may_book` is True once consent
    to take part is there.
    """

    person_id: int
    called: str
    band: str
    relation: str
    may_book: bool
    reminders: bool
    own_chat: bool
    consents: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held about the person who is talking, counted or named. No safety requests."""

    native: str
    band: str
    called: str
    town: Words | None
    interests: tuple[Words, ...]
    consents: tuple[Given, ...]
    guardians: int
    children: tuple[Child, ...]
    bookings: int
    applications: int
    requests: int
    addresses: int
    since: str


class PeopleFacts(Protocol):
    """What there is to know about people, for the person who is talking."""

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Tag and native name of every language, the person's own (or guessed) first."""
        ...

    @property
    def language_chosen(self) -> bool:
        """False while the language is only a guess from the platform."""
        ...

    @property
    def privacy_url(self) -> str:
        """Where the full privacy page is; "" without a public address."""
        ...

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """For every channel that has deep links: its name and what a code is appended to."""
        ...

    def keepers(self) -> tuple[Words, ...]:
        """The organisations that keep the data."""
        ...

    def towns(self) -> tuple[Named, ...]:
        """All towns, those that speak the person's language first."""
        ...

    def subjects(self) -> tuple[Named, ...]:
        """All subjects that one can be interested in."""
        ...

    def children(self) -> tuple[Child, ...]:
        """The children the person speaks for."""
        ...

    def consents(self) -> tuple[Given, ...]:
        """The consents that stand for the person: their own and their guardians'."""
        ...

    def held(self) -> Held:
        """What "my data" shows."""
        ...

    def data_file(self) -> Document:
        """What "my data" hands over: everything held, as JSON."""
        ...
