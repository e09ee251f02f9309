"""Conversations about staff."""

from conversations.script import Conversation
from conversations.staff import (
    announcing,
    answers,
    broadcast,
    cases,
    closing,
    conditions,
    inbox,
    listings,
    new,
    sessions,
)
from conversations.staff.add_session import add_session
from conversations.staff.breaks import breaks
from conversations.staff.course import course
from conversations.staff.desk import desk, hear_no_more, invite, notes
from conversations.staff.head_count import count_heads
from conversations.staff.helpers import helpers
from conversations.staff.line import line
from conversations.staff.paper import paper
from conversations.staff.posters import poster
from conversations.staff.public import public
from conversations.staff.quotas import quotas
from conversations.staff.reaching import reach
from conversations.staff.who_may import who_may
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    desk,
    new.new,
    listings.listings,
    listings.listing,
    course,
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
    conditions.conditions,
    quotas,
    who_may,
    count_heads,
    line,
    add_session,
    breaks,
    *inbox.CONVERSATIONS,
    *cases.CONVERSATIONS,
    *announcing.CONVERSATIONS,
    *answers.CONVERSATIONS,
    *closing.CONVERSATIONS,
    reach,
    public,
)
STANDING: tuple[StandingAction, ...] = (
    new.undo,
    *broadcast.STANDING,
    *inbox.STANDING,
    *cases.STANDING,
    *conditions.STANDING,
    *answers.STANDING,
    hear_no_more,
    sessions.see_people,
)
