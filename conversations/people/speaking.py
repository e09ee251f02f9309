"""The first two steps of every conversation that a newcomer may open: which language, and to speak it from then on."""

from __future__ import annotations

from conversations.deeds.people import SetLanguage
from conversations.people.words import languages
from conversations.speech import _
from conversations.steps import Choose, Do

LANGUAGE_FIRST = (
    Choose(
        name="language",
        question=_("Hello! I am Putokaz. Which language?"),
        choices=languages,
        when=lambda here: not here.facts.people.language_chosen,
    ),
    Do(
        name="speak",
        does=SetLanguage,
        deed=lambda here: SetLanguage(here["language"]),
        when=lambda here: bool(here.get("language")),
    ),
)
"""Passed over by whoever has chosen before."""
