"""The vocabulary of what is said and heard: texts in no language yet, and words from a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

TAP_BYTES = 64
"""The longest payload a button may carry: Telegram's callback_data, the smallest of all channels."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware, UTC) to be spoken in `zone`, the time zone of the site it happens at.

    `style` is "full" (weekday, day, month, 24 h time), "date" (weekday, day, month), "short"
    (day and month, time), "day" (day, month, year) or "time".
    """

    at: datetime
    zone: str
    style: Literal["full", "date", "short", "day", "time"] = "full"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that staff wrote, by language ("sr", "bg", "en"): a title, the name of a place.

    Spoken in the person's language, else in the first language at hand. Serbian written in Cyrillic
    is shown in Latin to those who read Latin.
    """

    by_language: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, by_language: Mapping[str, str]) -> Words:
        """The words of a stored JSON object."""
        return cls(tuple(sorted(by_language.items())))

    def __bool__(self) -> bool:
        return any(words for _, words in self.by_language)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values as one: with "and" between the last two (`how="and"`), "or", or each on a line."""

    parts: tuple[Value, ...]
    how: Literal["and", "or", "lines", "commas"] = "lines"


Value: TypeAlias = "str | int | Text | Moment | Words | Joined"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence that a catalogue translates. Made by `_` and `n_` only, so that Babel finds it.

    `values` fill the named placeholders when it is spoken. A plural text takes its form from the
    value named `n`.
    """

    msgid: str
    plural: str | None = None
    values: tuple[tuple[str, Value], ...] = ()

    def of(self, **values: Value) -> Text:
        """The same text with its placeholders filled."""
        return Text(self.msgid, self.plural, (*self.values, *values.items()))


def _(msgid: str) -> Text:
    """Mark a literal for the catalogues."""
    return Text(msgid)


def n_(singular: str, plural: str) -> Text:
    """Mark a pair of literals for the catalogues; `.of(n=...)` chooses the form."""
    return Text(singular, plural)


def verbatim(words: str) -> Text:
    """Words that are nobody's to translate: what a person typed, a code, a number."""
    return Text("{words}", None, (("words", words),))


def said(words: Words) -> Text:
    """Words that staff wrote, alone as a text."""
    return Text("{words}", None, (("words", words),))


def lines(*parts: Text | None) -> Text:
    """Several texts below each other; what is None is left out."""
    return Text("{words}", None, (("words", Joined(tuple(p for p in parts if p is not None))),))


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: `tap` comes back as heard; a `url` opens a page; `asks` shares from the phone."""

    label: Text
    tap: str = ""
    url: str = ""
    asks: Literal["", "phone", "location"] = ""
    quiet: bool = False
    """True for the ways out (back, person) that stand apart from the answers."""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing among several, with its own buttons: a carousel item where there are carousels."""

    text: Text
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Venue:
    """A pin on a map, where the channel has one; else its name and address as text."""

    name: Words
    address: Words
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over, such as a calendar entry. At most 50 kB."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Say:
    """One bubble: a text, what can be tapped under it, and what comes with it.

    `replaces` asks a channel that can edit to show this in place of the message just tapped.
    `links` are web pages behind the text. `relay` is the id of an attachment to be passed on.
    """

    text: Text
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    venue: Venue | None = None
    document: Document | None = None
    relay: int | None = None
    replaces: bool = False


# ---------------------------------------------------------------- said in one language


@dataclass(frozen=True, slots=True)
class SpokenButton:
    """A `Button` in one language."""

    label: str
    tap: str = ""
    url: str = ""
    asks: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class SpokenCard:
    """A `Card` in one language."""

    text: str
    buttons: tuple[SpokenButton, ...] = ()


@dataclass(frozen=True, slots=True)
class SpokenVenue:
    """A `Venue` in one language."""

    name: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A `Say` in one language: plain strings, ready to be stored and carried by any channel.

    The text is plain: no markup, nothing escaped; each channel escapes for itself.
    """

    text: str
    language: str = "en"
    buttons: tuple[SpokenButton, ...] = ()
    cards: tuple[SpokenCard, ...] = ()
    venue: SpokenVenue | None = None
    document: Document | None = None
    relay: int | None = None
    replaces: bool = False


# ---------------------------------------------------------------- heard


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something sent that is not text. `content` is at hand only once the channel has fetched it."""

    kind: Literal["photo", "file", "voice", "location", "contact", "other"]
    name: str = ""
    media_type: str = ""
    size: int = 0
    ref: str = ""
    content: bytes | None = None
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    own: bool = False
    """For a contact: True only if the platform proves that it is the sender's own number."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person did: wrote `text`, tapped a button (`tap`), or sent an attachment."""

    text: str = ""
    tap: str = ""
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a deed ended, told to the conversation that asked for it."""

    outcome: str
    details: Mapping[str, object] = field(default_factory=dict)


class NotUnderstood(Exception):
    """An answer that cannot be taken. `hint` tells the person what can."""

    def __init__(self, hint: Text) -> None:
        super().__init__(hint.msgid)
        self.hint = hint


MAYBE = "maybe"
"""What a tongue hears where words may speak of an emergency, but no rule is sure."""


class Tongue(Protocol):
    """One language in one script, able to speak and to read what people type."""

    tag: str

    def speak(self, text: Text) -> str:
        """The text in this language."""
        ...

    def reads(self, heard: str, labels: tuple[Text, ...]) -> int | None:
        """Which of the labels was typed, in any script, with or without accents; None if none was."""
        ...

    def near(self, heard: str, labels: tuple[Text, ...]) -> tuple[int, ...]:
        """Labels that may have been meant, best first: a letter wrong, a part of the words."""
        ...

    def word(self, heard: str) -> str | None:
        """The global word that was typed, in any language: menu, back, help, stop, language, person, ..."""
        ...

    def alarm(self, heard: str) -> str | None:
        """The kind of emergency that the words hint at (never a diagnosis), MAYBE where that is uncertain, or None."""
        ...
