"""Facts about the conditions of listings, from the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.facts.lookup import Lookup
from bot.offering.describing import site_and_town
from bot.times.reading_dates import read_when
from bot.times.school_breaks import Days, known
from conversations.facts.conditions import (
    Asking,
    BreakRow,
    Conditions,
    ForStaff,
    HeadRow,
    Participant,
    Place,
    QuotaRow,
    Standing,
)
from conversations.speech import Moment, Words
from models.attending.head_count import HeadCount
from models.messages.reminder import Reminder
from models.offers import school_break
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from models.places import conditions, eligibility, quota
from models.places.booking import HOLDING, Booking
from models.places.eligibility import Eligibility
from models.places.line import waiting_in
from models.places.quota import PROFESSIONALS, Institution, Quota, WorksAt
from models.who.people import Person
from models.who.staff import organisations_of

BEFORE_MOST = 12
"""The most listings that are offered to choose from as what comes first."""
OPENING = "opening"
"""What a reminder that bookings open is about."""


def _named(name: Mapping[str, Any], town: Mapping[str, Any]) -> Words:
    """An institution with its town, where its name does not say it."""
    return Words.of(
        {
            language: said if (there := str(town.get(language, ""))) in said else f"{said}, {there}"
            for language, said in name.items()
        }
    )


class KnownConditions:
    """What there is to know about conditions, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    # ------------------------------------------------------------ for everybody

    def of(self, listing_id: int) -> Conditions:
        """The conditions of a listing for the person who talks."""
        listing = self.lookup.session.get(Listing, listing_id)
        return self.of_listing(listing) if listing is not None else Conditions()

    def of_listing(self, listing: Listing) -> Conditions:
        """The same, of a row at hand."""
        session, now, me = self.lookup.session, self.lookup.now, self.lookup.me.person_id
        quotas = quota.quotas_of(session, listing.id)
        professionals = listing.audience == PROFESSIONALS
        works = quota.institution_of(session, me) if professionals or quotas else None
        earlier = session.get(Listing, listing.after_id) if listing.after_id is not None else None
        person = session.get_one(Person, me)
        opens = listing.opens_at is not None and listing.opens_at > now
        return Conditions(
            opens=Moment(listing.opens_at, self._zone(listing)) if listing.opens_at and opens else None,
            reminded=opens and self._reminded(listing.id),
            least=listing.least if listing.least_state != "anyway" else 0,
            enrolled=conditions.enrolled(session, listing.id) if listing.least else 0,
            checked=listing.checked,
            eligible=eligibility.decision(session, now, listing, me),
            asked=listing.checked and self._asked(listing.id),
            professionals=professionals,
            institution=Words.of(works.name) if works else Words(),
            town_missing=quota.town_is_missing(listing, person, works is not None, quotas),
            after=Words.of(earlier.title) if earlier else Words(),
            drop_in=listing.drop_in,
            quotas=tuple((self._name(one), one.places) for one in quotas),
        )

    def _zone(self, listing: Listing) -> str:
        _site, town = site_and_town(self.lookup.session, listing)
        return town.zone if town else self.lookup.rules.zone

    def _reminded(self, listing_id: int) -> bool:
        planned = select(Reminder.id).where(
            Reminder.about == OPENING,
            Reminder.about_id == listing_id,
            Reminder.recipient_id == self.lookup.me.person_id,
            Reminder.state == "planned",
        )
        return self.lookup.session.scalars(planned.limit(1)).first() is not None

    def _asked(self, listing_id: int) -> bool:
        waiting = select(Eligibility.id).where(
            Eligibility.person_id == self.lookup.me.person_id,
            Eligibility.listing_id == listing_id,
            Eligibility.eligible.is_(None),
        )
        return self.lookup.session.scalars(waiting.limit(1)).first() is not None

    def _name(self, row: Quota) -> Words:
        if row.town_id is not None:
            return Words.of(self.lookup.session.get_one(Town, row.town_id).name)
        return Words.of(self.lookup.session.get_one(Institution, row.institution_id).name)

    def institutions(self, town_id: int = 0) -> tuple[Place, ...]:
        """The institutions of a town, or all, those of the person's own town first."""
        wanted = select(Institution, Town).join(Town, Town.id == Institution.town_id)
        if town_id:
            wanted = wanted.where(Institution.town_id == town_id)
        home = self.lookup.me.town_id or 0
        rows = self.lookup.session.execute(wanted.order_by(Institution.town_id != home, Town.id, Institution.id))
        return tuple(Place(one.id, _named(one.name, town.name)) for one, town in rows)

    def institution(self) -> Words:
        """Where the person works, as they chose."""
        works = quota.institution_of(self.lookup.session, self.lookup.me.person_id)
        return Words.of(works.name) if works else Words()

    # ------------------------------------------------------------ for staff

    def _mine(self) -> list[int]:
        return sorted(organisations_of(self.lookup.session, self.lookup.me.person_id))

    def _listing(self, listing_id: int) -> Listing | None:
        row = self.lookup.session.get(Listing, listing_id)
        return row if row is not None and row.organisation_id in self._mine() else None

    def for_staff(self, listing_id: int) -> ForStaff | None:
        """All conditions of a listing of the person's organisations."""
        row = self._listing(listing_id)
        if row is None:
            return None
        session, zone = self.lookup.session, self._zone(row)
        quotas = quota.quotas_of(session, row.id)
        earlier = session.get(Listing, row.after_id) if row.after_id is not None else None
        return ForStaff(
            opens=Moment(row.opens_at, zone) if row.opens_at else None,
            closes=Moment(row.closes_at, zone) if row.closes_at else None,
            least=row.least,
            enrolled=conditions.enrolled(session, row.id),
            least_state=row.least_state,
            checked=row.checked,
            asked=len(eligibility.asked(session, [row.organisation_id], row.id)),
            professionals=row.audience == PROFESSIONALS,
            after=Words.of(earlier.title) if earlier else Words(),
            drop_in=row.drop_in,
            by_institution=any(one.institution_id is not None for one in quotas),
            quotas=tuple(
                QuotaRow(
                    one.id,
                    self._name(one),
                    one.places,
                    self._taken(one),
                    Moment(one.release_at, zone) if one.release_at else None,
                )
                for one in quotas
            ),
        )

    def _taken(self, row: Quota) -> int:
        each = (
            select(func.count())
            .select_from(Booking)
            .join(Meeting, Meeting.id == Booking.session_id)
            .where(Booking.quota_id == row.id, Booking.state.in_(HOLDING), Meeting.state == "planned")
            .group_by(Booking.session_id)
        )
        return max(self.lookup.session.scalars(each), default=0)

    def listings_before(self, listing_id: int) -> tuple[tuple[int, Words], ...]:
        """Other listings of the same organisation that could have to be completed first, the newest first."""
        row = self._listing(listing_id)
        if row is None:
            return ()
        wanted = select(Listing).where(
            Listing.organisation_id == row.organisation_id,
            Listing.id != row.id,
            Listing.block == "OFF",
            Listing.state.in_(("open", "closed")),
        )
        found = self.lookup.session.scalars(wanted.order_by(Listing.id.desc()).limit(BEFORE_MOST))
        return tuple((one.id, Words.of(one.title)) for one in found)

    def asking(self, listing_id: int = 0) -> tuple[Asking, ...]:
        """Who waits for a decision of the person's organisations, the oldest first."""
        session, mine = self.lookup.session, self._mine()
        found = []
        for row in eligibility.asked(session, mine, listing_id) if mine else ():
            person, listing = session.get_one(Person, row.person_id), session.get(Listing, row.listing_id)
            if listing is None or person.erased_at is not None:
                continue
            town = session.get(Town, person.town_id) if person.town_id is not None else None
            found.append(
                Asking(
                    id=row.id,
                    called=person.called or f"#{person.id}",
                    band=person.band,
                    town=Words.of(town.name) if town else Words(),
                    title=Words.of(listing.title),
                    at=Moment(row.asked_at, self._zone(listing), "short"),
                    waits=self._waits(listing.id, person.id),
                )
            )
        return tuple(found)

    def _waits(self, listing_id: int, person_id: int) -> bool:
        waiting = (
            select(Booking.id)
            .join(Meeting, Meeting.id == Booking.session_id)
            .where(Meeting.listing_id == listing_id, Booking.person_id == person_id, Booking.state == "waiting")
        )
        return self.lookup.session.scalars(waiting.limit(1)).first() is not None

    def line(self, session_id: int) -> tuple[Standing, ...]:
        """Who waits at a session, in order."""
        session = self.lookup.session
        meeting = session.get(Meeting, session_id)
        if meeting is None or self._listing(meeting.listing_id) is None:
            return ()
        rows = waiting_in(session, meeting.first_id or meeting.id)
        return tuple(
            Standing(row.id, row.number, session.get_one(Person, row.person_id).called, place)
            for place, row in enumerate(rows, start=1)
        )

    def head_count(self, session_id: int) -> HeadRow | None:
        """What was counted at a session."""
        meeting = self.lookup.session.get(Meeting, session_id)
        row = self.lookup.session.get(HeadCount, session_id)
        if meeting is None or row is None or self._listing(meeting.listing_id) is None:
            return None
        bands = tuple((str(band), int(count)) for band, count in row.bands.items())
        return HeadRow(row.total, row.girls, row.boys, row.unsaid, bands)

    def participants(self, listing_id: int) -> tuple[Participant, ...]:
        """Everybody with a place in a listing, by institution."""
        if self._listing(listing_id) is None:
            return ()
        rows = self.lookup.session.execute(
            select(Person, func.min(Booking.number), Institution)
            .join(Booking, Booking.person_id == Person.id)
            .join(Meeting, Meeting.id == Booking.session_id)
            .outerjoin(WorksAt, WorksAt.person_id == Person.id)
            .outerjoin(Institution, Institution.id == WorksAt.institution_id)
            .where(Meeting.listing_id == listing_id, Meeting.state == "planned", Booking.state == "booked")
            .group_by(Person.id, Institution.id)
            .order_by(Institution.town_id, Institution.id, func.min(Booking.number))
        )
        return tuple(
            Participant(person.called, number, Words.of(works.name) if works else Words())
            for person, number, works in rows
        )

    def day_typed(self, words: str) -> str | None:
        """The day to come (ISO) that was typed; None for what is none."""
        zone = self.lookup.rules.zone
        found = read_when(words, self.lookup.now, zone, end_of_day=True)
        return found.astimezone(ZoneInfo(zone)).date().isoformat() if isinstance(found, datetime) else None

    def breaks(self) -> tuple[BreakRow, ...]:
        """School breaks that are not over, in the countries of the person's organisations."""
        session, mine = self.lookup.session, self._mine()
        if not mine:
            return ()
        zone = self.lookup.rules.zone
        today = self.lookup.now.astimezone(ZoneInfo(zone)).date()
        printed = [self._break(0, days, own=False) for days in known() if days.last >= today]
        entered = [
            self._break(row.id, Days(row.country, row.first_day, row.last_day), own=True)
            for row in school_break.breaks_of(session, mine)
            if row.last_day >= today
        ]
        return tuple(sorted((*printed, *entered), key=lambda row: (row.first.at, row.country)))

    def _break(self, number: int, days: Days, *, own: bool) -> BreakRow:
        return BreakRow(number, days.country, self._day(days.first), self._day(days.last), own)

    def _day(self, day: date) -> Moment:
        zone = self.lookup.rules.zone
        return Moment(datetime.combine(day, time(12), ZoneInfo(zone)), zone, "date")
