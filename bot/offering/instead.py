"""What can be done by whoever's meeting moved or was called off: say that they cannot come then, or look at others."""

from __future__ import annotations

from sqlalchemy import select

from bot.doing import Doing
from conversations.blocks import AT_ANY_TIME, GOES_ON
from conversations.offers import words
from conversations.speech import Button
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import is_series
from models.places.booking import Booking
from models.who.acting import speaks_for


def cannot_then(doing: Doing, booking: Booking, meeting: Meeting, reader_id: int) -> tuple[Button, ...]:
    """Under a new time: the place is given back with one tap, in a series the one meeting is excused.

    Whoever is offered a place still takes it or leaves it.
    """
    if booking.state == "waiting" or not speaks_for(doing.session, reader_id, booking.person_id, doing.now):
        return ()
    if booking.state == "offered":
        answers = ((words.TAKE_IT, "accept_place"), (words.LEAVE_IT, "decline_place"))
        return tuple(doing.button(reader_id, label, name, {"booking": booking.id}) for label, name in answers)
    label = words.NOT_COMING if reader_id == booking.person_id else words.OUR_NOT_COMING
    name = "away" if is_series(doing.session, meeting) else "not_coming"
    return (doing.button(reader_id, label, name, {"booking": booking.id, "session": meeting.id}),)


def other_times(doing: Doing, booking: Booking, listing: Listing, reader_id: int) -> tuple[Button, ...]:
    """Under what was called off: the other dates, where there are any that this reader may book."""
    if listing.state != "open" or not speaks_for(doing.session, reader_id, booking.person_id, doing.now):
        return ()
    to_come = select(Meeting.id).where(
        Meeting.listing_id == listing.id,
        Meeting.state == "planned",
        Meeting.first_id.is_(None),
        Meeting.starts_at > doing.now,
    )
    if listing.block not in AT_ANY_TIME and doing.session.scalars(to_come.limit(1)).first() is None:
        return ()
    return (doing.button(reader_id, words.LOOK_AGAIN, GOES_ON[listing.block], {"listing": listing.id}),)
