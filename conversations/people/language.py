"""Language: changed at any time, in the middle of anything."""

from __future__ import annotations

from conversations.deeds.people import SetLanguage
from conversations.people.words import languages
from conversations.script import Conversation
from conversations.speech import _
from conversations.steps import Choose, Do, End

language = Conversation(
    name="language",
    title=_("Language"),
    word="language",
    command="language",
    about=_("choose a language"),
    open_to_all=True,
    steps=(
        Choose(name="which", question=_("Which language?"), choices=languages),
        Do(name="speak", does=SetLanguage, deed=lambda here: SetLanguage(here["which"])),
        End(name="end", text=_("Done. From now on it is English here.")),
    ),
)
