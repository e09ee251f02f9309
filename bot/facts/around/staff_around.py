"""Facts around sessions for staff, and for who leads a session, from the database."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.facts.lookup import Lookup
from bot.offering.describing import named
from conversations.facts.around import (
    Around,
    CertificateRow,
    LeaderRow,
    MaterialRow,
    MissingRow,
    Opinions,
    QuestionRow,
)
from conversations.speech import Moment, Words
from models.attending import absences
from models.lessons import certificate, feedback, leading, lesson_question, material
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Subject
from models.places.booking import Booking
from models.places.placed import placed_at
from models.who.people import Person
from models.who.staff import organisations_of

SPORT = "sport"
"""The subject of clubs in which nothing is made that could be shown."""


def makes(session: Session, listing_id: int) -> bool:
    """True for a club in which people make something that they may want to show."""
    listing = session.get_one(Listing, listing_id)
    subject = session.get(Subject, listing.subject_id) if listing.subject_id is not None else None
    return listing.kind == "club" and (subject is None or subject.code != SPORT)


class StaffAround:
    """The staff's half of what there is around sessions. Everything is limited to their organisations."""

    __slots__ = ()
    lookup: Lookup

    def _organisations(self) -> set[int]:
        return organisations_of(self.lookup.session, self.lookup.me.person_id)

    def _listing(self, listing_id: int) -> Listing | None:
        row = self.lookup.session.get(Listing, listing_id)
        return row if row is not None and row.organisation_id in self._organisations() else None

    def _meeting(self, session_id: int) -> Meeting | None:
        """A session of theirs, or that they lead."""
        session, me = self.lookup.session, self.lookup.me.person_id
        row = session.get(Meeting, session_id)
        if row is None:
            return None
        if self._listing(row.listing_id) is not None or leading.leads_session(session, self.lookup.now, me, row):
            return row
        return None

    # ------------------------------------------------------------ leaders

    def leaders(self, listing_id: int = 0, session_id: int = 0) -> tuple[LeaderRow, ...]:
        """The roster, of the organisation of a listing or meeting, else of all of theirs."""
        session, mine = self.lookup.session, self._organisations()
        if session_id:
            meeting = session.get(Meeting, session_id)
            listing_id = meeting.listing_id if meeting is not None else -1
        if listing_id:
            listing = self._listing(listing_id)
            mine = {listing.organisation_id} if listing is not None else set()
        led = session.execute(
            select(Meeting.leader_id, func.count())
            .where(Meeting.leader_id.is_not(None), Meeting.starts_at > self.lookup.now, Meeting.state == "planned")
            .group_by(Meeting.leader_id)
        )
        counts = {row[0]: row[1] for row in led}
        return tuple(
            LeaderRow(row.id, row.called, row.person_id is not None, counts.get(row.id, 0))
            for row in leading.roster(session, mine)
        )

    def leader_of(self, session_id: int) -> Words:
        """Who leads a meeting; without words for nobody."""
        meeting = self._meeting(session_id)
        leader = leading.leader_of(self.lookup.session, meeting) if meeting is not None else None
        return named(leader.called) if leader is not None else Words()

    # ------------------------------------------------------------ what is set up

    def around(self, listing_id: int) -> Around | None:
        """What is set up around a listing of theirs."""
        session, now = self.lookup.session, self.lookup.now
        listing = self._listing(listing_id)
        if listing is None:
            return None
        leaders = session.scalars(
            select(leading.Leader)
            .join(Meeting, Meeting.leader_id == leading.Leader.id)
            .where(Meeting.listing_id == listing_id, Meeting.ends_at > now, leading.Leader.ended_at.is_(None))
            .order_by(leading.Leader.called)
        ).all()
        names = dict.fromkeys(named(leader.called) for leader in leaders)
        valid = {row.person_id for row in certificate.register(session, listing_id) if row.revoked_at is None}
        done = [one for one in certificate.completed(session, now, listing) if one.person_id not in valid]
        return Around(
            title=Words.of(listing.title),
            child_care=listing.child_care,
            materials=len(material.of_listing(session, listing_id)),
            leaders=tuple(names),
            issued=len(valid),
            to_issue=len(done),
        )

    def _material(self, row: material.Material) -> MaterialRow:
        meeting = self.lookup.session.get(Meeting, row.session_id) if row.session_id is not None else None
        when = Moment(meeting.starts_at, meeting.zone, "short") if meeting is not None else None
        return MaterialRow(row.id, row.part, row.kind, row.name, when)

    def material_list(self, listing_id: int, session_id: int = 0) -> tuple[MaterialRow, ...]:
        """All materials of a listing, or of one meeting."""
        session = self.lookup.session
        if session_id:
            meeting = self._meeting(session_id)
            found = material.of_session(session, meeting) if meeting is not None else ()
        else:
            found = material.of_listing(session, listing_id) if self._listing(listing_id) is not None else ()
        return tuple(self._material(row) for row in found)

    def questions(self, session_id: int) -> tuple[QuestionRow, ...]:
        """What people want to ask at a meeting."""
        session, meeting = self.lookup.session, self._meeting(session_id)
        if meeting is None:
            return ()
        placed = session.execute(select(Booking.person_id, Booking.number).where(*placed_at(meeting)))
        numbers = {row[0]: row[1] for row in placed}
        return tuple(
            QuestionRow(
                row.id,
                session.get_one(Person, row.person_id).called,
                row.text,
                row.attachment_id,
                numbers.get(row.person_id, 0),
            )
            for row in lesson_question.of_session(session, meeting)
        )

    def shows(self, session_id: int) -> bool:
        """True for a meeting of a club."""
        meeting = self._meeting(session_id)
        return meeting is not None and makes(self.lookup.session, meeting.listing_id)

    def care_needed(self, session_id: int) -> int:
        """How many need child care."""
        meeting = self._meeting(session_id)
        if meeting is None:
            return 0
        wanted = select(func.count()).select_from(Booking).where(*placed_at(meeting), Booking.care)
        return self.lookup.session.scalar(wanted) or 0

    # ------------------------------------------------------------ afterwards

    def opinions(self, listing_id: int) -> Opinions:
        """How a listing was liked."""
        session = self.lookup.session
        if self._listing(listing_id) is None:
            return Opinions()
        return Opinions(feedback.counts(session, listing_id), tuple(feedback.words_of(session, listing_id)))

    def register(self, listing_id: int) -> tuple[CertificateRow, ...]:
        """All certificates ever issued for a listing."""
        session = self.lookup.session
        if self._listing(listing_id) is None:
            return ()
        return tuple(
            CertificateRow(
                row.id,
                row.number,
                Words.of(row.title),
                session.get_one(Person, row.person_id).called if row.person_id is not None else "",
                row.name,
                row.revoked_reason,
                row.revoked_at is None,
            )
            for row in certificate.register(session, listing_id)
        )

    def missing(self) -> tuple[MissingRow, ...]:
        """Who was not there three times in a row, the newest first."""
        session = self.lookup.session
        return tuple(self._missing(row) for row in absences.open_for(session, self.lookup.now, self._organisations()))

    def _missing(self, row: absences.AbsenceNotice) -> MissingRow:
        session = self.lookup.session
        last = session.get_one(Meeting, row.last_session_id)
        number = session.scalars(
            select(Booking.number).where(*placed_at(last), Booking.person_id == row.person_id)
        ).first()
        return MissingRow(
            id=row.id,
            called=session.get_one(Person, row.person_id).called,
            number=number or 0,
            title=Words.of(session.get_one(Listing, row.listing_id).title),
            last=Moment(last.starts_at, last.zone, "short"),
            why=row.why,
        )
