"""Reminders of bookings, composed when they are due: for everybody that the recipient is reminded of at once."""

from __future__ import annotations

from sqlalchemy import select

from bot.doing import Doing
from bot.offering.describing import name_for, place_of
from bot.reminding.composing import Composed, Missed
from conversations.around.words import MATERIALS_BEFORE
from conversations.offers import words
from conversations.outings import words as outings
from conversations.speech import Moment, Say, Text, Words
from models.attending.attendance import state_of, states_at
from models.lessons import material
from models.messages.reminder import Reminder, reminded
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import is_series
from models.places.booking import Booking
from models.who.acting import speaks_for

UNSAID = ("cancelled", "missed")
"""States of reminders that say nothing."""


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """The reminder in words, or why it is not sent any more.

    Everything is said in absolute terms, so it is right also when it comes late, as long as the session
    has not begun. Several of one recipient about one session (brothers and sisters) become one message.
    """
    session = doing.session
    booking = session.get(Booking, reminder.about_id)
    meeting = session.get(Meeting, reminder.session_id) if booking else None
    if booking is None or meeting is None:
        return Missed("booking gone")
    listing = session.get_one(Listing, meeting.listing_id)
    if booking.state != "booked":
        return Missed("booking " + booking.state)
    if meeting.state != "planned" or listing.state == "cancelled":
        return Missed("session cancelled")
    if doing.now >= meeting.starts_at:
        return Missed("session over")
    if reminder.sequence != meeting.sequence:
        return Missed("session moved")
    if state_of(session, booking.id, meeting.id) == "excused":
        return Missed("excused")
    if reminder.recipient_id not in reminded(session, doing.now, booking):
        return Missed("not wanted any more")
    if _overtaken(doing, reminder):
        return Missed("a nearer one is due")
    together = _together(doing, reminder, meeting)
    if any(other.id < reminder.id for other, _booking in together):
        return Missed("said with another")
    bookings = [booking, *(one for other, one in together if other.state == "planned")]
    return Composed(_say(doing, reminder.recipient_id, bookings, listing, meeting), meeting.starts_at)


def _say(doing: Doing, recipient: int, bookings: list[Booking], listing: Listing, meeting: Meeting) -> Say:
    me = any(booking.person_id == recipient for booking in bookings)
    named = (name_for(doing.session, booking.person_id, recipient) for booking in bookings)
    children = tuple(name for name in named if name)
    answers = all(speaks_for(doing.session, recipient, booking.person_id, doing.now) for booking in bookings)
    known = states_at(doing.session, meeting.id)
    answered = not answers or all(known.get(booking.id) == "coming" for booking in bookings)
    text = words.reminder(
        Words.of(listing.title),
        Moment(meeting.starts_at, meeting.zone),
        place_of(doing.session, listing, meeting),
        Words.of(listing.bring),
        children,
        topic=Words.of(meeting.topic),
        me=me,
        answered=answered,
        exam=meeting.exam,
        meeting=_meeting(bookings, listing, meeting),
    )
    if not answers:  # a young person decides alone: the guardian is reminded, and has nothing to answer
        return Say(text)
    several = len(bookings) > 1
    buttons = []
    if not answered:
        about = {"bookings": [booking.id for booking in bookings], "session": meeting.id}
        label = words.OUR_COMING if several or not me else words.COMING
        buttons.append(doing.button(recipient, label, "coming", about))
    if several:
        buttons.append(doing.button(recipient, words.OUR_NOT_COMING, "see_bookings", {"off": True}))
    else:
        label = words.NOT_COMING if me else words.OUR_NOT_COMING
        this = {"booking": bookings[0].id, "session": meeting.id}
        away = "away" if is_series(doing.session, meeting) else "not_coming"
        buttons.append(doing.button(recipient, label, away, this))
    if material.of_session(doing.session, meeting, "before"):
        about_it = {"booking": bookings[0].id, "act": "materials"}
        buttons.append(doing.button(recipient, MATERIALS_BEFORE, "lesson", about_it))
    return Say(text, tuple(buttons))


def _meeting(bookings: list[Booking], listing: Listing, meeting: Meeting) -> tuple[Text | None, ...]:
    """Where people meet, what they said about tools, and when a trip is back."""
    said = {(one.tools, tuple(one.brings)) for one in bookings}
    return (
        outings.point_line(Words.of(listing.meeting_point)),
        outings.tools_line(*said.pop()) if len(said) == 1 else None,
        outings.back_line(Moment(meeting.ends_at, meeting.zone)) if listing.trip else None,
    )


def _overtaken(doing: Doing, reminder: Reminder) -> bool:
    """True if a reminder of the same booking that stands nearer to the session is due as well."""
    nearer = select(Reminder.id).where(
        Reminder.about == "booking",
        Reminder.about_id == reminder.about_id,
        Reminder.session_id == reminder.session_id,
        Reminder.recipient_id == reminder.recipient_id,
        Reminder.sequence == reminder.sequence,
        Reminder.before_minutes < reminder.before_minutes,
        Reminder.due_at <= doing.now,
        Reminder.state.not_in(UNSAID),
    )
    return doing.session.scalars(nearer.limit(1)).first() is not None


def _together(doing: Doing, reminder: Reminder, meeting: Meeting) -> list[tuple[Reminder, Booking]]:
    """Other reminders of the same recipient, about the same session, for the same time."""
    found = doing.session.execute(
        select(Reminder, Booking)
        .join(Booking, Booking.id == Reminder.about_id)
        .where(
            Reminder.about == "booking",
            Reminder.recipient_id == reminder.recipient_id,
            Reminder.due_at == reminder.due_at,
            Reminder.id != reminder.id,
            Reminder.state.not_in(UNSAID),
            Reminder.session_id == meeting.id,
            Booking.state == "booked",
        )
        .order_by(Reminder.id)
    )
    return [(row[0], row[1]) for row in found]
