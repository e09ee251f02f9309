"""A certificate on a sheet of A4: a name, what it is for, and a code by which anybody can check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.posters.sheet import Box, Sheet

MARGIN = 22.0
CODE = 44.0


@dataclass(frozen=True, slots=True)
class Diploma:
    """Everything that stands on it, as it is read there: `facts` are pairs of what and how much."""

    house: str
    heading: str
    lead: str
    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    check: str
    url: str
    signature: str
    mark: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Diploma:
        """As it was stored. Raises KeyError or TypeError for something that is none."""
        return cls(**{**stored, "facts": tuple((str(what), str(value)) for what, value in stored["facts"])})


def sheet_of(diploma: Diploma) -> Sheet:
    """The sheet. Raises TooDense for an address that is too long for a code."""
    from bot.posters.lettering import fit
    from bot.posters.sheet import HIGH, WIDE, Box, Sheet
    from bot.posters.wall import mark

    sheet, inner = Sheet(), WIDE - 2 * MARGIN
    sheet.frame(Box(10, 10, WIDE - 20, HIGH - 20), round_=4.0, thick=2.0)
    top = HIGH - MARGIN
    sheet.picture("signpost", MARGIN, top - 14, 14)
    sheet.words(fit(diploma.house, 80, 12, 22, 12, bold=True), Box(MARGIN + 18, top - 14, 84, 13))
    if diploma.mark:
        mark(sheet, diploma.mark, Box(MARGIN, top - 26, inner, 8))
    top -= 42
    for text, high, largest, least, bold in (
        (diploma.heading, 24.0, 54, 24, True),
        (diploma.lead, 12.0, 20, 11, False),
        (diploma.name, 34.0, 40, 16, True),
        (diploma.title, 44.0, 30, 14, True),
    ):
        setting = fit(text, inner, high, largest, least, bold=bold)
        sheet.words(setting, Box(MARGIN, top - high, inner, high), "center")
        top -= setting.height + 9
    foot = MARGIN
    _facts(sheet, diploma, Box(MARGIN, foot + CODE + 6, inner, top - foot - CODE - 6))
    sheet.code(diploma.url, Box(MARGIN - 4, foot, CODE, CODE))
    beside = inner - CODE - 4
    sheet.words(fit(diploma.check, beside, 8, 13, 9), Box(MARGIN + CODE, foot + CODE - 11, beside, 8))
    sheet.words(fit(diploma.url, beside, 14, 12, 6, bold=True), Box(MARGIN + CODE, foot + CODE - 26, beside, 14))
    line = foot + 7
    sheet.rule((WIDE / 2, line), (WIDE - MARGIN, line))
    sheet.words(fit(diploma.signature, inner / 2, 6, 10, 7), Box(WIDE / 2, line - 7, inner / 2, 6), "center")
    return sheet


def _facts(sheet: Sheet, diploma: Diploma, box: Box) -> None:
    """What and how much, below each other, in the largest type in which all of it fits."""
    from bot.posters.lettering import Setting, fit
    from bot.posters.sheet import Box

    rows: list[tuple[Setting, Setting, float]] = []
    for size in (14.0, 12.0, 10.0, 8.0):
        rows = []
        for what, value in diploma.facts:
            label, told = fit(what, 52, 9, size - 1, 7), fit(value, box.wide - 56, 14, size, 7, bold=True)
            rows.append((label, told, max(label.height, told.height) + 3))
        if sum(high for _label, _told, high in rows) <= box.high:
            break
    top = box.y + box.high
    for label, told, high in rows:
        sheet.words(label, Box(box.x, top - label.height, 52, label.height))
        sheet.words(told, Box(box.x + 56, top - told.height, box.wide - 56, told.height))
        top -= high


def draw(diploma: Diploma) -> bytes:
    """The file, a PDF of one page."""
    from bot.posters.sheet import as_pdf

    return as_pdf([sheet_of(diploma)], diploma.title)
