"""Recording what somebody agreed to, with the words that they were shown in their language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.doing import Doing
from bot.language.tongue import tongue
from conversations.speech import Text
from models.who import consent
from models.who.people import Person
from models.who.profile import Profile


def agree_alone(doing: Doing, person: Person | Profile, shown: Mapping[str, Text]) -> None:
    """Record somebody's own yes to purposes, each with what they were shown; one that is not theirs to agree to is
    left out.
    """
    speak = tongue(person.tag).speak
    words = {purpose: speak(text) for purpose, text in shown.items() if purpose in consent.OWN}
    consent.give(doing.session, doing.now, person.id, person.id, words, person.tag, channel=doing.channel)
    if words:
        doing.audit("consent given", f"person {person.id}", purposes=list(words))


def agree_to_attend(doing: Doing, person: Person, giver: Person, shown: Text, method: str) -> None:
    """Record that somebody may take part: by their own word or another's; `method` is "chat" or "paper"."""
    words = tongue(giver.tag).speak(shown)
    consent.give(
        doing.session,
        doing.now,
        person.id,
        giver.id,
        {"attend": words},
        giver.tag,
        channel=doing.channel,
        method=method,
    )
