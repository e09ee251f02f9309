"""A poster as plain words in one language: what is drawn, without knowing how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A fact with a picture in front: `icon` is "calendar", "pin", "people", "house" or "star"."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: where it leads, and the words below it."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything that stands on a poster and on its cards, as it is read there."""

    language: str
    house: str
    free: str
    title: str
    lead: str
    """Below the title; "" for none."""
    facts: tuple[Line, ...]
    on_card: tuple[str, ...]
    """The facts that fit a card: when and where, each in a line."""
    main: Code
    codes: tuple[Code, ...]
    type_it: str
    typed: str
    """The address as one types it; "" where there is none that can be typed."""
    contact: str
    note: str = ""
    """Small, below the facts: that the dates are an example."""
    mark: str = ""
    """Large, across everything: that it is only a trial."""

    def to_json(self) -> dict[str, Any]:
        """The poster as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Poster:
        """A poster as it was stored. Raises KeyError or TypeError for something that is none."""
        return cls(
            **{
                **stored,
                "facts": tuple(Line(**line) for line in stored["facts"]),
                "on_card": tuple(stored["on_card"]),
                "main": Code(**stored["main"]),
                "codes": tuple(Code(**code) for code in stored["codes"]),
            }
        )
