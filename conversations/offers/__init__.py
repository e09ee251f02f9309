"""Conversations about offers."""

from conversations.offers.away import away
from conversations.offers.bookings import bookings
from conversations.offers.find import find
from conversations.offers.offer import offer
from conversations.offers.standing import STANDING
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (find, offer, bookings, away)
