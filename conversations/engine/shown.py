"""What was shown last, and what a number means there: it counts what the person saw, not what is on offer by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from conversations.engine.state import State, Way
from conversations.speech import Button, Say, SpokenButton, Tongue

SAYS = {"w.in_danger": "yes", "w.all_well": "no", "w.here_yes": "yes", "w.here_no": "no"}
"""Ways under the cards of help that are chosen by saying yes or no."""
KEYCAP = "\ufe0f\u20e3"
"""What turns a digit into the picture of a key."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands under the present question as it was shown: the payloads of its buttons, in the order of the digits.

    A payload of the question's own begins with its number; all others are good everywhere.
    """

    asked: int
    taps: tuple[str, ...]

    def key(self, place: int) -> tuple[str, bool] | None:
        """The key at a place (from 1), and whether it is the engine's own; None where none of the question's is."""
        tap = self.taps[place - 1] if 1 <= place <= len(self.taps) else ""
        number, dot, key = tap.partition(".")
        if not dot or number != str(self.asked):
            return None
        return key.removeprefix("~"), key.startswith("~")


def numbered(buttons: Iterable[Button | SpokenButton]) -> tuple[str, ...]:
    """The payloads that digits count, as channels number them: what leads out or to a page has no number."""
    return tuple(button.tap for button in buttons if button.tap and not button.url and not button.quiet)


def ways_of(buttons: Iterable[SpokenButton], about: str = "") -> tuple[Way, ...]:
    """The buttons whose labels can be written wherever they are seen: not answers to a question, nor the ways out."""
    return tuple(
        Way(button.label, button.tap, about=about)
        for button in buttons
        if button.tap and not button.url and not button.tap[0].isdigit() and not (button.quiet and button.tap[0] == "w")
    )


def seen(state: State, says: Sequence[Say], question: int | None, tongue: Tongue) -> State:
    """The state after these were shown; `question` is which of them is the present question, if one is."""
    if not says:
        return state
    last = len(says) - 1
    while last and last != question and not any(button.tap for button in _buttons(says[last])):
        last -= 1
    every = [button for say in says for button in _buttons(say)]
    ways = ways_of(
        SpokenButton(tongue.speak(one.label), one.tap, one.url, quiet=one.quiet) for one in every if _far(one)
    )
    return replace(state, shown=numbered(_buttons(says[last])), aside=last != question, ways=ways)


def seen_beside(state: State, taps: Sequence[str] = (), ways: Sequence[Way] = ()) -> State:
    """The state after something came that was not asked for, with these to count and these to name under it."""
    return replace(state, shown=tuple(taps), aside=True, ways=(*ways, *state.ways))


def number_in(words: str) -> int | None:
    """The number that is all that was written, also as "2." or as the picture of a key."""
    digits = words.strip().rstrip(".)" + KEYCAP)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 2 else None


def meant(state: State, words: str, tongue: Tongue) -> str | None:
    """The payload that a number, or yes or no, stands for right after something that is not the present question.

    "" where it stands for nothing there; None for all other words.
    """
    number = number_in(words)
    shown = state.shown or ()
    if number is not None:
        return shown[number - 1] if 1 <= number <= len(shown) else ""
    word = tongue.word(words)
    if word not in ("yes", "no"):
        return None
    return next((tap for tap in shown if SAYS.get(tap) == word), "")


def _far(button: Button) -> bool:
    """True for a button that may be a way: most are answers, and their labels are not spoken once more."""
    return bool(button.tap) and not button.tap[0].isdigit()


def _buttons(say: Say) -> tuple[Button, ...]:
    return (*(button for card in say.cards for button in card.buttons), *say.buttons)
