"""Settings, and correcting what is known: name, age group, place, interests."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import Agree, SetBand, SetCalled, SetInterests, SetTown, StartMessages
from conversations.people.words import BANDS, NEWS, band_of, clean_name, subjects, towns
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here, Open, Write

USED = 5
"""How many ways are on the first page: the ones that people use. The others are behind "More"."""


def _choices(here: Here) -> Mapping[str, Text]:
    """What people use comes first; each is found by its words wherever it stands."""
    helper, adult = "helper" in here.facts.me.roles, here.facts.me.band == "18+"
    every = {
        "families": _("👪 My families"),
        "language": _("🌐 Language"),
        "mydata": _("🔒 My data"),
        "children": _("👪 My children"),
        "correct": _("📍 Town, interests, name"),
        "chat": _("📱 Another phone or app"),
        "stop": _("🔕 Stop messages"),
        "start": _("🔔 Start messages again"),
        "safeword": _("🌂 Secret word"),
        "topics": _("📣 News by topic"),
        "questions": _("❓ Questions to me"),
        "acting": _("🤝 Who acts for me"),
    }
    switch = "start" if here.facts.me.stopped else "stop"
    if helper:
        first = ["families", "language", "mydata", "chat", switch]
    else:
        first = ["language", "mydata", "children" if adult else "correct", "chat", switch]
    hidden = {"start", "stop", "families", *first}
    if not adult:
        hidden.add("children")
    if not here.facts.people.acting_for_me():
        hidden.add("acting")
    return {key: every[key] for key in (*first, *(key for key in every if key not in hidden))}


settings = Conversation(
    name="settings",
    title=_("Settings"),
    word="settings",
    command="settings",
    about=_("language, my data, stop"),
    steps=(
        Choose(
            name="what",
            question=_("What shall we change?"),
            choices=_choices,
            page=USED,
            goto={
                "language": Open("language"),
                "mydata": Open("mydata"),
                "correct": Open("correct"),
                "children": Open("children"),
                "chat": Open("chats"),
                "safeword": Open("safeword"),
                "acting": Open("acting"),
                "families": Open("families"),
                "stop": Open("stop"),
                "topics": Open("topics"),
                "questions": Open("no_questions"),
                "start": Open("start"),
            },
        ),
        End(name="end"),
    ),
)


def _correctable(here: Here) -> Mapping[str, Text]:
    choices = {
        "town": _("📍 Town"),
        "interests": _("⭐ Interests"),
        "called": _("🙂 Name"),
        "band": _("🎂 Age group"),
        "news": _("📣 News"),
    }
    return {**choices, "works": _("🏛 Where I work")} if here.facts.conditions.institution() else choices


correct = Conversation(
    name="correct",
    title=_("Correcting my data"),
    steps=(
        Choose(
            name="what",
            question=_("What shall we correct?"),
            choices=_correctable,
            goto={
                "town": "town",
                "interests": "interests",
                "called": "called",
                "band": "band",
                "news": "news",
                "works": Open("works"),
            },
        ),
        Choose(
            name="town",
            question=_("Which town or village is closest? Tap it, or write its name."),
            choices=towns,
            skip=_("No town"),
        ),
        Do(
            name="placed",
            does=SetTown,
            deed=lambda here: SetTown(here.get("town")),
            goto={"set": "end", "person": "team"},
        ),
        ChooseMany(
            name="interests",
            question=_("What sounds interesting? Tap as many as you like, or just “Done”."),
            choices=subjects,
        ),
        Do(
            name="noted",
            does=SetInterests,
            deed=lambda here: SetInterests(tuple(here.get("interests") or ())),
            otherwise="end",
        ),
        Write(
            name="called",
            question=_("What name shall we use? A first name or a nickname is enough."),
            check=clean_name,
            skip=_("No name"),
        ),
        Do(name="named", does=SetCalled, deed=lambda here: SetCalled(here.get("called") or ""), otherwise="end"),
        Choose(name="band", question=_("How old are you?"), choices=BANDS),
        Do(
            name="aged",
            does=SetBand,
            deed=lambda here: SetBand(band_of(here["band"])),
            goto={"set": "end", "person": "team"},
        ),
        Confirm(name="news", question=NEWS, goto={"yes": "agreed", "no": "how"}),
        Do(
            name="agreed", does=Agree, deed=lambda here: Agree("messages"), goto={"agreed": "end", "guardian": "parent"}
        ),
        End(name="how", text=_("All right. To take back an earlier yes: “my data”, then “Take back a yes”.")),
        End(name="parent", text=_("A parent or guardian decides this: they find it under “My children”.")),
        End(name="team", text=_("Our team changes this by hand. Write “person”, and somebody will answer.")),
        End(name="end", text=_("Done, it is saved.")),
    ),
)

start = Conversation(
    name="start",
    title=_("Messages"),
    word="start",
    steps=(
        Confirm(
            name="again",
            question=_("Messages are switched off. Start them again?"),
            goto={"no": "off"},
            when=lambda here: here.facts.me.stopped,
        ),
        Do(
            name="started",
            does=StartMessages,
            deed=lambda here: StartMessages(),
            goto={"started": "on"},
            when=lambda here: here.facts.me.stopped,
        ),
        End(name="end"),
        End(name="on", text=_("Done: messages come again. “stop” works at any time.")),
        End(name="off", text=_("All right, they stay off.")),
    ),
)
