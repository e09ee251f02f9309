"""Stop, in every state: stop messages, delete everything, or no change. And the deleting itself."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import EraseMe, StartMessages, StopMessages
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.steps import Choose, Confirm, Do, End, Here, Open


def _choices(here: Here) -> Mapping[str, Text]:
    on, off = {"stop": _("🔕 Stop messages")}, {"start": _("🔔 Start messages again")}
    switch = off if here.facts.me.stopped else on
    return {**switch, "erase": _("🗑 Delete everything"), "nothing": _("No change")}


def _question(here: Here) -> Text:
    if here.facts.me.stopped:
        return _("Messages are switched off. What now?")
    return _("What shall stop?")


stop = Conversation(
    name="stop",
    title=_("Stop"),
    word="stop",
    command="stop",
    about=_("stop messages or delete everything"),
    open_to_all=True,
    steps=(
        Choose(
            name="what",
            question=_question,
            choices=_choices,
            goto={"stop": "stopped", "start": "started", "erase": Open("erase"), "nothing": "nothing"},
        ),
        Do(name="stopped", does=StopMessages, deed=lambda here: StopMessages(), goto={"stopped": "off"}),
        Do(name="started", does=StartMessages, deed=lambda here: StartMessages(), goto={"started": "on"}),
        End(
            name="off",
            text=_("Done: no reminders and no news any more. Bookings stay. Write “start” to get messages again."),
        ),
        End(name="on", text=_("Done: messages come again. “stop” works at any time.")),
        End(name="nothing", text=_("All right, nothing has changed.")),
    ),
)

erase = Conversation(
    name="erase",
    title=_("Deleting everything"),
    open_to_all=True,
    steps=(
        Confirm(
            name="sure",
            question=_(
                "Delete everything? Bookings, messages and answers go too, and booked places are given to others."
            ),
            yes=_("Yes, delete"),
            no=_("No, keep"),
            goto={"no": "kept"},
        ),
        Confirm(
            name="really",
            question=_("Really? This cannot be undone."),
            yes=_("Delete everything now"),
            no=_("No, keep"),
            goto={"no": "kept"},
        ),
        Do(name="erased", does=EraseMe, deed=lambda here: EraseMe()),
        End(
            name="gone",
            text=_(
                "Everything is deleted. This chat can be deleted in the app too. All the best! Anyone may come back."
            ),
        ),
        End(name="kept", text=_("All right, everything stays.")),
    ),
)
