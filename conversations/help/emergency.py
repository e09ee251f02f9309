"""The card that is shown at once when words hint at an emergency: warm, short, with numbers, never a dead end.

After UNICEF's "Safer Chatbots": acknowledge, say that nobody is alone, give clear numbers, offer a person,
and let people say that they were misunderstood.
"""

from __future__ import annotations

from conversations.deeds.help import Misunderstood
from conversations.facts.help import Hotline, Readers
from conversations.help.numbers import by_country, dated, short, when_read
from conversations.script import Choose, Conversation, Do, End, Here, Open
from conversations.speech import Button, Say, Text, _, lines

_OPENINGS: dict[str, Text] = {
    "self_harm": _("It is good that you wrote. You matter, and you are not alone."),
    "abuse": _("It is good that you wrote. What somebody did to you is not your fault. You are not alone."),
    "violence": _("It is good that you wrote. Nobody may hurt you. You are not alone."),
    "marriage": _("It is good that you wrote. Nobody may be forced to marry. You are not alone."),
    "trafficking": _("It is good that you wrote. Nobody may hold you or take your papers. You are not alone."),
    "threats": _("It is good that you wrote. Nobody may threaten you. You are not alone."),
    "running_away": _("It is good that you wrote. You are not alone, and there is a safe way on."),
    "hunger": _("It is good that you wrote. There are people who help with food and shelter. You are not alone."),
}
_OPENING = _("It is good that you wrote. You are not alone.")


def card(kind: str, numbers: tuple[Hotline, ...], readers: Readers) -> tuple[Say, ...]:
    """The card for a kind of emergency, with the numbers to call first. At most two bubbles."""
    ways = (
        Button(_("Write to our team"), "w.person"),
        Button(_("More numbers"), "w.safety"),
        Button(_("You misunderstood me"), "w.misunderstood", quiet=True),
    )
    return (
        Say(lines(_OPENINGS.get(kind, _OPENING), _("You can call now:"), *by_country(numbers, short))),
        Say(lines(_("You can also write to a person from our team."), when_read(readers)), ways),
    )


def _all_numbers(here: Here) -> Text:
    return lines(_("Call whenever you need to."), *by_country(here.facts.help.hotlines(), dated))


safety = Conversation(
    name="safety",
    title=_("Useful numbers"),
    word="safety",
    command="sos",
    about=_("numbers to call"),
    open_to_all=True,
    steps=(
        Choose(
            name="next",
            question=_all_numbers,
            choices={"talk": _("Write to our team"), "done": _("Done")},
            goto={"talk": Open("talk", instead=True), "done": "end"},
        ),
        End(name="end", text=_("Take care. You can write here whenever you like.")),
    ),
)

misunderstood = Conversation(
    name="misunderstood",
    title=_("You misunderstood me"),
    word="misunderstood",
    open_to_all=True,
    steps=(
        Do(name="noted", does=Misunderstood, deed=lambda _here: Misunderstood(), otherwise="end"),
        End(name="end", text=_("Sorry, that was my mistake. Let us go on.")),
    ),
)
