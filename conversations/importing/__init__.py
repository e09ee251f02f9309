"""Taking spreadsheets over."""

from conversations.importing.sheet import import_sheet, undo
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (import_sheet,)
STANDING: tuple[StandingAction, ...] = (undo,)
