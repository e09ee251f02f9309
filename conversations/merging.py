"""Several messages to one person as one, where each message costs money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.speech import Button, Say, Text, _, lines, verbatim

TOGETHER_MOST = 4
"""More in one message would be more than anybody reads, and more buttons than a phone shows."""
_NUMBERED = _("{number}. {words}")


def can_merge(say: Say) -> bool:
    """True for a text with buttons: what comes with a file, a pin or cards stays alone."""
    return not (say.cards or say.venue or say.document or say.relay is not None)


def together(says: Sequence[Say]) -> Say:
    """One message of several: numbered paragraphs, and the number of its paragraph before each button's label."""
    if len(says) == 1:
        return says[0]
    paragraphs: list[Text] = []
    buttons: list[Button] = []
    for number, say in enumerate(says, 1):
        if paragraphs:
            paragraphs.append(verbatim(""))
        paragraphs.append(_NUMBERED.of(number=number, words=say.text))
        buttons.extend(replace(one, label=_NUMBERED.of(number=number, words=one.label)) for one in say.buttons)
    return Say(lines(*paragraphs), tuple(buttons))
