"""Performing the deeds of staff about sessions: move, cancel, mark attendance. Everybody concerned is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.people.staff_rights import listing_for, marked_by, session_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.tongue import tongue
from bot.offering import places
from bot.offering.describing import name_for, place_of
from bot.offering.instead import cannot_then, other_times
from bot.offering.units import next_unit
from bot.times.calendar_file import entries_file
from conversations.deeds.staff import CancelMeetings, CancelSession, MarkAttendance, MoveSession
from conversations.offers.notices import unit_cancelled
from conversations.speech import Document, Done, Moment, Say, Words
from conversations.staff import notices
from models.attending import attendance
from models.lessons import exam
from models.offers import listing_changes, series_changes
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import SERIES, first_of, joins_until
from models.places.booking import Booking
from models.who.people import Person

REFUSED = Done("refused")


def move(doing: Doing, deed: MoveSession) -> Done:
    """Move a session: everybody with a place or in the line is told once, and reminders are planned anew."""
    found = session_for(doing, deed.session_id)
    if found is None:
        return REFUSED
    meeting, listing = found
    if meeting.slot:  # a slot is a time of its own: whoever sits there takes another
        return Done("late")
    before = listing_changes.move_session(
        doing.session, doing.now, deed.session_id, datetime.fromisoformat(deed.starts_at)
    )
    if before is None:
        return Done("late")
    places.replan(doing, deed.session_id)
    kept = first_of(doing.session, meeting)
    told: set[int] = set()
    for booking in series_changes.alive(doing.session, kept.id):
        if booking.state == "offered" and booking.offer_until is not None:
            booking.offer_until = min(booking.offer_until, joins_until(doing.session, kept))
        for person_id in places.those_concerned(doing.session, doing.now, booking):
            say = notices.session_moved(
                Words.of(listing.title),
                Moment(meeting.starts_at, meeting.zone),
                Moment(before, meeting.zone),
                place_of(doing.session, listing, meeting),
                name_for(doing.session, booking.person_id, person_id),
                waiting=booking.state == "waiting",
                held=Moment(booking.offer_until, meeting.zone)
                if booking.state == "offered" and booking.offer_until is not None
                else None,
                calendar=_calendar(doing, listing, meeting, booking, person_id),
                buttons=cannot_then(doing, booking, meeting, person_id),
            )
            until = max(before, meeting.starts_at)
            if doing.tell(person_id, say, "reminder", expires_at=until, listing_id=listing.id) is not None:
                told.add(person_id)
    doing.audit("session.moved", f"session:{deed.session_id}", told=len(told), before=before.isoformat())
    return Done("moved", {"told": len(told)})


def cancel(doing: Doing, deed: CancelSession) -> Done:
    """Cancel a session: everybody is told once; `urgent` also at night, which is recorded with its reason."""
    found = session_for(doing, deed.session_id)
    if found is None:
        return REFUSED
    told = _call_off(doing, *found, reason=deed.reason, urgent=deed.urgent)
    return Done("late") if told is None else Done("cancelled", {"told": len(told)})


def cancel_all(doing: Doing, deed: CancelMeetings) -> Done:
    """Cancel every session of a listing that has not begun. In a series one enrolment counts for all: CancelSeries."""
    listing = listing_for(doing, deed.listing_id)
    if listing is None or listing.enrols == SERIES:
        return REFUSED
    wanted = select(Meeting).where(
        Meeting.listing_id == listing.id, Meeting.state == "planned", Meeting.starts_at > doing.now
    )
    found = doing.session.scalars(wanted.order_by(Meeting.id)).all()
    ended = [_call_off(doing, meeting, listing, reason=deed.reason, urgent=deed.urgent) for meeting in found]
    called_off = [told for told in ended if told is not None]
    return Done("cancelled", {"told": len(set().union(*called_off))}) if called_off else Done("late")


def _call_off(doing: Doing, meeting: Meeting, listing: Listing, *, reason: str, urgent: bool) -> set[int] | None:
    """End a session with its bookings and tell everybody. Those who are told; None where it has begun."""
    ended = listing_changes.cancel_session(doing.session, doing.now, meeting.id)
    if ended is None:
        return None
    told: set[int] = set()
    for booking in ended:
        for person_id in places.those_concerned(doing.session, doing.now, booking):
            say = _cancelled(doing, listing, meeting, booking, person_id, reason)
            until = meeting.starts_at
            written = doing.tell(person_id, say, "reminder", expires_at=until, urgent=urgent, listing_id=listing.id)
            if written is not None:
                told.add(person_id)
    doing.audit(
        "session.cancelled",
        f"session:{meeting.id}",
        told=len(told),
        **({"urgent": "cancelled soon before it begins"} if urgent else {}),
    )
    return told


def _cancelled(doing: Doing, listing: Listing, meeting: Meeting, booking: Booking, reader_id: int, reason: str) -> Say:
    """What one reader is told: the booking has ended with the meeting or, in a series, stays for the other units."""
    title, when = Words.of(listing.title), Moment(meeting.starts_at, meeting.zone)
    child = name_for(doing.session, booking.person_id, reader_id)
    calendar = _calendar(doing, listing, meeting, booking, reader_id, cancelled=True)
    if booking.state == "cancelled":
        buttons = other_times(doing, booking, listing, reader_id)
        return notices.session_cancelled(title, when, reason, child, calendar, buttons)
    following = next_unit(doing.session, doing.now, doing.session.get_one(Meeting, booking.session_id))
    to_come = Moment(following.starts_at, following.zone) if following.starts_at > doing.now else None
    return unit_cancelled(title, when, notices.REASONS.get(reason, reason), child, to_come, calendar)


def _calendar(
    doing: Doing, listing: Listing, meeting: Meeting, booking: Booking, reader_id: int, *, cancelled: bool = False
) -> Document | None:
    """The entry that takes the place of the one they have; whoever has no place yet has none."""
    if booking.state in ("waiting", "offered"):
        return None
    voice = tongue(_tag(doing.session, reader_id))
    return entries_file(doing.session, doing.now, booking.number, listing, [meeting], voice, cancelled=cancelled)


def _tag(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).tag


def mark(doing: Doing, deed: MarkAttendance) -> Done:
    """Mark attendance, or take it back. Who has a result of an exam was there, until that is taken back."""
    if marked_by(doing, deed.session_id) is None:
        return REFUSED
    if deed.state != "present" and exam.has_result(doing.session, deed.booking_id, deed.session_id):
        return Done("result")
    marked = attendance.mark(
        doing.session,
        doing.now,
        booking_id=deed.booking_id,
        session_id=deed.session_id,
        state=deed.state,
        by_id=doing.person_id,
    )
    if not marked:
        return REFUSED
    doing.audit("attendance.marked", f"booking:{deed.booking_id}", session=deed.session_id, state=deed.state)
    return Done("marked")


PERFORM: Performers = {MoveSession: move, CancelSession: cancel, CancelMeetings: cancel_all, MarkAttendance: mark}
