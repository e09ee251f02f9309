"""What a conversation may look up: read-only, by subject, about the person who is talking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.facts.calls import CallsFacts
from conversations.facts.help import HelpFacts
from conversations.facts.offers import OffersFacts
from conversations.facts.people import PeopleFacts
from conversations.facts.staff import StaffFacts


@dataclass(frozen=True, slots=True)
class Me:
    """The person who is talking, as far as conversations need to know.

    `band` is "under14", "14", "15-17", "18+" or "" where it is not known; `country` "RS", "BG" or "".
    `needs_guardian` is True below the age at which the country lets a young person consent alone.
    """

    person_id: int
    tag: str
    welcomed: bool
    band: str = ""
    country: str = ""
    town_id: int | None = None
    needs_guardian: bool = False
    may_book: bool = False
    """True once whatever consent is needed has been given."""
    roles: tuple[str, ...] = ()
    stopped: bool = False
    familiar: bool = False
    """True to be addressed with the familiar form (under 15)."""


class Facts(Protocol):
    """Everything there is to look up."""

    me: Me

    def asks(self) -> str:
        """The conversation that waits to be held with the person when they come to the menu; "" for none."""
        ...

    @property
    def people(self) -> PeopleFacts:
        """About the person, their guardians and children."""
        ...

    @property
    def offers(self) -> OffersFacts:
        """About listings, sessions and bookings."""
        ...

    @property
    def calls(self) -> CallsFacts:
        """About calls and applications."""
        ...

    @property
    def help(self) -> HelpFacts:
        """About answers, hotlines and requests."""
        ...

    @property
    def staff(self) -> StaffFacts:
        """What only staff may know."""
        ...
