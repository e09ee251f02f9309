"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.resources import printing
from conversations.resources.new_resource import new_resource
from conversations.resources.prints import prints
from conversations.resources.seat import resource
from conversations.resources.seats import seats
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (resource, printing.printing, seats, prints, new_resource)
STANDING: tuple[StandingAction, ...] = (*printing.STANDING, StandingAction(name="see_resource", opens="resource"))
