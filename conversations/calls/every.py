"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.calls.call import call
from conversations.calls.interested import interested
from conversations.calls.listing import applications, calls
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (calls, call, applications, interested)
STANDING: tuple[StandingAction, ...] = (
    StandingAction(name="call", opens="call"),
    StandingAction(name="interested", opens="interested"),
)
