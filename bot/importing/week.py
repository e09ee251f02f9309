"""Days of the week and hours of a day, as cells have them."""

from __future__ import annotations

import re

from bot.importing.columns import Bad, Column, Reader, as_text, spoken
from bot.importing.reading import Cell
from bot.language.fold import fold
from bot.language.tongue import tongue
from conversations.hours import read_spans
from conversations.importing.words import HEADS
from conversations.speech import _
from conversations.weekdays import LONG, SHORT
from models.visits.opening import day_json

_TAGS = ("sr-Latn", "bg", "en")


def weekdays(cell: Cell, reader: Reader) -> list[int]:
    """Days of the week, long or short, in any language: "pon-pet", "Mon, Wed"."""
    known = {
        fold(tongue(tag).speak(name)): number
        for tag in _TAGS
        for names in (LONG, SHORT)
        for number, name in enumerate(names)
    }
    found: list[int] = []
    for part in re.split(r"[,;/]|\s+и\s+|\s+i\s+", as_text(cell)):
        ends = [known.get(fold(end)) for end in re.split(r"[-–—]", part) if end.strip()]
        if not ends or len(ends) > 2 or None in ends:
            raise Bad("choice", known=spoken(reader, dict(enumerate(SHORT))))
        days = [day for day in ends if day is not None]
        found.extend(
            range(days[0], days[-1] + 1) if days[0] <= days[-1] else (*range(days[0], 7), *range(days[-1] + 1))
        )
    return sorted(set(found))


def spans(cell: Cell, _reader: Reader) -> list[list[str]]:
    """From when to when, in parts that do not overlap: "9:00-12:00, 16:00-20:00"."""
    found = read_spans(as_text(cell))
    if found is None:
        raise Bad("hours")
    return day_json(found)


DAYS = Column("days", HEADS["days"], weekdays, example=_("{first}, {second}").of(first=SHORT[0], second=SHORT[2]))
