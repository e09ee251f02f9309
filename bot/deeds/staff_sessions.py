"""Performing the deeds of staff about sessions: move, cancel, mark attendance. Everybody concerned is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import places
from bot.calendar_file import calendar_file
from bot.deeds.performing import Performers
from bot.deeds.staff_rights import booking_for, session_for
from bot.describing import name_for, place_of
from bot.doing import Doing
from bot.language.tongue import tongue
from conversations.deeds.staff import CancelSession, MarkAttendance, MoveSession
from conversations.speech import Document, Done, Moment, Words
from conversations.staff import notices
from models import listing_changes
from models.booking import ACTIVE, Booking
from models.listing import Listing
from models.listing import Session as Meeting
from models.people import Person

REFUSED = Done("refused")


def move(doing: Doing, deed: MoveSession) -> Done:
    """Move a session: everybody with a place or in the line is told once, and reminders are planned anew."""
    found = session_for(doing, deed.session_id)
    if found is None:
        return REFUSED
    meeting, listing = found
    before = listing_changes.move_session(
        doing.session, doing.now, deed.session_id, datetime.fromisoformat(deed.starts_at)
    )
    if before is None:
        return Done("late")
    places.replan(doing, deed.session_id)
    booked = doing.session.scalars(
        select(Booking).where(Booking.session_id == deed.session_id, Booking.state.in_(ACTIVE)).order_by(Booking.id)
    ).all()
    told: set[int] = set()
    for booking in booked:
        if booking.state == "offered" and booking.offer_until is not None:
            booking.offer_until = min(booking.offer_until, meeting.starts_at)
        for person_id in places.those_concerned(doing.session, doing.now, booking):
            say = notices.session_moved(
                Words.of(listing.title),
                Moment(meeting.starts_at, meeting.zone),
                Moment(before, meeting.zone),
                place_of(doing.session, listing, meeting),
                name_for(doing.session, booking.person_id, person_id),
                waiting=booking.state != "booked",
                calendar=_calendar(doing, listing, meeting, booking, person_id),
            )
            if doing.tell(person_id, say, "reminder", expires_at=max(before, meeting.starts_at)) is not None:
                told.add(person_id)
    doing.audit("session.moved", f"session:{deed.session_id}", told=len(told), before=before.isoformat())
    return Done("moved", {"told": len(told)})


def cancel(doing: Doing, deed: CancelSession) -> Done:
    """Cancel a session: everybody is told once; `urgent` also at night, which is recorded with its reason."""
    found = session_for(doing, deed.session_id)
    if found is None:
        return REFUSED
    meeting, listing = found
    ended = listing_changes.cancel_session(doing.session, doing.now, deed.session_id)
    if ended is None:
        return Done("late")
    told: set[int] = set()
    for booking in ended:
        for person_id in places.those_concerned(doing.session, doing.now, booking):
            say = notices.session_cancelled(
                Words.of(listing.title),
                Moment(meeting.starts_at, meeting.zone),
                deed.reason,
                name_for(doing.session, booking.person_id, person_id),
                _calendar(doing, listing, meeting, booking, person_id, cancelled=True),
            )
            written = doing.tell(person_id, say, "reminder", expires_at=meeting.starts_at, urgent=deed.urgent)
            if written is not None:
                told.add(person_id)
    doing.audit(
        "session.cancelled",
        f"session:{deed.session_id}",
        told=len(told),
        **({"urgent": "cancelled soon before it begins"} if deed.urgent else {}),
    )
    return Done("cancelled", {"told": len(told)})


def _calendar(
    doing: Doing, listing: Listing, meeting: Meeting, booking: Booking, reader_id: int, *, cancelled: bool = False
) -> Document | None:
    """The entry that takes the place of the one they have; whoever waits has none."""
    if booking.state == "waiting":
        return None
    voice = tongue(_tag(doing.session, reader_id))
    return calendar_file(
        number=booking.number,
        now=doing.now,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        sequence=meeting.sequence,
        summary=voice.words(Words.of(listing.title)),
        location=voice.words(place_of(doing.session, listing, meeting)),
        cancelled=cancelled,
    )


def _tag(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).tag


def mark(doing: Doing, deed: MarkAttendance) -> Done:
    """Mark attendance, or take it back."""
    if booking_for(doing, deed.booking_id) is None:
        return REFUSED
    if not listing_changes.mark(doing.session, doing.now, deed.booking_id, deed.state):
        return REFUSED
    doing.audit("attendance.marked", f"booking:{deed.booking_id}", state=deed.state)
    return Done("marked")


PERFORM: Performers = {MoveSession: move, CancelSession: cancel, MarkAttendance: mark}
