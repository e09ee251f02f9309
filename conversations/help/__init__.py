"""Conversations about help: talking to a person, answers and rights, numbers to call."""

from conversations.help.answers import answers
from conversations.help.emergency import misunderstood, safety
from conversations.help.hotlines import hotlines
from conversations.help.talk import talk
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (talk, answers, safety, misunderstood, hotlines)
STANDING: tuple[StandingAction, ...] = (
    StandingAction(name="write_back", opens="talk"),
    StandingAction(name="hotlines", opens="hotlines"),
)
