"""Facts from the database, about the person who is talking. One class per subject, all read-only."""

from __future__ import annotations

from functools import cached_property

from bot.facts.calls import KnownCalls
from bot.facts.help import KnownHelp
from bot.facts.lookup import Lookup
from bot.facts.offers import KnownOffers
from bot.facts.people import KnownPeople
from bot.facts.staff import KnownStaff

__all__ = ["KnownFacts", "Lookup"]


class KnownFacts:
    """Everything there is to look up, each subject made when it is first asked for."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.me = lookup.me

    @cached_property
    def people(self) -> KnownPeople:
        """About the person, their guardians and children."""
        return KnownPeople(self.lookup)

    @cached_property
    def offers(self) -> KnownOffers:
        """About listings, sessions and bookings."""
        return KnownOffers(self.lookup)

    @cached_property
    def calls(self) -> KnownCalls:
        """About calls and applications."""
        return KnownCalls(self.lookup)

    @cached_property
    def help(self) -> KnownHelp:
        """About answers, hotlines and requests."""
        return KnownHelp(self.lookup)

    @cached_property
    def staff(self) -> KnownStaff:
        """What only staff may know."""
        return KnownStaff(self.lookup)
