"""A conversation, declared from top to bottom, and all of them together. One that cannot be held is refused here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conversations.checking import check
from conversations.speech import Text
from conversations.steps import Here, Json, Step

if TYPE_CHECKING:
    from conversations.deeds import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A talk that leads somewhere, declared from top to bottom.

    `title` names it to people ("continue with ...?"). `word` is the global word that opens it from
    anywhere, `command` its slash command. `role` limits it to staff ("staff") or administrators
    ("admin"). `open_to_all` may be held before the welcome is done: help, safety, language, stop.
    """

    name: str
    title: Text
    steps: tuple[Step, ...]
    word: str = ""
    wishes: tuple[str, ...] = ()
    """Further global words that open it, but where a question is answered in words of one's own."""
    command: str = ""
    about: Text | None = None
    """What the command does, for the command menus."""
    role: str = ""
    open_to_all: bool = False
    resumes: bool = False
    """Opened again about the same, it goes on where it was left for the menu."""
    halts: bool = False
    """Words of an emergency stop it and go nowhere in it; it goes on once the person has said that it was none."""
    takes_up: bool = False
    """At its end, what an emergency had stopped goes on."""
    shows: Callable[[Here], Text] | None = None
    """What can be seen of it by somebody who is still to be welcomed: a card, without any of its questions."""
    alone: bool = False
    """It shows what only whoever asked may read, or a code for one person: never held where others read along."""

    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """Where each step stands, by its name."""

    def __post_init__(self) -> None:
        check(self.name, self.steps)
        object.__setattr__(self, "_places", {step.name: place for place, step in enumerate(self.steps)})

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        place = self._places.get(name)
        return None if place is None else self.steps[place]

    def stands_above(self, name: str, other: str) -> bool:
        """True if the step of that name is declared before another one."""
        return self._places[name] < self._places.get(other, -1)

    def opened_about(self, answers: Mapping[str, Json]) -> dict[str, Json]:
        """Of such answers, what it was opened about: what none of its steps has answered."""
        return {name: value for name, value in answers.items() if self.step(name) is None}

    def after(self, name: str) -> str | None:
        """The name of the step below."""
        place = self._places[name] + 1
        return self.steps[place].name if place < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class Scripts:
    """All conversations by name, by global word (`wishes`: those that yield to a question that is answered in
    words) and by command; `home` is the menu, `welcome` what newcomers meet first, `relay` where things go that
    only a person can look at, `concern` the deed of an emergency.
    """

    by_name: Mapping[str, Conversation]
    by_word: Mapping[str, Conversation]
    wishes: frozenset[str]
    by_command: Mapping[str, Conversation]
    home: str
    welcome: str
    relay: str
    concern: type[Deed] | None
