"""Facts around sessions for who takes part, from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.facts.around.staff_around import StaffAround, makes
from bot.facts.lookup import Lookup
from bot.offering.describing import name_for, named
from conversations.facts.around import CertificateRow, Lesson, MaterialRow, Past
from conversations.facts.staff import SessionRow
from conversations.speech import Moment, Words
from models.asking.box import Box
from models.attending import attendance, room_code
from models.lessons import certificate, leading, leaning
from models.lessons.material import readable
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Subject
from models.offers.series import units_of
from models.places.booking import Booking
from models.who.acting import may_change, sharers_of
from models.who.people import Guardianship, Person

ASKS = ("tutoring", "course", "training", "visit")
"""Kinds of listings for which people may send a question beforehand."""
PAST = timedelta(days=60)
PAST_MOST = 40


@dataclass(frozen=True, slots=True)
class KnownAround(StaffAround):
    """What there is around sessions, for the person who is talking."""

    lookup: Lookup

    # ------------------------------------------------------------ a booking

    def _mine(self, booking_id: int) -> Booking | None:
        session, me = self.lookup.session, self.lookup.me.person_id
        row = session.get(Booking, booking_id)
        if row is None or not may_change(session, self.lookup.now, me, row.person_id, row.booked_by_id):
            return None
        return row

    def lesson(self, booking_id: int) -> Lesson | None:
        """The meeting that a booking of one's own (or of somebody one acts for) is for now."""
        session, now = self.lookup.session, self.lookup.now
        row = self._mine(booking_id)
        if row is None or row.state != "booked":
            return None
        units = units_of(session, session.get_one(Meeting, row.session_id))
        meeting = next((unit for unit in units if unit.ends_at > now), None)
        if meeting is None:
            return None
        listing = session.get_one(Listing, meeting.listing_id)
        leader = leading.leader_of(session, meeting)
        box = session.scalars(select(Box).where(Box.listing_id == listing.id, Box.state == "open").limit(1)).first()
        return Lesson(
            booking_id=row.id,
            session_id=meeting.id,
            title=Words.of(listing.title),
            when=Moment(meeting.starts_at, meeting.zone),
            child=name_for(session, row.person_id, self.lookup.me.person_id),
            leader=named(leader.called) if leader else Words(),
            asks=listing.block == "OFF" and (listing.kind in ASKS or makes(session, listing.id)),
            shows=makes(session, listing.id),
            room=room_code.is_time(meeting, now)
            and listing.block == "OFF"
            and attendance.state_of(session, row.id, meeting.id) != "present",
            box=box.id if box is not None else 0,
            stories=box is not None and box.kind == "story",
        )

    def materials(self, booking_id: int) -> tuple[MaterialRow, ...]:
        """What there is to read for a booking: for before, and of meetings that are over for after."""
        row = self._mine(booking_id)
        if row is None or row.state != "booked":
            return ()
        return tuple(self._material(one) for one in readable(self.lookup.session, self.lookup.now, row))

    def asks_care(self, listing_id: int) -> bool:
        """True where people are asked whether they need child care."""
        listing = self.lookup.session.get(Listing, listing_id)
        return listing is not None and listing.child_care

    # ------------------------------------------------------------ what is over

    def _those(self) -> list[int]:
        """The person, their children and who shares their phone: not the families they help."""
        me, session = self.lookup.me.person_id, self.lookup.session
        children = session.scalars(
            select(Guardianship.child_id)
            .join(Person, Person.id == Guardianship.child_id)
            .where(
                Guardianship.guardian_id == me,
                Guardianship.ended_at.is_(None),
                Guardianship.grown_at.is_(None),
                Person.erased_at.is_(None),
            )
            .order_by(Guardianship.child_id)
        )
        return [me, *children, *(one.id for one in sharers_of(session, me))]

    def past(self) -> tuple[Past, ...]:
        """Bookings with meetings of the last 60 days that are over, the newest first."""
        session, now = self.lookup.session, self.lookup.now
        rows = session.scalars(
            select(Booking)
            .join(Meeting, Meeting.id == Booking.session_id)
            .where(
                Booking.person_id.in_(self._those()),
                Booking.state == "booked",
                Meeting.starts_at <= now,
                Meeting.starts_at > now - PAST * 4,
            )
            .order_by(Meeting.starts_at.desc(), Booking.id)
            .limit(PAST_MOST)
        ).all()
        found = (self._past(row) for row in rows)
        return tuple(one for one in found if one is not None)

    def _past(self, row: Booking) -> Past | None:
        session, now = self.lookup.session, self.lookup.now
        over = [one for one in units_of(session, session.get_one(Meeting, row.session_id)) if one.ends_at <= now]
        if not over or over[-1].ends_at <= now - PAST:
            return None
        return Past(
            booking_id=row.id,
            title=Words.of(session.get_one(Listing, over[-1].listing_id).title),
            when=Moment(over[-1].starts_at, over[-1].zone),
            child=name_for(session, row.person_id, self.lookup.me.person_id),
            present=sum(state == "present" for state in attendance.states_of(session, row.id).values()),
            materials=len(readable(self.lookup.session, self.lookup.now, row)),
        )

    def certificates(self) -> tuple[CertificateRow, ...]:
        """The valid certificates of the person and of those they speak for, the newest first."""
        session, me = self.lookup.session, self.lookup.me.person_id
        return tuple(
            CertificateRow(
                row.id,
                row.number,
                Words.of(row.title),
                name_for(session, row.person_id, me) if row.person_id else "",
                row.name,
                suggested=session.get_one(Person, row.person_id).called if row.person_id else "",
            )
            for row in certificate.of_people(session, self._those())
        )

    # ------------------------------------------------------------ interests

    def leaning(self) -> tuple[tuple[str, ...], Moment] | None:
        """What interests the person, as they answered, and until when it is kept."""
        row = leaning.mine(self.lookup.session, self.lookup.now, self.lookup.me.person_id)
        return (tuple(row.areas), Moment(row.until, self.lookup.rules.zone, "date")) if row is not None else None

    def open_subjects(self, codes: tuple[str, ...]) -> tuple[tuple[int, Words], ...]:
        """Of these subjects those of which something is open now, in this order: id and name."""
        used = select(Listing.subject_id).where(Listing.state == "open")
        wanted = select(Subject).where(Subject.code.in_(codes), Subject.id.in_(used))
        known = {row.code: row for row in self.lookup.session.scalars(wanted)}
        return tuple((known[code].id, Words.of(known[code].name)) for code in codes if code in known)

    # ------------------------------------------------------------ who leads

    def leading(self) -> tuple[SessionRow, ...]:
        """The meetings that the person leads: to come and of the last two weeks."""
        from bot.facts.people.staff import KnownStaff

        known = KnownStaff(self.lookup)
        led = leading.led_by(self.lookup.session, self.lookup.now, self.lookup.me.person_id)
        return tuple(row for meeting, _listing in led if (row := known.session(meeting.id)) is not None)
