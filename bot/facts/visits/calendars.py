"""Facts about calendars: of the organisation for its staff, of their own for professionals, of nobody for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.facts.lookup import Lookup
from bot.facts.visits import other_hours
from bot.offering import visiting
from bot.offering.describing import noon
from bot.times.day_hours import read_day, read_day_hours, typed_day_hours
from bot.times.reading_hours import read_hours
from conversations.facts.appointments import Calendar, Day, Entry, Exceptional
from conversations.speech import Moment, Words
from models.offers.listing import Listing
from models.offers.programme import Site, Town
from models.visits import exceptions
from models.visits.appointing import MARK_BEFORE
from models.visits.appointment import Appointment, VisitDetail, of_calendar
from models.visits.opening import DAY, day_of
from models.visits.professional import AppointmentRules, DayException, Professional, WorkingHours, calendars_of, giving
from models.who.people import Person
from models.who.staff import organisations_of

BACK, AHEAD = 7, 14
"""Days of a calendar that are shown: of the last ones only what waits to be marked."""


class KnownCalendars:
    """What professionals and staff may know of calendars."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def calendars(self) -> tuple[Calendar, ...]:
        """Whose calendars the person may keep: as staff all of the organisation, as a professional their own."""
        return tuple(self._calendar(one) for one in calendars_of(self.lookup.session, self.lookup.me.person_id))

    def team(self, listing_id: int) -> tuple[Calendar, ...]:
        """Who gives appointments for a listing of the person's organisation."""
        listing = self.lookup.session.get(Listing, listing_id)
        if listing is None or listing.organisation_id not in organisations_of(
            self.lookup.session, self.lookup.me.person_id
        ):
            return ()
        return tuple(self._calendar(one) for one in giving(self.lookup.session, listing_id))

    def _calendar(self, one: Professional) -> Calendar:
        session = self.lookup.session
        rows = session.scalars(
            select(WorkingHours)
            .where(WorkingHours.professional_id == one.id)
            .order_by(WorkingHours.site_id, WorkingHours.weekday, WorkingHours.from_minute)
        )
        return Calendar(
            professional_id=one.id,
            called=one.called,
            profession=one.profession,
            hours=tuple(
                (visiting.place_of_site(session, row.site_id), row.weekday, row.from_minute, row.until_minute)
                for row in rows
            ),
            mine=one.person_id == self.lookup.me.person_id,
            linked=one.person_id is not None,
        )

    def _mine(self, professional_id: int) -> Professional | None:
        """The professional, if the person may keep their calendar."""
        may = calendars_of(self.lookup.session, self.lookup.me.person_id)
        return next((one for one in may if one.id == professional_id), None)

    def zone_of(self, professional_id: int) -> str:
        """The time zone in which a professional works."""
        zone = self.lookup.session.scalars(
            select(Town.zone)
            .join(Site, Site.town_id == Town.id)
            .join(WorkingHours, WorkingHours.site_id == Site.id)
            .where(WorkingHours.professional_id == professional_id)
            .limit(1)
        ).first()
        return zone or self.lookup.rules.zone

    def diary(self, professional_id: int) -> tuple[Day, ...]:
        """The last week's days that wait to be marked, and the next two weeks."""
        if self._mine(professional_id) is None:
            return ()
        zone = self.zone_of(professional_id)
        today = self.lookup.now.astimezone(ZoneInfo(zone)).date()
        session = self.lookup.session
        off = set(
            session.scalars(
                select(DayException.day).where(
                    DayException.professional_id == professional_id,
                    DayException.kind == "off",
                    DayException.until_minute - DayException.from_minute == DAY,
                )
            )
        )
        extra = {row.day for row in exceptions.to_come(session, professional_id, today) if row.kind == "extra"}
        works = set(
            session.scalars(select(WorkingHours.weekday).where(WorkingHours.professional_id == professional_id))
        )
        days = []
        for ahead in range(-BACK, AHEAD):
            day = today + timedelta(days=ahead)
            rows = of_calendar(session, professional_id, *day_of(day, zone))
            waiting = [row for row in rows if row.state == "booked" and row.ends_at <= self.lookup.now]
            if ahead < 0 and waiting:
                days.append(Day(day.isoformat(), noon(day, zone), len(waiting), off=False, unmarked=True))
            elif ahead >= 0 and (rows or day in extra or day.weekday() in works):
                days.append(Day(day.isoformat(), noon(day, zone), len(rows), off=day in off, unmarked=False))
        return tuple(days)

    def entries(self, professional_id: int, day: str) -> tuple[Entry, ...]:
        """The appointments of a day, in their order, without where people live."""
        whole = read_day(day)
        if whole is None or self._mine(professional_id) is None:
            return ()
        rows = of_calendar(self.lookup.session, professional_id, *day_of(whole, self.zone_of(professional_id)))
        return tuple(self._entry(row) for row in rows)

    def entry(self, appointment_id: int) -> Entry | None:
        """One of them, with where to come and what a child had to say."""
        row = self.lookup.session.get(Appointment, appointment_id)
        if row is None or self._mine(row.professional_id) is None or row.state == "cancelled":
            return None
        return self._entry(row, self.lookup.session.get(VisitDetail, row.id))

    def _entry(self, row: Appointment, detail: VisitDetail | None = None) -> Entry:
        session = self.lookup.session
        rules = session.get_one(AppointmentRules, row.listing_id)
        pin = (detail.latitude, detail.longitude) if detail is not None else (None, None)
        return Entry(
            appointment_id=row.id,
            professional_id=row.professional_id,
            listing_id=row.listing_id,
            when=Moment(row.starts_at, row.zone, "time"),
            called=session.get_one(Person, row.person_id).called,
            number=row.number,
            language=row.language,
            title=Words() if rules.discreet else Words.of(session.get_one(Listing, row.listing_id).title),
            place=visiting.place_of_site(session, row.site_id),
            home=row.home,
            comes=row.comes,
            state=row.state,
            outcome=row.outcome,
            markable=self.lookup.now >= row.starts_at - MARK_BEFORE,
            address=detail.address if detail is not None else "",
            pin=(pin[0], pin[1]) if pin[0] is not None and pin[1] is not None else None,
            recorded=detail is not None and detail.attachment_id is not None,
            wish=detail.wish if detail is not None else "",
        )

    def affected(self, professional_id: int, day: str) -> tuple[Entry, ...]:
        """The appointments that taking a day (a key of it, perhaps with hours) off would cancel."""
        read = read_day_hours(day)
        if read is None or self._mine(professional_id) is None:
            return ()
        session, zone = self.lookup.session, self.zone_of(professional_id)
        return self._entries(exceptions.within(session, self.lookup.now, professional_id, *read, zone))

    def _entries(self, ids: Sequence[int]) -> tuple[Entry, ...]:
        return tuple(self._entry(self.lookup.session.get_one(Appointment, one)) for one in ids)

    def day_typed(self, professional_id: int, words: str) -> str | None:
        """The key of a day to come that was typed, with hours where they were typed too: "2026-03-06/600-720"."""
        return typed_day_hours(words, self.lookup.now, self.zone_of(professional_id))

    def places(self, professional_id: int) -> tuple[tuple[int, Words], ...]:
        """Where a professional works: id and name."""
        return other_hours.places(self.lookup.session, professional_id) if self._mine(professional_id) else ()

    def exceptions(self, professional_id: int) -> tuple[Exceptional, ...]:
        """Days to come on which a professional works otherwise."""
        if self._mine(professional_id) is None:
            return ()
        return other_hours.coming(self.lookup.session, self.lookup.now, professional_id, self.zone_of(professional_id))

    def left_out(self, exception_id: int) -> tuple[Entry, ...]:
        """The appointments that would be without hours if an exception were taken back."""
        row = self.lookup.session.get(DayException, exception_id)
        if row is None or self._mine(row.professional_id) is None:
            return ()
        zone = self.zone_of(row.professional_id)
        return self._entries(exceptions.outside(self.lookup.session, self.lookup.now, row, zone, visiting.closed))

    def hours_typed(self, words: str) -> tuple[tuple[int, int, int], ...] | None:
        """Weekly hours that were typed: weekday, from and until in minutes; None for what cannot be read."""
        return read_hours(words)
