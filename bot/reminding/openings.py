"""Messages that bookings open, composed when they are due: by then the day may have moved."""

from __future__ import annotations

from bot.doing import Doing
from bot.reminding.composing import Composed, Missed
from conversations.offers.booking import condition_words as words
from conversations.offers.words import LOOK_AGAIN
from conversations.speech import Say, Words
from models.messages.reminder import Reminder
from models.offers.listing import Listing
from models.places.conditions import first_start


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """That a listing takes bookings from now on, or why that is not said."""
    listing = doing.session.get(Listing, reminder.about_id)
    if listing is None or listing.state != "open":
        return Missed("not on offer")
    if listing.opens_at is not None and listing.opens_at > doing.now:
        return Missed("it opens later")
    ends = listing.closes_at or first_start(doing.session, doing.now, listing.id)
    if ends is None or ends <= doing.now:
        return Missed("over")
    button = doing.button(reminder.recipient_id, LOOK_AGAIN, "see_offer", {"listing": listing.id})
    return Composed(Say(words.opened(Words.of(listing.title)), (button,)), ends)
