"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.running.buddies import buddies
from conversations.running.exam import exam_results
from conversations.running.leading import around_one, join_leader, leading
from conversations.running.learning import learning
from conversations.running.listing import around, missing, opinions, register
from conversations.running.log import log, write_log
from conversations.running.materials import materials
from conversations.running.outing import outing
from conversations.running.roster import leaders, who_leads
from conversations.running.terms import terms
from conversations.running.trip import trip
from conversations.script import Conversation

CONVERSATIONS: tuple[Conversation, ...] = (
    leading,
    join_leader,
    around_one,
    who_leads,
    leaders,
    materials,
    around,
    opinions,
    register,
    missing,
    trip,
    outing,
    buddies,
    learning,
    exam_results,
    terms,
    log,
    write_log,
)
