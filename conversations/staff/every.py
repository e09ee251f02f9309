"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.script import Conversation
from conversations.staff.deciding import conditions
from conversations.staff.deciding.quotas import quotas
from conversations.staff.deciding.who_may import who_may
from conversations.staff.desk import desk, hear_no_more, invite, notes
from conversations.staff.families.helpers import helpers
from conversations.staff.families.paper import paper
from conversations.staff.families.two import two
from conversations.staff.informing import announcing, answers, closing
from conversations.staff.informing.public import public
from conversations.staff.informing.reaching import reach
from conversations.staff.meetings import attendance, sessions
from conversations.staff.meetings.add_session import add_session
from conversations.staff.meetings.head_count import count_heads
from conversations.staff.meetings.line import line
from conversations.staff.publishing import listings, new
from conversations.staff.publishing.breaks import breaks
from conversations.staff.publishing.course import course
from conversations.staff.publishing.posters import poster
from conversations.staff.team import cases, inbox
from conversations.staff.writing import broadcast, sent
from conversations.staff.writing.members import invite_members
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    desk,
    new.new,
    listings.listings,
    listings.listing,
    course,
    poster,
    sessions.session,
    attendance.people,
    attendance.today,
    attendance.attendance,
    broadcast.broadcast,
    invite_members,
    sent.sent,
    notes,
    paper,
    helpers,
    two,
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
    attendance.see_people,
    StandingAction(name="breaks", opens="breaks"),
)
