"""What every kind of fact is looked up with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session

from bot.telling import Rules
from conversations.facts import Me


@dataclass(frozen=True, slots=True)
class Lookup:
    """One turn's transaction, for reading. `now` is aware, UTC."""

    session: Session
    now: datetime
    me: Me
    rules: Rules
    address_id: int = 0
    channel: str = ""
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was looked up already. After a deed there is a new lookup, which knows nothing yet."""


class LooksUp(Protocol):
    """A subject's facts."""

    @property
    def lookup(self) -> Lookup:
        """What its facts are looked up with."""
        ...


P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=LooksUp)


def once(method: Callable[Concatenate[K, P], T]) -> Callable[Concatenate[K, P], T]:
    """Within one turn the same is looked up once: a question asks for it, its choices and its answer do again."""

    @wraps(method)
    def asked(self: K, /, *given: P.args, **named: P.kwargs) -> T:
        known, key = self.lookup.known, (method, given, tuple(sorted(named.items())))
        if key not in known:
            known[key] = method(self, *given, **named)
        found: T = known[key]
        return found

    return asked
