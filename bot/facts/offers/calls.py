"""Facts about calls, from the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.arriving import numbers
from bot.facts.lookup import Lookup
from bot.facts.offers.offers import KnownOffers
from bot.language.phones import read_phone
from bot.offering.describing import name_for
from bot.times.part_of_day import part_of_day
from conversations.facts.calls import Applied, Call, Form, Number, Run
from conversations.speech import Moment, Words
from models.offers import call as rows
from models.offers import deadline
from models.offers.listing import Listing
from models.offers.programme import Organisation, Town
from models.who.acting import may_change
from models.who.people import Person
from models.who.person import was_guardian


@dataclass(frozen=True, slots=True)
class KnownCalls:
    """What there is to know about calls, for the person who is talking."""

    lookup: Lookup

    def kinds(self) -> tuple[str, ...]:
        """Kinds of calls that are open now."""
        return tuple(dict.fromkeys(row.kind for row in self._open("")))

    def open_calls(self, kind: str, offset: int, size: int) -> tuple[tuple[Call, ...], int]:
        """Open calls of a kind ("" for all), the person's own town first, and how many there are."""
        found = self._open(kind)
        return tuple(self._call(row) for row in found[offset : offset + size]), len(found)

    def call(self, listing_id: int) -> Call | None:
        """One call, also a closed one; None for a draft or what is no call."""
        row = self.lookup.session.get(Listing, listing_id)
        if row is None or row.block not in rows.CALL_BLOCKS or row.state == "draft":
            return None
        return self._call(row)

    def applied(self, listing_id: int) -> tuple[Applied, ...]:
        """The applications to a call of the person and of whom they speak for, the newest first."""
        return tuple(self._own(row) for row in self._mine() if row.listing_id == listing_id)

    def applications(self, offset: int, size: int) -> tuple[tuple[Applied, ...], int]:
        """The same for all calls, and how many there are."""
        found = self._mine()
        return tuple(self._own(row) for row in found[offset : offset + size]), len(found)

    def application(self, number: str) -> Applied | None:
        """One of them."""
        return next((self._own(row) for row in self._mine() if str(row.number) == number), None)

    def _mine(self) -> list[rows.Application]:
        session, now, me = self.lookup.session, self.lookup.now, self.lookup.me.person_id
        people = {one.person_id for one in KnownOffers(self.lookup).who()}
        return [
            row
            for row in rows.applications_by(session, people)
            if may_change(session, now, me, row.person_id, row.registered_by_id or row.person_id)
        ]

    def reminders(self, listing_id: int) -> tuple[Moment, ...]:
        """When the person will be reminded of the deadline."""
        listing = self.lookup.session.get(Listing, listing_id)
        if listing is None:
            return ()
        planned = deadline.deadline_reminders(self.lookup.session, listing_id, self.lookup.me.person_id)
        return tuple(Moment(row.due_at, rows.zone_of(self.lookup.session, listing)) for row in planned)

    def phone(self, words: str) -> Number | None:
        """The phone number in what was typed; None where it is not exactly one.

        What is no number of the country of the person's town may be one of the country whose language they speak.
        """
        me = self.lookup.me
        phone = read_phone(words, me.country) or read_phone(words, "BG" if me.tag == "bg" else "RS")
        return Number(phone.number, phone.shown, phone.country) if phone else None

    def part_of_day(self, words: str) -> str:
        """The part of the day that words name: "morning", "midday", "afternoon", "any"; "" for none."""
        return part_of_day(words)

    def run(self, offset: int, size: int) -> tuple[tuple[Run, ...], int]:
        """Calls of the organisations this person is staff of, and how many there are."""
        found = rows.calls_of(self.lookup.session, self.lookup.me.person_id)
        return tuple(self._run(row) for row in found[offset : offset + size]), len(found)

    def interested(self, listing_id: int, offset: int, size: int) -> tuple[tuple[Applied, ...], int]:
        """Who applied for one of these calls, in the order they came, and how many there are."""
        session, staff_id = self.lookup.session, self.lookup.me.person_id
        if listing_id not in {row.id for row in rows.calls_of(session, staff_id)}:
            return (), 0
        found = rows.applications_for(session, listing_id, staff_id)
        return tuple(self._applied(row) for row in found[offset : offset + size]), len(found)

    def form(self, number: str) -> Form | None:
        """What somebody wrote when they applied for one of these calls."""
        row = rows.application_for_staff(self.lookup.session, numbers.number(number), self.lookup.me.person_id)
        if row is None:
            return None
        phone = read_phone(str(row.answers.get("phone") or ""), "")
        return Form(
            self._applied(row),
            self.lookup.session.get_one(Person, row.person_id).called,
            str(row.answers.get("why") or ""),
            tuple(str(key) for key in row.answers.get("when") or ()),
            phone.shown if phone else "",
            self._by(row),
        )

    def _by(self, row: rows.Application) -> str:
        """Who registered: a guardian, somebody else who acts for the person, or "" for themself."""
        if row.registered_by_id is None:
            return ""
        guardian = was_guardian(self.lookup.session, row.registered_by_id, row.person_id)
        return "guardian" if guardian else "other"

    def _run(self, row: Listing) -> Run:
        applied = rows.applications_for(self.lookup.session, row.id, self.lookup.me.person_id)
        zone = rows.zone_of(self.lookup.session, row)
        return Run(
            row.id,
            Words.of(row.title),
            Moment(row.closes_at, zone) if row.closes_at is not None else None,
            len(applied),
            sum(application.state == "registered" for application in applied),
        )

    def _open(self, kind: str) -> list[Listing]:
        return rows.open_calls(self.lookup.session, self.lookup.now, kind, self.lookup.me.town_id)

    def _call(self, row: Listing) -> Call:
        session, now = self.lookup.session, self.lookup.now
        town = session.get(Town, row.town_id) if row.town_id is not None else None
        zone = rows.zone_of(session, row)
        days = 0
        if row.closes_at is not None:
            days = (row.closes_at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
        return Call(
            row.id,
            row.kind,
            Words.of(row.title),
            Words.of(row.summary),
            Words.of(row.criteria),
            Words.of(town.name) if town else Words(),
            Words.of(session.get_one(Organisation, row.organisation_id).name),
            tuple(row.bands),
            Moment(row.closes_at, zone) if row.closes_at is not None else None,
            max(0, days),
            rows.is_open(row, now),
            row.invented,
        )

    def _own(self, row: rows.Application) -> Applied:
        """An application as the person reads of it, or a guardian of theirs."""
        child = name_for(self.lookup.session, row.person_id, self.lookup.me.person_id)
        return replace(self._applied(row), child=child)

    def _applied(self, row: rows.Application) -> Applied:
        listing = self.lookup.session.get_one(Listing, row.listing_id)
        return Applied(
            row.listing_id,
            row.number,
            Words.of(listing.title),
            row.state,
            Moment(row.created_at, rows.zone_of(self.lookup.session, listing), "date"),
            row.person_id,
        )
