"""Conversations about staff."""

from conversations.script import Conversation
from conversations.staff import broadcast, inbox, listings, new, sessions
from conversations.staff.desk import desk, invite, notes
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    desk,
    new.new,
    listings.listings,
    listings.listing,
    sessions.session,
    sessions.people,
    sessions.today,
    sessions.attendance,
    broadcast.broadcast,
    broadcast.sent,
    notes,
    invite,
    *inbox.CONVERSATIONS,
)
STANDING: tuple[StandingAction, ...] = (new.undo, *broadcast.STANDING, *inbox.STANDING)
