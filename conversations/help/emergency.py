"""The card that is shown at once when words hint at an emergency: warm, short, with numbers, never a dead end.

After UNICEF's "Safer Chatbots": acknowledge, say that nobody is alone, give clear numbers, offer a person,
and let people say that they were misunderstood.
"""

from __future__ import annotations

from conversations.deeds.help import Misunderstood
from conversations.facts.help import Hotline, Readers
from conversations.help.numbers import COUNTRIES, by_country, short, when_written
from conversations.help.quiet import ASK_HERE, HERE
from conversations.script import Conversation
from conversations.speech import Button, Say, Text, _, lines
from conversations.steps import Choose, Do, End, Here, Open

_OPENINGS: dict[str, Text] = {
    "self_harm": _("It is good that you wrote. You matter, and you are not alone."),
    "abuse": _("It is good that you wrote. What somebody did to you is not your fault. You are not alone."),
    "overdose": _("It is good that you wrote. Call at once: every minute counts. Stay with the person."),
    "medical": _("It is good that you wrote. Call at once, and stay with whoever is hurt."),
    "blackmail": _(
        "It is good that you wrote. It is not your fault. Do not pay, send nothing more. You are not alone."
    ),
    "bullying": _("It is good that you wrote. Nobody may torment you. You are not alone."),
    "violence": _("It is good that you wrote. Nobody may hurt you. You are not alone."),
    "marriage": _("It is good that you wrote. Nobody may be forced to marry. You are not alone."),
    "trafficking": _("It is good that you wrote. Nobody may hold you or take your papers. You are not alone."),
    "threats": _("It is good that you wrote. Nobody may threaten you. You are not alone."),
    "running_away": _("It is good that you wrote. You are not alone, and there is a safe way on."),
    "hunger": _("It is good that you wrote. There are people who help with food and shelter. You are not alone."),
}
_OPENING = _("It is good that you wrote. You are not alone.")


def card(kind: str, numbers: tuple[Hotline, ...], readers: Readers, *, somebody: bool = True) -> tuple[Say, ...]:
    """The card for a kind of emergency, with the numbers to call first, and below it the one question. Two bubbles.

    `somebody` says that there is a person to take the case: only then is a message promised, and the question asked.
    """
    ways = (
        Button(_("Write to our team"), "w.person"),
        Button(_("More numbers"), "w.safety"),
        Button(_("You misunderstood me"), "w.misunderstood", quiet=True),
    )
    call = (_OPENINGS.get(kind, _OPENING), _("You can call now:"), *by_country(numbers, short))
    if not somebody:
        return (Say(lines(*call, _("You can also write to a person from our team.")), ways),)
    return Say(lines(*call, when_written(readers)), ways), Say(ASK_HERE, HERE)


GENTLE = Say(
    _("May I ask something? Is somebody hurting you, or is anybody in danger?"),
    (
        Button(_("Yes, show me help"), "w.in_danger"),
        Button(_("No, it's something else"), "w.all_well"),
    ),
)
"""Asked where words are uncertain. Nobody hears of it unless the answer is yes."""


def _own(here: Here) -> Text:
    first, *_others = here.facts.help.numbers().values()
    return lines(_("Call whenever you need to."), *(short(line) for line in first))


def _other(here: Here) -> Text:
    found = here.facts.help.numbers()
    chosen = here["next"].removeprefix(_IN)
    return lines(_("Call whenever you need to."), *(short(line) for line in found.get(chosen, ())))


def _countries(here: Here) -> dict[str, Text]:
    """A button for each country but the person's own."""
    _first, *others = here.facts.help.numbers()
    return {
        _IN + country: _("📞 {country}").of(country=COUNTRIES[country]) for country in others if country in COUNTRIES
    }


_TALK, _DONE = _("Write to our team"), _("Done")
_IN = "in_"
"""How the keys of countries begin."""

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
            question=_own,
            choices=lambda here: {"talk": _TALK, **_countries(here), "done": _DONE},
            goto={"talk": Open("talk", instead=True), "done": "end"},
            otherwise="abroad",
        ),
        Choose(
            name="abroad",
            question=_other,
            choices={"talk": _TALK, "done": _DONE},
            goto={"talk": Open("talk", instead=True), "done": "end"},
        ),
        End(name="end", text=_("Take care. You can write here whenever you like.")),
    ),
)

all_well = Conversation(
    name="all_well",
    title=_("It is something else"),
    word="all_well",
    open_to_all=True,
    steps=(End(name="end", text=_("All right. If something is ever wrong, you can always write here.")),),
)

misunderstood = Conversation(
    name="misunderstood",
    title=_("You misunderstood me"),
    word="misunderstood",
    open_to_all=True,
    takes_up=True,
    steps=(
        Do(name="noted", does=Misunderstood, deed=lambda _here: Misunderstood(), otherwise="end"),
        End(name="end", text=_("All right, good to know. You can always write here if something is wrong.")),
    ),
)
