"""What a conversation may look up: read-only, by subject, about the person who is talking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.facts.appointments import AppointmentsFacts, CalendarsFacts
from conversations.facts.around import AroundFacts
from conversations.facts.asking import AskingFacts
from conversations.facts.calls import CallsFacts
from conversations.facts.campaigns import CampaignFacts
from conversations.facts.conditions import ConditionsFacts
from conversations.facts.help import HelpFacts
from conversations.facts.imports import ImportsFacts
from conversations.facts.lessons import LessonsFacts
from conversations.facts.offers import OffersFacts
from conversations.facts.outings import OutingsFacts
from conversations.facts.people import PeopleFacts
from conversations.facts.resources import ResourcesFacts
from conversations.facts.safety import SafetyFacts
from conversations.facts.series import SeriesFacts
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
    safe_word: str = ""
    """The word of their own that brings the quiet card; "" for the one everybody has."""
    safe_word_tells: bool = False
    familiar: bool = False
    """True to be addressed with the familiar form (under 15)."""
    observed: bool = False
    """True where others read along: in a group of staff."""


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
    def lessons(self) -> LessonsFacts:
        """About learning, exams, what an offer costs, tools by kind, and the log of meetings."""
        ...

    @property
    def offers(self) -> OffersFacts:
        """About listings, sessions and bookings."""
        ...

    @property
    def appointments(self) -> AppointmentsFacts:
        """About appointments with professionals."""
        ...

    @property
    def calendars(self) -> CalendarsFacts:
        """About calendars of professionals."""
        ...

    @property
    def calls(self) -> CallsFacts:
        """About calls and applications."""
        ...

    @property
    def campaigns(self) -> CampaignFacts:
        """About news, announcements and places, and how far they reach."""
        ...

    @property
    def around(self) -> AroundFacts:
        """About what happens around sessions."""
        ...

    @property
    def conditions(self) -> ConditionsFacts:
        """About the conditions of listings."""
        ...

    @property
    def asking(self) -> AskingFacts:
        """About surveys, votes, clubs and boxes."""
        ...

    @property
    def help(self) -> HelpFacts:
        """About answers, hotlines and requests."""
        ...

    @property
    def imports(self) -> ImportsFacts:
        """About spreadsheets that staff send."""
        ...

    @property
    def outings(self) -> OutingsFacts:
        """About trips, events and buddies."""
        ...

    @property
    def resources(self) -> ResourcesFacts:
        """About seats and papers to be printed."""
        ...

    @property
    def series(self) -> SeriesFacts:
        """About series, for staff."""
        ...

    @property
    def safety(self) -> SafetyFacts:
        """About safety cases, who takes them, and the safe word."""
        ...

    @property
    def staff(self) -> StaffFacts:
        """What only staff may know."""
        ...
