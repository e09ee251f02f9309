"""What people, guardians and staff say and tap about trips, places to clean and buddies."""

from conversations.outings.report import cleaned, report_place
from conversations.outings.standing import STANDING
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (report_place, cleaned)
