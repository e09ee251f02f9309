"""Puts buttons on Viber's grid of six columns, so that their labels can be read on a small phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conversations.speech import Spoken, SpokenButton
from handlers.viber.abilities import ROWS

COLUMNS = 6
_PER_ROW = (6, 3, 2, 1)
"""How many buttons may share a row: divisors of six, so that all in it are equally wide."""
_ROW_LETTERS = 38
"""Letters of one row on a small phone; RapidPro packs keyboards by the same number."""
_PADDING = 4
"""Letters that the margins of one button cost."""

Row = tuple[SpokenButton, ...]


def rows(buttons: Sequence[SpokenButton]) -> tuple[Row, ...]:
    """Buttons in rows, in their order: as many side by side as can be read; the quiet ones last, apart."""
    answers = [button for button in buttons if not button.quiet]
    quiet = [button for button in buttons if button.quiet]
    return (*_packed(answers), *_packed(quiet))


def height(row: Row) -> int:
    """1, or 2 where a label needs two lines."""
    return 2 if any(len(button.label) > _ROW_LETTERS - _PADDING for button in row) else 1


def columns(row: Row) -> int:
    """How wide each button of a row is."""
    return COLUMNS // len(row)


def fits_on_grid(buttons: Sequence[SpokenButton]) -> bool:
    """True if all rows of these buttons are seen."""
    return sum(height(row) for row in rows(buttons)) <= ROWS


def numbered(message: Spoken) -> Spoken:
    """The message with its answers written out under numbers, and buttons that show only the numbers."""
    lines, buttons, number = [message.text, ""], [], 0
    for button in message.buttons:
        if button.tap and not button.quiet:
            number += 1
            lines.append(f"{number}. {button.label}")
            buttons.append(replace(button, label=str(number)))
        else:
            buttons.append(button)
    return replace(message, text="\n".join(lines), buttons=tuple(buttons))


def _packed(buttons: list[SpokenButton]) -> Iterator[Row]:
    while buttons:
        count = next(n for n in _PER_ROW if n == 1 or (len(buttons) >= n and _readable(buttons[:n])))
        yield tuple(buttons[:count])
        buttons = buttons[count:]


def _readable(row: list[SpokenButton]) -> bool:
    """True if all labels of a row fit, each into its own share of it."""
    share = _ROW_LETTERS // len(row) - _PADDING // 2
    lengths = [len(button.label) for button in row]
    return sum(lengths) + _PADDING * len(row) <= _ROW_LETTERS and max(lengths) <= share
