"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.offers.away import away
from conversations.offers.booking.offer import offer
from conversations.offers.bookings import bookings
from conversations.offers.bringing import what_to_bring
from conversations.offers.cancelling import cancelling, not_coming
from conversations.offers.find import find
from conversations.offers.late import late, telling_late
from conversations.offers.standing import STANDING
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (
    find,
    offer,
    bookings,
    what_to_bring,
    not_coming,
    cancelling,
    away,
    late,
    telling_late,
)
