"""Conversations about appointments with professionals."""

from conversations import offers as offers  # first: what is booked is listed there, and appointments among it
from conversations.appointments.appointment import appointment
from conversations.appointments.calendar import calendar
from conversations.appointments.mine import STANDING, visit_address
from conversations.appointments.service import new_service
from conversations.appointments.team import team
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (appointment, visit_address, calendar, new_service, team)
