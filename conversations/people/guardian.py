"""A guardian confirms: who asks, what for, how long; relation; each purpose by itself; and only then yes."""

from __future__ import annotations

from conversations.deeds.people import ConfirmGuardian, LookAtCode, SetBand
from conversations.people.speaking import LANGUAGE_FIRST
from conversations.people.words import (
    MEANINGS,
    PURPOSES,
    RELATIONS,
    clean_code,
    code_of,
    guardian_card,
)
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, verbatim
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here, Write


def _who(here: Here) -> Text:
    called = here["looked"].get("called")
    who = verbatim(called) if called else _("The child who sent this")
    return lines(
        _("{who} would like to come to activities and asks for a yes.").of(who=who),
        guardian_card(here.facts.people.keepers()),
    )


def purposes_question(_here: Here) -> Text:
    """What each purpose means, a line each."""
    return lines(_("What is all right? Nothing is ticked. Tap each yes, then “Done”."), *MEANINGS.values())


def summary(here: Here) -> Text:
    """What has been ticked, before it counts."""
    ticked = [purpose for purpose in here.get("purposes") or () if purpose in PURPOSES]
    if "attend" not in ticked:
        return _("“Taking part” is not ticked, so booking stays closed. Save it like this?")
    return _("A yes to: {names}. Save it?").of(names=Joined(tuple(PURPOSES[p] for p in ticked), "commas"))


guardian = Conversation(
    name="guardian",
    title=_("A child's request"),
    open_to_all=True,
    steps=(
        *LANGUAGE_FIRST,
        Write(
            name="typed",
            question=_("Please write the code from the child's message."),
            check=clean_code,
            when=lambda here: not here.get("code"),
        ),
        Do(
            name="looked",
            does=LookAtCode,
            deed=lambda here: LookAtCode(code_of(here)),
            goto={"good": "adult", "already": "already", "unknown": "unknown", "own": "own", "minor": "minor"},
        ),
        Confirm(
            name="adult",
            question=_("This is for a parent or guardian. Is an adult (18 or more) reading this?"),
            goto={"no": "minor"},
            when=lambda here: here.facts.me.band != "18+",
        ),
        Do(
            name="aged",
            does=SetBand,
            deed=lambda here: SetBand("18+"),
            goto={"set": "card", "person": "minor"},
            when=lambda here: not here.facts.me.band,
        ),
        Choose(
            name="card",
            question=_who,
            choices={"go": _("Go on"), "no": _("Not now")},
            goto={"go": "relation", "no": "later"},
        ),
        Choose(name="relation", question=_("Who is saying yes?"), choices=RELATIONS),
        ChooseMany(name="purposes", question=purposes_question, choices=PURPOSES),
        Confirm(name="sure", question=summary, goto={"no": "purposes"}, no=_("Change it")),
        Do(
            name="confirmed",
            does=ConfirmGuardian,
            deed=lambda here: ConfirmGuardian(code_of(here), here["relation"], tuple(here["purposes"])),
            goto={"confirmed": "end", "unknown": "unknown", "own": "own", "minor": "minor"},
        ),
        End(
            name="end",
            text=_("Thank you! The child knows now. To change or take it back: “my data”, “My children”."),
        ),
        End(
            name="already",
            text=_("Your yes is here already. To change or take it back: “my data”, “My children”."),
        ),
        End(name="later", text=_("All right. The child's message works for some days more.")),
        End(name="unknown", text=_("This code does not work (any more). The child can make a new one at any time.")),
        End(name="own", text=_("This message is for a parent or guardian: please send it on to them.")),
        End(name="minor", text=_("An adult must answer this: please send the message on to a parent or guardian.")),
    ),
)
