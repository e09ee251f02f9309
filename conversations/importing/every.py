"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.importing.sheet import import_sheet, undo
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (import_sheet,)
STANDING: tuple[StandingAction, ...] = (undo,)
