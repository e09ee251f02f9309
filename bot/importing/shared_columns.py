"""Columns that tables of several kinds have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from bot.importing import columns as c
from bot.importing.columns import Column, Read, Reader
from bot.importing.reading import Cell
from conversations.importing.words import EXAMPLES, HEADS, YES_NO
from conversations.people.words import BANDS
from conversations.speech import Text, Words, said, verbatim

DEADLINE_AT = time(23, 59)
"""When a deadline is that has a day alone."""
_YES, _NO = frozenset(("1", "x", "+", "✓", "✔", "true")), frozenset(("0", "-", "–", "false"))


def _bands(cell: Cell, reader: Reader) -> list[str]:
    found: list[str] = c.several(BANDS)(cell, reader)
    return ["18+" if band == "adult" else band for band in found]


TITLE = Column("title", HEADS["title"], c.words(3, 80), required=True, example=EXAMPLES["title"])
SUMMARY = Column("summary", HEADS["summary"], c.words(3, 600), required=True, example=EXAMPLES["summary"])
TOWN = Column(
    "town",
    HEADS["town"],
    c.town,
    required=True,
    example=verbatim("Бор"),
    choices=lambda reader: [said(Words.of(one.name)) for one in reader.towns],
)
SITE = Column("site", HEADS["site"], c.words(2, 80), example=EXAMPLES["site"], sets=("site_name",))
SUBJECT = Column(
    "subject",
    HEADS["subject"],
    c.subject,
    choices=lambda reader: [said(Words.of(one.name)) for one in reader.subjects],
)
BANDS_COLUMN = Column("bands", HEADS["bands"], _bands, example=verbatim("15-17"))
DEADLINE = Column("deadline", HEADS["deadline"], c.day, required=True, example=verbatim("26.11.2026"), sets=("closes",))


def one_of(
    name: str,
    choices: Mapping[str, Text],
    *,
    also: Mapping[str, Text] | None = None,
    example: str = "",
    required: bool = False,
    sets: tuple[str, ...] = (),
) -> Column:
    """A column in which one of several stands; the template offers them. `also`: how a wizard calls the same."""
    return Column(
        name,
        HEADS[name],
        c.choice(choices, also),
        required=required,
        example=choices[example] if example else verbatim(""),
        choices=lambda _reader: list(choices.values()),
        sets=sets,
    )


def number(
    name: str, least: int, most: int, example: str, *, required: bool = False, sets: tuple[str, ...] = ()
) -> Column:
    """A column with a whole number."""
    return Column(name, HEADS[name], c.whole(least, most), required=required, example=verbatim(example), sets=sets)


def yes_no(key: str, *, also: Mapping[str, Text] | None = None, sets: tuple[str, ...] = ()) -> Column:
    """A column of "yes" and "no", also as spreadsheets tick it. `also`: how a wizard says the same."""
    either: Read = c.choice(YES_NO, also)

    def read(cell: Cell, reader: Reader) -> bool:
        written = c.as_text(cell).casefold()
        return written in _YES or (written not in _NO and either(cell, reader) == "yes")

    return Column(key, HEADS[key], read, choices=lambda _reader: list(YES_NO.values()), sets=sets)
