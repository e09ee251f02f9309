"""Asking guardians for their yes to one trip, whenever somebody under 18 gets a place on it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.doing import Doing
from bot.language.tongue import tongue
from bot.offering.describing import about_booking, name_for, place_of
from bot.telling import best_address
from conversations.offers.words import what_when_where
from conversations.outings import words
from conversations.speech import Moment, Say, Text, Words, lines
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings import trip
from models.places.booking import Booking
from models.who import person as people
from models.who.consent import wording_of
from models.who.people import Person


def card(doing: Doing, booking: Booking, reader: int) -> Text:
    """What a guardian is asked to agree to."""
    meeting = doing.session.get_one(Meeting, booking.session_id)
    listing = doing.session.get_one(Listing, meeting.listing_id)
    return words.ask(
        about_booking(doing.session, doing.now, booking),
        name_for(doing.session, booking.person_id, reader),
        Words.of(listing.meeting_point),
        Moment(meeting.ends_at, meeting.zone),
        Words.of(listing.bring),
    )


def wording(doing: Doing, booking: Booking, guardian: Person) -> int:
    """The words a guardian agreed to, in their language: what, when, where, without any name."""
    meeting = doing.session.get_one(Meeting, booking.session_id)
    listing = doing.session.get_one(Listing, meeting.listing_id)
    text = lines(
        what_when_where(
            Words.of(listing.title),
            Moment(meeting.starts_at, meeting.zone),
            place_of(doing.session, listing, meeting),
        ),
        words.point_line(Words.of(listing.meeting_point)),
        words.back_line(Moment(meeting.ends_at, meeting.zone)),
        words.ON_PAPER,
    )
    return wording_of(doing.session, guardian.tag, tongue(guardian.tag).speak(text))


def reachable(doing: Doing, guardian_id: int) -> bool:
    """True for a guardian who can be written to: with a chat, and not stopped."""
    guardian = doing.session.get_one(Person, guardian_id)
    if guardian.stopped_at is not None:
        return False
    return best_address(doing.session, guardian_id, doing.now, doing.rules.tariffs) is not None


def family_by_chat(doing: Doing, person_id: int) -> bool:
    """True if a guardian of somebody can be written to."""
    return any(reachable(doing, one) for one in trip.guardians_of(doing.session, person_id))


def ask(doing: Doing, bookings: Sequence[Booking]) -> None:
    """Ask the guardians of everybody under 18 among these who has a place on a trip; once for each of its times."""
    for booking in bookings:
        row = trip.begin(doing.session, doing.now, booking)
        if row is not None:
            send(doing, booking, row)


def send(doing: Doing, booking: Booking, row: trip.TripAsk, *, again: bool = False) -> int:
    """The question, to every guardian on their own chat. Returns how many it goes to."""
    meeting = doing.session.get_one(Meeting, booking.session_id)
    asked = 0
    for guardian_id in trip.guardians_of(doing.session, booking.person_id):
        if not reachable(doing, guardian_id):
            continue
        about = card(doing, booking, guardian_id)
        text = lines(words.remind(about) if again else about, words.question(Moment(row.until, meeting.zone)))
        buttons = (
            doing.button(guardian_id, words.YES, "trip_yes", {"booking": booking.id, "sequence": row.sequence}),
            doing.button(guardian_id, words.NO, "trip_no", {"booking": booking.id}),
        )
        say = Say(text, buttons)
        told = doing.tell(guardian_id, say, "offer", expires_at=row.until, listing_id=meeting.listing_id)
        if told is None:  # by the morning it would be too late
            told = doing.tell(
                guardian_id, say, "offer", expires_at=row.until, urgent=True, listing_id=meeting.listing_id
            )
        asked += told is not None
    return asked


def agree_now(doing: Doing, bookings: Sequence[Booking]) -> None:
    """Who books for a child of theirs has said yes to the trip in the same talk."""
    guardian = doing.session.get_one(Person, doing.person_id)
    for booking in bookings:
        if not trip.lacks_consent(doing.session, booking):
            continue
        if people.speaks_for(doing.session, doing.person_id, booking.person_id) is None:
            continue
        given = trip.agree(
            doing.session,
            doing.now,
            booking,
            guardian_id=guardian.id,
            wording_id=wording(doing, booking, guardian),
            channel=doing.channel,
        )
        if given == "given":
            doing.audit("trip agreed", f"booking:{booking.id}", person=booking.person_id)
