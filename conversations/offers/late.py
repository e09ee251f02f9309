"""Running late in words ("I am late"): for what is booked and begins about now, the team is told by one tap."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments.words import what
from conversations.deeds.help import TellLate
from conversations.facts.help import Expected
from conversations.offers import words
from conversations.script import Conversation
from conversations.speech import Moment, Text, _, lines
from conversations.steps import Choose, Confirm, Do, End, Here, Json, Open

WORDS_MOST = 300


def _seed(here: Here) -> Mapping[str, Json]:
    """What was written, and the only thing it can be about, held fast: by the answer it may not be the only one."""
    known = here.facts.help.expected()
    written = {"words": str(here.get("words") or "")[:WORDS_MOST]}
    return {**written, "which": known[0].key} if len(known) == 1 else written


def _nothing(here: Here) -> bool:
    return "which" not in here.answers and not here.facts.help.expected()


def _label(one: Expected) -> Text:
    named, time = what(one.title, mine=not one.child), Moment(one.when.at, one.when.zone, "time")
    if one.child:
        return _("{what} · {time} · {child}").of(what=named, time=time, child=one.child)
    return _("{what} · {time}").of(what=named, time=time)


def _several(here: Here) -> Mapping[str, Text]:
    return {**{one.key: _label(one) for one in here.facts.help.expected()}, "no": _("No, tell nobody")}


def _sure(here: Here) -> Text:
    one = next((one for one in here.facts.help.expected() if one.key == here.get("which")), None)
    if one is None:
        return words.NOT_THERE
    return lines(
        words.for_whom(one.child),
        what(one.title, mine=not one.child),
        _("🗓 {when}").of(when=one.when),
        _("Shall I tell the team about the delay?"),
    )


def _tell(here: Here) -> TellLate:
    return TellLate(str(here.get("which") or ""), str(here.get("words") or ""))


late = Conversation(
    name="late",
    title=_("Running late"),
    wishes=("late",),
    steps=(End(name="look", then=Open("telling_late", _seed, instead=True)),),
)

telling_late = Conversation(
    name="telling_late",
    title=_("Running late"),
    steps=(
        Choose(
            name="nothing",
            question=_("I see nothing booked that begins about now. Shall we look, or write to the team?"),
            choices={"bookings": _("📅 My bookings"), "talk": _("💬 Talk to a person")},
            goto={"bookings": Open("bookings", instead=True), "talk": Open("talk", instead=True)},
            when=_nothing,
        ),
        Choose(
            name="which",
            question=_("Late for which one? A tap tells the team."),
            choices=_several,
            goto={"no": "kept"},
            otherwise="tell",
            when=lambda here: "which" not in here.answers,
        ),
        Confirm(
            name="sure",
            question=_sure,
            yes=_("⏰ Yes, tell them"),
            no=_("No, tell nobody"),
            goto={"no": "kept"},
        ),
        Do(
            name="tell",
            does=TellLate,
            deed=_tell,
            goto={"told": "told", "nobody": "nobody", "gone": "gone"},
        ),
        End(name="told", text=_("✅ The team knows about the delay. See you soon! 👋")),
        End(name="kept", text=_("All right, nobody was told.")),
        End(name="nobody", text=_("It is noted, but nobody from our team has started yet. Just come, please.")),
        End(name="gone", text=words.NOT_THERE),
    ),
)
