"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.around.afterwards import STANDING, feedback_words
from conversations.around.earlier import certificate, earlier
from conversations.around.lesson import lesson
from conversations.around.occupations import occupations
from conversations.script import Conversation

__all__ = ["CONVERSATIONS", "STANDING"]

CONVERSATIONS: tuple[Conversation, ...] = (lesson, earlier, certificate, feedback_words, occupations)
