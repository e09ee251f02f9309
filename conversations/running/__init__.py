"""Conversations about what happens around a session, for staff and for who leads it."""

from conversations.running.buddies import buddies
from conversations.running.leading import around_one, join_leader, leading
from conversations.running.listing import around, missing, register
from conversations.running.materials import materials
from conversations.running.outing import outing
from conversations.running.roster import leaders, who_leads
from conversations.running.trip import trip
from conversations.script import Conversation

__all__ = ["CONVERSATIONS"]

CONVERSATIONS: tuple[Conversation, ...] = (
    leading,
    join_leader,
    around_one,
    who_leads,
    leaders,
    materials,
    around,
    register,
    missing,
    trip,
    outing,
    buddies,
)
