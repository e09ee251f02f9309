"""Settings, and correcting what is known: name, age group, place, interests."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import Agree, SetBand, SetCalled, SetInterests, SetTown, StartMessages
from conversations.people.words import BANDS, NEWS, band_of, clean_name, subjects, towns
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here, Open, Write


def _choices(here: Here) -> Mapping[str, Text]:
    choices = {
        "language": _("🌐 Language"),
        "mydata": _("🔒 My data"),
        "correct": _("📍 Town, interests, name"),
        "children": _("👪 My children"),
        "chat": _("📱 Another phone or app"),
        "safeword": _("🌂 Secret word"),
        "stop": _("🔕 Stop messages"),
        "topics": _("📣 News by topic"),
        "questions": _("❓ Questions to me"),
    }
    if here.facts.me.stopped:
        choices["start"] = _("🔔 Start messages again")
    if here.facts.me.band != "18+":
        del choices["children"]
    if here.facts.people.acting_for_me():
        choices["acting"] = _("🤝 Who acts for me")
    if "helper" in here.facts.me.roles:
        choices = {"families": _("👪 My families"), **choices}
    return choices


settings = Conversation(
    name="settings",
    title=_("Settings"),
    command="settings",
    about=_("language, my data, stop"),
    steps=(
        Choose(
            name="what",
            question=_("What shall we change?"),
            choices=_choices,
            page=9,
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
