"""What a conversation is made of: the kinds of its steps, and where they stand and lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conversations.speech import Say, Text, _

if TYPE_CHECKING:
    from conversations.deeds import Deed
    from conversations.facts import Facts

Json = Any
"""A stored answer: what JSON can hold."""

KEY = re.compile(r"[A-Za-z0-9_-]{1,48}")
"""What a choice's key may look like: with the number of its question it fits every channel's payload."""


class BadScript(Exception):
    """A conversation that cannot be held: where it is wrong, and how."""


@dataclass(frozen=True, slots=True)
class Here:
    """Where a step stands: what has been answered so far, and the facts it may look up."""

    facts: Facts
    answers: Mapping[str, Json]

    def __getitem__(self, step: str) -> Json:
        return self.answers[step]

    def get(self, step: str, default: Json = None) -> Json:
        """The answer of a step, or `default` where it was never asked or skipped."""
        return self.answers.get(step, default)


Asked = Text | Callable[[Here], Text | Say]
Choices = Mapping[str, Text] | Callable[[Here], Mapping[str, Text]]
When = Callable[[Here], bool]


@dataclass(frozen=True, slots=True)
class Open:
    """Go to another conversation. It opens on top: at its end the person is back where they were.

    `instead` leaves the present one for good.
    """

    conversation: str
    seed: Callable[[Here], Mapping[str, Json]] | None = None
    instead: bool = False


Goto = str | Open


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """One of several, by tap, digit or label. More than `page` are shown page by page.

    `typed` may take words that are no label: it returns an answer or a way on, or None.
    `skip` is the label of a button that leaves the answer None.
    """

    name: str
    question: Asked
    choices: Choices
    goto: Mapping[str, Goto] = field(default_factory=dict)
    otherwise: Goto | None = None
    when: When | None = None
    skip: Text | None = None
    typed: Callable[[Here, str], Json | Open | None] | None = None
    page: int = 6
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseMany:
    """Any number of several; a tap adds or takes away, "Done" goes on. The answer is a list of keys.

    More than `page` are shown page by page; what is ticked stays ticked on every page.
    """

    name: str
    question: Asked
    choices: Choices
    done: Text = _("Done")
    least: int = 0
    otherwise: Goto | None = None
    when: When | None = None
    page: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Words of the person's own, read by `check`, which raises NotUnderstood with a hint.

    `suggestions` are offered as buttons; a tapped one gives its key to `check` as if typed. `place`: see Attach.
    """

    name: str
    question: Asked
    check: Callable[[str, Here], Json]
    suggestions: Choices = field(default_factory=dict)
    skip: Text | None = None
    goto: Mapping[str, Goto] = field(default_factory=dict)
    otherwise: Goto | None = None
    when: When | None = None
    place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """A photo, file, voice note, place or contact; with `check`, words count too.

    The answer is {"attachment": id, "kind": kind} (a location: {"latitude", "longitude"}, a contact:
    {"phone", "own"}) or {"text": words}. `choices` are other ways on, each routed by `goto`. `place` says that it asks
    for a place or an address: words like "behind the market" are no reason to ask gently whether somebody is in danger.
    """

    name: str
    question: Asked
    kinds: tuple[str, ...]
    check: Callable[[str, Here], Json] | None = None
    asks: str = ""
    choices: Choices = field(default_factory=dict)
    goto: Mapping[str, Goto] = field(default_factory=dict)
    skip: Text | None = None
    otherwise: Goto | None = None
    when: When | None = None
    place: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to browse: `text` is what its card says, `label` what its button says."""

    key: str
    text: Text
    label: Text


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the things to browse, from an offset, and how many there are in all."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Browse:
    """Cards, page by page; the answer is the key of the one picked.

    `choices` are further ways on, beside the cards; with nothing to show it goes to `empty`.
    """

    name: str
    question: Asked
    items: Callable[[Here, int, int], Page]
    empty: Goto
    choices: Choices = field(default_factory=dict)
    goto: Mapping[str, Goto] = field(default_factory=dict)
    otherwise: Goto | None = None
    when: When | None = None
    typed: Callable[[Here, str], Json | Open | None] | None = None
    page: int = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form that staff made: with `choices` it is chosen, else written.

    `many` lets several be chosen: the answer is a list of keys. `kinds` may be sent in place of words: that answer is
    {"attachment": id, "kind": kind}. An `optional` one that is skipped is answered None.
    """

    key: str
    text: Text
    choices: tuple[tuple[str, Text], ...] = ()
    optional: bool = False
    check: Callable[[str, Here], Json] | None = None
    many: bool = False
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [self.key, *(key for key, _label in self.choices)]
        if any(not KEY.fullmatch(key) for key in keys) or len(set(keys[1:])) < len(keys) - 1:
            raise BadScript(f"question {self.key!r}: keys are different from each other, letters, digits, _ and -")
        if self.many and not self.choices:
            raise BadScript(f"question {self.key!r} offers nothing to choose several of")

    @property
    def open(self) -> bool:
        """True where people answer in words of their own."""
        return not self.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """The same step for every question of a form. The answer is {question key: answer}.

    "Back" leads from question to question. The questions are asked for anew at each turn: one that was added meanwhile
    is asked, one that is gone is not.
    """

    name: str
    over: Callable[[Here], tuple[Question, ...]]
    otherwise: Goto | None = None
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A last look: yes goes on, no goes to `goto["no"]`. The answer is "yes" or "no"."""

    name: str
    question: Asked
    yes: Text = _("Yes")
    no: Text = _("No")
    goto: Mapping[str, Goto] = field(default_factory=dict)
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """A deed, performed in the same transaction. How it ended decides the way on.

    Every outcome that `does` declares is in `goto` or covered by `otherwise`. The answer is
    {"outcome": ..., and the details that the deed tells}.
    """

    name: str
    does: type[Deed]
    deed: Callable[[Here], Deed]
    goto: Mapping[str, Goto] = field(default_factory=dict)
    otherwise: Goto | None = None
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Something said on the way, without waiting for an answer."""

    name: str
    text: Asked
    otherwise: Goto | None = None
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The last words. `then` opens what comes next; without it the person is back where they were, or free."""

    name: str
    text: Asked | None = None
    then: Open | None = None


Step = Choose | ChooseMany | Write | Attach | Browse | Each | Confirm | Do | Tell | End
