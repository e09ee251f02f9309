"""From a message to lines on a terminal, and what each number under it stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conversations.speech import Spoken, SpokenButton
from handlers.channel import Capabilities
from handlers.fitting import WAY_BACK, fit

CAPABILITIES = Capabilities(
    text_length=100_000, label_length=1000, buttons=100, buttons_in_row=1, cards=100, relays=True
)
"""Buttons and cards come to the console whole, so that it knows what each of its numbers stands for."""
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves the cursor, turns text around, or cannot be printed at all."""
_PRINTED = Capabilities(text_length=100_000, label_length=1000, buttons=0, buttons_in_row=1)


def shown(message: Spoken) -> str:
    """The message as plain text, its buttons as a numbered list. Nothing in it can move the cursor."""
    text = "\n\n".join(part.text for part in fit(message, _PRINTED) if part.text)
    if message.relay is not None:
        text = f"{text}\n\n📎" if text else "📎"
    return _UNSAFE.sub("", text)


def numbers(message: Spoken) -> Mapping[str, str]:
    """What each number under a message stands for, as `shown` counts them: number -> payload of the button."""
    buttons: tuple[SpokenButton, ...] = (
        *(button for card in message.cards for button in card.buttons),
        *message.buttons,
    )
    answers = [button.tap for button in buttons if button.tap and not button.url and not button.quiet]
    found = {str(number): tap for number, tap in enumerate(answers, 1)}
    if any(button.tap == WAY_BACK and button.quiet for button in buttons):
        found["0"] = WAY_BACK
    return found
