"""What conversations may look up about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Document, Moment, Words


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
    on: Moment
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
    decides: bool
    """True once the young person decides about booking alone."""
    consents: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class JoinedChats:
    """Another chat was joined with this one on a day: `chat` is its app, `keeps` whether what is new stays here."""

    chat: str
    day: Moment
    keeps: bool


@dataclass(frozen=True, slots=True)
class Chat:
    """One of the chats of the person who is talking. `name` is the app's; `this` the one they are talking in.

    `chosen`: they want what is written unasked there; `reminders`: it goes there as things are now.
    """

    address_id: int
    name: str
    this: bool
    active: bool
    chosen: bool
    reminders: bool
    heard: Moment | None


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
    since: Moment


@dataclass(frozen=True, slots=True)
class Sharer:
    """Somebody with a say of their own who uses the phone of the person who is talking, and what is held of them."""

    person_id: int
    called: str
    may_book: bool
    held: Held


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper of an organisation, for its staff: by name, and for how many families they act."""

    person_id: int
    called: str
    families: int


@dataclass(frozen=True, slots=True)
class Acting:
    """A mandate. `helper` is who may act, for `family`; `until` when it ends by itself.

    `people` are who it covers, by id and name; `booked` how many bookings to come the helper made for them.
    """

    mandate_id: int
    helper: str
    organisation: Words
    family: str
    until: Moment
    form: str
    people: tuple[tuple[int, str], ...]
    booked: int


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

    def joined(self) -> JoinedChats | None:
        """The joining that this chat can ask to be undone; None if there is none."""
        ...

    def chats(self) -> tuple[Chat, ...]:
        """The person's chats, the one they wrote in last first."""
        ...

    def consents(self) -> tuple[Given, ...]:
        """The consents that stand for the person: their own and their guardians'."""
        ...

    def on_paper(self) -> bool:
        """True where a guardian's consent for the person stands on paper."""
        ...

    def bands_reached(self) -> tuple[str, ...]:
        """The bands that a child may have by now, the present one first; () unless one of them lets it decide alone."""
        ...

    def guardians_remind(self) -> bool:
        """True where a guardian gets reminders of what the person booked."""
        ...

    def held(self) -> Held:
        """What "my data" shows."""
        ...

    def data_file(self, person_id: int = 0) -> Document:
        """What "my data" hands over: everything held, as JSON; also of somebody who shares the phone."""
        ...

    def sharers(self) -> tuple[Sharer, ...]:
        """Who uses the person's phone too."""
        ...

    def acting_for_me(self) -> tuple[Acting, ...]:
        """Which helpers may act for the person or their children."""
        ...

    def helpers(self) -> tuple[Helper, ...]:
        """The helpers of the organisations in which the person is staff."""
        ...

    def families(self) -> tuple[Acting, ...]:
        """For whom the person may act as a helper."""
        ...
