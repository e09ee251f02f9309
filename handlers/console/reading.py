"""From a typed line to what a person did. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from conversations.speech import Heard, SpokenButton


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line means: words, a tap, or `/start` with what follows it."""

    event: Literal["heard", "opened"]
    heard: Heard = Heard()
    link: str = ""


def read(line: str, on_offer: Mapping[str, str], labels: Sequence[SpokenButton]) -> Typed | None:
    """What was typed; None for an empty line.

    A number taps the button it stands under. A label that is itself a number wins over a position.
    """
    words = line.encode("utf-8", "replace").decode().replace("\0", "").strip()
    if not words:
        return None
    command, _, rest = words.partition(" ")
    if command == "/start":
        return Typed("opened", link=rest.strip()[:64])
    tap = next((button.tap for button in labels if button.tap and button.label == words), on_offer.get(words, ""))
    return Typed("heard", Heard(tap=tap) if tap else Heard(text=words))
