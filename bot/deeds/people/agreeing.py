"""Recording what somebody agreed to, with the words that they were shown in their language."""

from __future__ import annotations

from bot.doing import Doing
from bot.language.tongue import tongue
from conversations.speech import Text
from models.who import consent
from models.who.people import Person


def agree_alone(doing: Doing, person: Person, purpose: str, shown: Text) -> None:
    """Record somebody's own yes; for a purpose that is not theirs to agree to, nothing."""
    if purpose not in consent.OWN:
        return
    words = tongue(person.tag).speak(shown)
    consent.give(doing.session, doing.now, person.id, person.id, (purpose,), person.tag, words, channel=doing.channel)
    doing.audit("consent given", f"person {person.id}", purpose=purpose)


def agree_to_attend(doing: Doing, person: Person, giver: Person, shown: Text, method: str) -> None:
    """Record that somebody may take part: by their own word or another's; `method` is "chat" or "paper"."""
    words = tongue(giver.tag).speak(shown)
    consent.give(
        doing.session,
        doing.now,
        person.id,
        giver.id,
        ("attend",),
        giver.tag,
        words,
        channel=doing.channel,
        method=method,
    )
