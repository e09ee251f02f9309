"""News by topic: what to hear of regularly, switched on and off by one tap."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import Subscribe, Unsubscribe
from conversations.deeds.people import Agree
from conversations.people.words import NEWS
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell

TOPICS: Mapping[str, Text] = {
    "week": _("🗓 What is on this week"),
    "town": _("📍 New in my town"),
    "jobs": _("💼 Jobs and trainings"),
    "grants": _("💶 Grants"),
    "workshops": _("🎓 Workshops"),
    "news": _("📰 “Get informed” news"),
    "tv": _("📺 Programmes on TV"),
}


def _choices(here: Here) -> Mapping[str, Text]:
    mine = here.facts.campaigns.subscribed()
    marked = {key: _("✅ {topic}").of(topic=name) if key in mine else name for key, name in TOPICS.items()}
    return {**marked, "done": _("Done")}


def _name(here: Here) -> Text:
    return TOPICS[here["topic"]]


def _has(here: Here) -> bool:
    return here["topic"] in here.facts.campaigns.subscribed()


topics = Conversation(
    name="topics",
    title=_("News"),
    wishes=("news",),
    command="news",
    about=_("what to hear of, and what not"),
    steps=(
        Choose(
            name="topic",
            question=_("What shall I write about? A tap switches it on or off. ✅ is on."),
            choices=_choices,
            page=8,
            goto={"done": "end"},
        ),
        Do(
            name="off",
            does=Unsubscribe,
            deed=lambda here: Unsubscribe(here["topic"]),
            when=_has,
            otherwise="is_off",
        ),
        Do(
            name="on",
            does=Subscribe,
            deed=lambda here: Subscribe(here["topic"]),
            goto={"subscribed": "is_on", "agree": "agree", "guardian": "guardian", "stopped": "stopped"},
        ),
        Tell(
            name="is_off",
            text=lambda here: _("🔕 Off: {topic}").of(topic=_name(here)),
            otherwise=Open("topics", instead=True),
        ),
        Tell(
            name="is_on",
            text=lambda here: _("🔔 On: {topic}").of(topic=_name(here)),
            otherwise=Open("topics", instead=True),
        ),
        Confirm(name="agree", question=NEWS, goto={"no": "end"}),
        Do(
            name="agreed",
            does=Agree,
            deed=lambda here: Agree("messages"),
            goto={"agreed": "on", "guardian": "guardian"},
        ),
        End(name="guardian", text=_("A parent or guardian decides this: they find it under “My children”.")),
        End(name="stopped", text=_("Messages are switched off. Write “start” to switch them on, then come back here.")),
        End(name="end", text=_("All right.")),
    ),
)

unsubscribe = Conversation(
    name="unsubscribe",
    title=_("News"),
    steps=(
        Do(
            name="off",
            does=Unsubscribe,
            deed=lambda here: Unsubscribe(str(here["topic"])),
            goto={"ended": "ended", "none": "none"},
        ),
        End(
            name="ended",
            text=lambda here: _("🔕 Done: nothing more about “{topic}”. It can be switched on again in “News”.").of(
                topic=TOPICS[here["topic"]]
            ),
        ),
        End(name="none", text=_("That was switched off already.")),
    ),
)
