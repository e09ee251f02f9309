"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.help import callme as calling
from conversations.help import quiet
from conversations.help.answers import answers
from conversations.help.callme import callme
from conversations.help.emergency import all_well, misunderstood, safety
from conversations.help.events import event, events
from conversations.help.hotlines import hotlines
from conversations.help.place import place
from conversations.help.talk import talk
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    talk,
    answers,
    safety,
    misunderstood,
    all_well,
    hotlines,
    place,
    events,
    event,
    callme,
    *quiet.CONVERSATIONS,
)
STANDING: tuple[StandingAction, ...] = (
    *calling.STANDING,
    StandingAction(name="write_back", opens="talk"),
    StandingAction(name="hotlines", opens="hotlines"),
    StandingAction(name="quiet_news", opens="quiet_news"),
)
