"""Buttons that stay good whatever is being talked about: each names a deed, or a conversation to open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from conversations.deeds import Deed
from conversations.speech import Say, Text
from conversations.steps import BadScript, Json

About = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAction:
    """What a standing button does. `does` and `deed` perform something, and `says` answers each outcome
    (a text, or a function of the deed's details); or `opens` names a conversation, seeded with what the
    button is about. The conversation in progress stays where it is.
    """

    name: str
    does: type[Deed] | None = None
    deed: Callable[[About], Deed] | None = None
    says: Mapping[str, Text | Callable[[About], Text | Say]] = field(default_factory=dict)
    opens: str = ""
    single_use: bool = False
    words: tuple[str, ...] = ()
    """Global words that may be written in place of its label; yes and no only where the message offers both."""

    def __post_init__(self) -> None:
        if bool(self.opens) == (self.deed is not None):
            raise BadScript(f"standing action {self.name!r} either does something or opens something")
        if self.does is not None and set(self.does.outcomes) != set(self.says):
            raise BadScript(f"standing action {self.name!r} does not answer every outcome of its deed")
