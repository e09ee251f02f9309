"""Facts about learning, exams, what an offer costs, tools by kind, and the log of meetings, from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.facts.lookup import Lookup
from bot.offering.describing import name_for
from bot.offering.logged import log_of
from conversations.facts.lessons import (
    ExamRow,
    LearningRow,
    Log,
    PupilRow,
    ResultRow,
    Terms,
)
from conversations.speech import Moment, Text, Words
from models.lessons import exam, learning
from models.lessons.leading import leads_session
from models.lessons.learning import LearningNote
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.placed import has_place, placed_at
from models.who.acting import may_change
from models.who.people import Person
from models.who.staff import organisations_of

LEARNS = ("tutoring", "course", "training", "club")
"""Kinds of listings of which is written how the learning goes."""


@dataclass(frozen=True, slots=True)
class KnownLessons:
    """What there is about learning, exams, costs, tools and the log, for the person who is talking."""

    lookup: Lookup

    # ------------------------------------------------------------ for everybody, and for who takes part

    def terms(self, listing_id: int) -> Terms:
        """What an offer costs and asks; for everybody."""
        listing = self.lookup.session.get(Listing, listing_id)
        if listing is None:
            return Terms(Words())
        return Terms(
            title=Words.of(listing.title),
            cost=Words.of(listing.cost),
            travel_paid=listing.travel_paid,
            travel=Words.of(listing.travel),
            transport=listing.transport,
            exam_needed=listing.exam_needed,
            tools=dict(listing.tools_needed),
        )

    def learning(self, booking_id: int) -> tuple[LearningRow, ...]:
        """How it goes, for the pupil and who speaks for a young child, the newest lesson first; else nothing."""
        session, booking = self.lookup.session, self.lookup.session.get(Booking, booking_id)
        if booking is None or not learning.may_read(session, self.lookup.me.person_id, booking.person_id):
            return ()
        listing_id = session.get_one(Meeting, booking.session_id).listing_id
        return self._lines(learning.of_listing(session, listing_id, booking.person_id))

    def _lines(self, rows: Sequence[LearningNote]) -> tuple[LearningRow, ...]:
        meetings = [self.lookup.session.get_one(Meeting, row.session_id) for row in rows]
        return tuple(
            LearningRow(row.session_id, Moment(one.starts_at, one.zone, "date"), row.text)
            for row, one in zip(rows, meetings, strict=True)
        )

    def _mine(self, booking_id: int) -> Booking | None:
        session, me = self.lookup.session, self.lookup.me.person_id
        row = session.get(Booking, booking_id)
        if row is None or not may_change(session, self.lookup.now, me, row.person_id, row.booked_by_id):
            return None
        return row

    def results(self, booking_id: int) -> tuple[ResultRow, ...]:
        """The results that were told, for who took the exam and who speaks for a young child; else nothing."""
        session, booking = self.lookup.session, self.lookup.session.get(Booking, booking_id)
        if booking is None or not learning.may_read(session, self.lookup.me.person_id, booking.person_id):
            return ()
        told = exam.told_of(session, booking_id)
        meetings = sorted((session.get_one(Meeting, one) for one in told), key=lambda one: one.starts_at)
        return tuple(ResultRow(Moment(one.starts_at, one.zone, "date"), told[one.id] == "passed") for one in meetings)

    def child_of(self, booking_id: int) -> Text | str:
        """Whose booking it is, as the reader knows them; "" for their own and what is not theirs."""
        row = self._mine(booking_id)
        return name_for(self.lookup.session, row.person_id, self.lookup.me.person_id) if row is not None else ""

    # ------------------------------------------------------------ staff, and who leads it

    def _led(self, session_id: int) -> Meeting | None:
        session, me = self.lookup.session, self.lookup.me.person_id
        meeting = session.get(Meeting, session_id)
        if meeting is None:
            return None
        listing = session.get_one(Listing, meeting.listing_id)
        if listing.organisation_id in organisations_of(session, me):
            return meeting
        return meeting if leads_session(session, self.lookup.now, me, meeting) else None

    def _placed(self, meeting: Meeting) -> Sequence[tuple[Booking, Person]]:
        rows = self.lookup.session.execute(
            select(Booking, Person)
            .join(Person, Person.id == Booking.person_id)
            .where(*placed_at(meeting))
            .order_by(Booking.number)
        )
        return [(row[0], row[1]) for row in rows]

    def pupils(self, session_id: int) -> tuple[PupilRow, ...]:
        """For staff, and who leads it: everybody with a place at a lesson; nobody where nothing is learnt."""
        session, meeting = self.lookup.session, self._led(session_id)
        if meeting is None or not self.learns(meeting.id):
            return ()
        written = set(session.scalars(select(LearningNote.person_id).where(LearningNote.session_id == meeting.id)))
        return tuple(
            PupilRow(booking.id, person.called, booking.number, person.id in written)
            for booking, person in self._placed(meeting)
        )

    def learning_of(self, session_id: int, booking_id: int) -> tuple[LearningRow, ...]:
        """For staff, and who leads it: how it goes with somebody who has a place there, the newest lesson first."""
        session, meeting = self.lookup.session, self._led(session_id)
        booking = session.get(Booking, booking_id)
        if meeting is None or booking is None or not has_place(booking, meeting):
            return ()
        return self._lines(learning.of_listing(session, meeting.listing_id, booking.person_id))

    def learns(self, session_id: int) -> bool:
        """Whether a meeting is of a kind at which something is learnt."""
        meeting = self.lookup.session.get(Meeting, session_id)
        return meeting is not None and self.lookup.session.get_one(Listing, meeting.listing_id).kind in LEARNS

    def is_exam(self, session_id: int) -> bool:
        """Whether a meeting is an exam."""
        meeting = self.lookup.session.get(Meeting, session_id)
        return meeting is not None and meeting.exam

    def exam(self, session_id: int) -> tuple[ExamRow, ...]:
        """For staff, and who leads it: everybody at an exam."""
        session, meeting = self.lookup.session, self._led(session_id)
        if meeting is None or not meeting.exam:
            return ()
        known = exam.results(session, meeting)
        return tuple(
            ExamRow(
                booking.id,
                person.called,
                booking.number,
                known.get(booking.id, ""),
                exam.told_of(session, booking.id).get(meeting.id, ""),
            )
            for booking, person in self._placed(meeting)
        )

    def to_fetch(self, session_id: int) -> tuple[tuple[str, int], ...]:
        """For staff, and who leads it: who has to be fetched, by name and number."""
        meeting = self._led(session_id)
        if meeting is None:
            return ()
        return tuple((person.called, booking.number) for booking, person in self._placed(meeting) if booking.transport)

    def tools(self, session_id: int) -> tuple[tuple[str, int, int], ...]:
        """For staff, and who leads it: of each tool how many are promised, and how many are needed (0: not said)."""
        meeting = self._led(session_id)
        if meeting is None:
            return ()
        needed = self.lookup.session.get_one(Listing, meeting.listing_id).tools_needed
        promised = [word for booking, _person in self._placed(meeting) for word in booking.brings]
        return tuple(
            (word, promised.count(word), int(needed.get(word, 0))) for word in dict.fromkeys((*needed, *promised))
        )

    def log_of(self, session_id: int) -> str:
        """For staff, and who leads it: what was done at a meeting."""
        meeting = self._led(session_id)
        return meeting.log if meeting is not None else ""

    def log(self, listing_id: int = 0) -> Log:
        """For staff: what was done, of a listing or of all of their organisations."""
        mine = organisations_of(self.lookup.session, self.lookup.me.person_id)
        return log_of(self.lookup.session, self.lookup.now, mine, listing_id)
