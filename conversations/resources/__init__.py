"""Conversations about resources: seats by the slot, papers to be printed, and the staff side of both."""

from conversations.resources import printing
from conversations.resources.new_resource import new_resource
from conversations.resources.prints import prints
from conversations.resources.seat import resource
from conversations.resources.seats import seats
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (resource, printing.printing, seats, prints, new_resource)
STANDING: tuple[StandingAction, ...] = (*printing.STANDING, StandingAction(name="see_resource", opens="resource"))
