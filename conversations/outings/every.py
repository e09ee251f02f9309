"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.outings.report import cleaned, report_place
from conversations.outings.standing import STANDING
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (report_place, cleaned)
