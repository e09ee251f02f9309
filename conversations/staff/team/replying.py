"""Answering somebody who waits for the team, in the inbox as with safety cases: words, colleagues, how it ended."""

from __future__ import annotations

from conversations.speech import NotUnderstood, Text, _, verbatim
from conversations.steps import End, Here, Json, Step


def answer(typed: str, _here: Here) -> Json:
    """Reads an answer: some words at least."""
    if not typed.strip():
        raise NotUnderstood(_("Please write the answer, or send a voice note."))
    return typed.strip()


def colleague(person_id: int | str, called: str) -> Text:
    """What a colleague wants to be called, or their number."""
    return verbatim(called) if called else _("Colleague {number}").of(number=int(person_id))


ENDED: tuple[Step, ...] = (
    End(name="sent", text=_("The answer is on its way.")),
    End(name="unreachable", text=_("This person cannot be reached any more. Nothing was sent.")),
    End(name="closed", text=_("Closed.")),
)
"""How an answer, or a request, ended."""
