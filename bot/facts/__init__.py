"""Facts from the database, about the person who is talking. One class per subject, all read-only."""

from __future__ import annotations

from functools import cached_property

from bot.facts.around.around import KnownAround
from bot.facts.around.lessons import KnownLessons
from bot.facts.around.outings import KnownOutings
from bot.facts.asking.asking import KnownAsking
from bot.facts.helping.campaigns import KnownCampaigns
from bot.facts.helping.help import KnownHelp
from bot.facts.helping.safety import KnownSafety
from bot.facts.lookup import Lookup
from bot.facts.offers.calls import KnownCalls
from bot.facts.offers.conditions import KnownConditions
from bot.facts.offers.imports import KnownImports
from bot.facts.offers.offers import KnownOffers
from bot.facts.offers.series import KnownSeries
from bot.facts.people.people import KnownPeople
from bot.facts.people.staff import KnownStaff
from bot.facts.visits.appointments import KnownAppointments
from bot.facts.visits.calendars import KnownCalendars
from bot.facts.visits.resources import KnownResources
from models.who.growing import is_due
from models.who.person import MINORS
from models.who.profile import read_person

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
    def lessons(self) -> KnownLessons:
        """About learning, exams, what an offer costs, tools by kind, and the log of meetings."""
        return KnownLessons(self.lookup)

    @cached_property
    def offers(self) -> KnownOffers:
        """About listings, sessions and bookings."""
        return KnownOffers(self.lookup)

    @cached_property
    def appointments(self) -> KnownAppointments:
        """About appointments with professionals."""
        return KnownAppointments(self.lookup)

    @cached_property
    def calendars(self) -> KnownCalendars:
        """About calendars of professionals."""
        return KnownCalendars(self.lookup)

    @cached_property
    def calls(self) -> KnownCalls:
        """About calls and applications."""
        return KnownCalls(self.lookup)

    @cached_property
    def campaigns(self) -> KnownCampaigns:
        """About news, announcements and places, and how far they reach."""
        return KnownCampaigns(self.lookup)

    @cached_property
    def around(self) -> KnownAround:
        """About what happens around sessions."""
        return KnownAround(self.lookup)

    @cached_property
    def conditions(self) -> KnownConditions:
        """About the conditions of listings."""
        return KnownConditions(self.lookup)

    @cached_property
    def asking(self) -> KnownAsking:
        """About surveys, votes, clubs and boxes."""
        return KnownAsking(self.lookup)

    @cached_property
    def help(self) -> KnownHelp:
        """About answers, hotlines and requests."""
        return KnownHelp(self.lookup)

    @cached_property
    def imports(self) -> KnownImports:
        """About spreadsheets that staff send."""
        return KnownImports(self.lookup)

    @cached_property
    def outings(self) -> KnownOutings:
        """About trips, events and buddies."""
        return KnownOutings(self.lookup)

    @cached_property
    def resources(self) -> KnownResources:
        """About seats and papers to be printed."""
        return KnownResources(self.lookup)

    @cached_property
    def series(self) -> KnownSeries:
        """About series, for staff."""
        return KnownSeries(self.lookup)

    @cached_property
    def safety(self) -> KnownSafety:
        """About safety cases, who takes them, and the safe word."""
        return KnownSafety(self.lookup)

    @cached_property
    def staff(self) -> KnownStaff:
        """What only staff may know."""
        return KnownStaff(self.lookup)
