"""The kinds of tables there are. A kind is one value: its columns, what a row becomes, how it is added and undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.doing import Doing
from bot.importing.columns import Column, Reader
from conversations.speech import Text

Entry = Mapping[str, Any]
"""A row as it will be added: plain JSON."""


def id_in(made: str) -> int:
    """The id in a reference to what was made: 7 in "listing:7"."""
    return int(made.partition(":")[2])


class Sight(Protocol):
    """Hides what was added from people, or shows it."""

    def __call__(self, doing: Doing, made: str, *, shown: bool) -> None:
        """`made` is the reference to it."""
        ...


@dataclass(frozen=True, slots=True)
class Wizard:
    """A conversation that sets the same up by chat, with the answers from which it begins."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table.

    `entry` makes an entry of the values of a row (by column; an empty one is None) and raises Bad. `key` is the same
    for two rows that say the same, `there` tells whether it exists already. `add` adds an entry for an organisation and
    returns a reference to what was made, or "" where that is not possible (any more). `undo` takes that back: False
    once somebody uses it. `seen` is the entry as people will see it. `most` is how many rows one table may have.
    `at_once` rows are added in one portion: the turns of others wait no longer than for these. `sight` hides what
    was added from people, or shows it; None where nobody sees it by itself. `opened` tells those concerned once all of
    it is there. What is `sent` to people is shown with how many get it. `wizards` set the same up by chat: all that
    they ask for has its column, and `apart` says why where a step of theirs has none.
    """

    name: str
    columns: tuple[Column, ...]
    entry: Callable[[Mapping[str, Any], Reader], Entry]
    key: Callable[[Entry], str]
    there: Callable[[Entry, Reader], bool]
    add: Callable[[Doing, Entry, int], str]
    undo: Callable[[Doing, str], bool]
    seen: Callable[[Entry, Reader], Text]
    key_column: str = "title"
    most: int = 300
    at_once: int = 8
    sight: Sight | None = None
    opened: Callable[[Doing, Sequence[str]], object] | None = None
    sent: bool = False
    wizards: tuple[Wizard, ...] = ()
    apart: Mapping[str, str] = field(default_factory=dict)
