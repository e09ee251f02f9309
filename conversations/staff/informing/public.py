"""What is for everybody: the answer book, announcements, the places, and how far all of it reaches."""

from __future__ import annotations

from conversations.script import Conversation
from conversations.speech import _
from conversations.steps import Choose, End, Open

public = Conversation(
    name="public",
    title=_("For everybody"),
    role="staff",
    steps=(
        Choose(
            name="where",
            question=_("What is for everybody, also without signing up:"),
            choices={
                "book": _("📖 The answer book"),
                "announce": _("📺 Announce something"),
                "announced": _("📜 What we have announced"),
                "sites": _("🕗 Hours, closed today"),
                "reach": _("📈 How far it reached"),
                "done": _("All right"),
            },
            goto={
                "book": Open("book"),
                "announce": Open("announce"),
                "announced": Open("announced"),
                "sites": Open("sites"),
                "reach": Open("reach"),
                "done": "end",
            },
        ),
        End(name="end", text=_("All right.")),
    ),
)
