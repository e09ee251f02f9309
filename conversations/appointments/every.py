"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.appointments.appointment import appointment
from conversations.appointments.calendar import calendar
from conversations.appointments.mine import STANDING, visit_address
from conversations.appointments.other_hours import other_hours
from conversations.appointments.service import new_service
from conversations.appointments.team import team
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (appointment, visit_address, calendar, other_hours, new_service, team)
