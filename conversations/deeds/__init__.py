"""What a conversation asks to be done: frozen dataclasses, by subject, performed in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class Deed:
    """Something to be done. Subclasses are frozen dataclasses of plain values.

    `outcomes` are all the ways it can end; each is a key that a `Do` step routes.
    """

    outcomes: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class WithCode(Deed):
    """Something to be done with a one-time code."""

    code: str
