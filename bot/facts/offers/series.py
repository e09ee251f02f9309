"""Facts about series for staff, from the database: limited to the organisations of the person who is talking."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.facts.lookup import Lookup
from bot.offering.units import course_of
from conversations.facts.series import Progress, SeriesRow
from conversations.speech import Words
from models.attending import attendance
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import SERIES
from models.places.booking import Booking
from models.who.people import Person
from models.who.staff import organisations_of


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """What only staff may know."""

    lookup: Lookup

    def _listing(self, listing_id: int) -> Listing | None:
        row = self.lookup.session.get(Listing, listing_id)
        mine = organisations_of(self.lookup.session, self.lookup.me.person_id)
        return row if row is not None and row.enrols == SERIES and row.organisation_id in mine else None

    def of_listing(self, listing_id: int) -> SeriesRow | None:
        """The series of a listing of theirs; None where there is none."""
        session, row = self.lookup.session, self._listing(listing_id)
        if row is None:
            return None
        first = session.scalars(
            select(Meeting)
            .where(Meeting.listing_id == listing_id, Meeting.first_id.is_(None))
            .order_by(Meeting.state != "planned", Meeting.starts_at.desc())
            .limit(1)
        ).first()
        course = course_of(session, self.lookup.now, first) if first is not None else None
        if course is None:
            return None
        return SeriesRow(
            listing_id=row.id,
            title=Words.of(row.title),
            town_id=row.town_id,
            course=course,
            join_late=row.join_late,
            paper=Words.of(row.shows),
        )

    def progress(self, listing_id: int) -> tuple[Progress, ...]:
        """Everybody with a place in it, by number."""
        session = self.lookup.session
        if self._listing(listing_id) is None:
            return ()
        rows = session.execute(
            select(Booking, Person)
            .join(Person, Person.id == Booking.person_id)
            .join(Meeting, Meeting.id == Booking.session_id)
            .where(Meeting.listing_id == listing_id, Booking.state == "booked")
            .order_by(Booking.number)
        ).all()
        return tuple(self._progress(booking, person) for booking, person in rows)

    def _progress(self, booking: Booking, person: Person) -> Progress:
        session, now = self.lookup.session, self.lookup.now
        present, _held, planned = attendance.attended_share(session, now, booking.id)
        return Progress(
            booking_id=booking.id,
            number=booking.number,
            called=person.called,
            present=present,
            excused=len(attendance.excused_from(session, booking.id)),
            planned=planned,
            completed=attendance.completed(session, now, booking),
            shown=booking.shown_at is not None,
        )
