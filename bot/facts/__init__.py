"""Facts from the database, about the person who is talking. One class per subject, all read-only."""

from __future__ import annotations

from functools import cached_property

from bot.facts.calls import KnownCalls
from bot.facts.help import KnownHelp
from bot.facts.lookup import Lookup
from bot.facts.offers import KnownOffers
from bot.facts.people import KnownPeople
from bot.facts.staff import KnownStaff
from models.growing import is_due
from models.person import MINORS, read_person

__all__ = ["KnownFacts", "Lookup"]


class KnownFacts:
    """Everything there is to look up, each subject made when it is first asked for."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.me = lookup.me

    def asks(self) -> str:
        """The conversation that waits to be held with the person when they come to the menu; "" for none."""
        if not self.me.welcomed or self.me.band not in MINORS:
            return ""
        person = read_person(self.lookup.session, self.me.person_id)
        return "growing" if is_due(self.lookup.session, person, self.lookup.now) else ""

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
