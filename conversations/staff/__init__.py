"""Conversations about staff."""

from conversations.script import Conversation
from conversations.staff import broadcast, inbox, listings, new, sessions
from conversations.staff.desk import desk, hear_no_more, invite, notes
from conversations.staff.helpers import helpers
from conversations.staff.paper import paper
from conversations.staff.posters import poster
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    desk,
    new.new,
    listings.listings,
    listings.listing,
    poster,
    sessions.session,
    sessions.people,
    sessions.today,
    sessions.attendance,
    broadcast.broadcast,
    broadcast.sent,
    notes,
    paper,
    helpers,
    invite,
    *inbox.CONVERSATIONS,
)
STANDING: tuple[StandingAction, ...] = (
    new.undo,
    *broadcast.STANDING,
    *inbox.STANDING,
    hear_no_more,
    sessions.see_people,
)
