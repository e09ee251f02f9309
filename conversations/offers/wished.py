"""Ways to what was meant by words that seem to look for an offer: "there is rubbish in the park"."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Text, _
from conversations.steps import Here, Open

_WAYS: Mapping[str, tuple[str, Text]] = {
    "not_coming": ("not_coming", _("🚫 Somebody can't come")),
    "late": ("late", _("⏰ Running late")),
    "what_to_bring": ("what_to_bring", _("📅 My bookings")),
    "rubbish": ("report_place", _("🧹 Report a place to clean")),
    "box": ("box", _("📮 Ask or tell without a name")),
    "news": ("topics", _("📰 Which news?")),
    "on_tv": ("events", _("📺 On TV, and events")),
    "occupations": ("occupations", _("🧭 What suits me?")),
    "talk": ("talk", _("💬 Talk to a person")),
    "where": ("place", _("🕗 Opening hours, where it is")),
    "callme": ("callme", _("☎️ Please call me")),
    "certificate": ("certificate", _("🎓 Certificates")),
    "rights": ("help", _("📖 Answers by topic")),
}
"""By the wish: the conversation it leads to, and its button."""
_NO_OFFER = {"not_coming", "late", "what_to_bring", "rubbish", "box", "on_tv"}
"""Who speaks of these hardly looks for an offer. Who wants to talk may."""
_SURELY = {"rights"}
"""Who asks for these is asked back whatever is on offer: "help" and "right" stand in many offers."""
_KEY = "go_"
GOTO = {_KEY + name: Open(name) for name, _label in _WAYS.values()} | {
    f"{_KEY}help": Open("help", lambda _here: {"where": "answers"})
}


def ways(here: Here, words: str) -> dict[str, Text]:
    """Buttons to what these words speak of beside an offer, to be routed by `GOTO`."""
    return {_KEY + name: label for wish in here.facts.help.wishes(words) for name, label in (_WAYS[wish],)}


def no_offer(here: Here, words: str) -> bool:
    """True for words that speak of something that hardly is an offer."""
    return not _NO_OFFER.isdisjoint(here.facts.help.wishes(words))


def no_offer_at_all(here: Here, words: str) -> bool:
    """True for words that speak of something beside which no offer counts."""
    return not _SURELY.isdisjoint(here.facts.help.wishes(words))


def at_once(here: Here, words: str) -> Open | None:
    """Where words lead that speak of nothing else and cannot wait for a question: "I am ten minutes late"."""
    if here.facts.help.wishes(words) != ("late",):
        return None
    return Open("late", lambda _here: {"words": words})
