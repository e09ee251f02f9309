"""Cards to hand out: eight on a sheet of A4, cut with scissors along the lines, no printer's settings needed."""

from __future__ import annotations

from bot.posters.lettering import fit
from bot.posters.poster import Line, Poster
from bot.posters.sheet import HIGH, WIDE, Box, Sheet
from bot.posters.wall import mark, set_facts

ACROSS, DOWN = 2, 4
INSIDE = 8.0
"""From the cut to what is printed: more than printers leave white at the edge of the paper."""
CODE = 40.0
TITLE = 22.0
"""The most that the title takes of a card's height: when and where it is must have room below it."""
FOOT = 7.0


def cards(poster: Poster) -> Sheet:
    """A sheet of cards, all alike. Raises TooDense for an address that is too long for a code."""
    sheet = Sheet()
    wide, high = WIDE / ACROSS, HIGH / DOWN
    for column in range(1, ACROSS):
        sheet.rule((wide * column, 0), (wide * column, HIGH), dashed=True)
    for row in range(1, DOWN):
        sheet.rule((0, high * row), (WIDE, high * row), dashed=True)
    for number in range(ACROSS * DOWN):
        column, row = number % ACROSS, number // ACROSS
        _card(sheet, poster, Box(wide * column, high * row, wide, high).inner(INSIDE))
    return sheet


def _card(sheet: Sheet, poster: Poster, box: Box) -> None:
    code = Box(box.x + box.wide - CODE + 3, box.y + box.high - CODE + 2, CODE, CODE)
    sheet.code(poster.main.url, code)
    left = Box(box.x, box.y, box.wide - CODE, box.high)
    free = fit(poster.free, 30, 6, 12, 8, bold=True)
    badge = Box(left.x, left.y + left.high - 7, 32, 7)
    sheet.frame(badge, round_=1.5, thick=1.5)
    sheet.words(free, Box(badge.x + 1, badge.y - (badge.high - free.height) / 2, 30, badge.high), "center")
    top = left.y + left.high - 8.5
    setting = fit(poster.title, left.wide, TITLE, 20, 8.5, bold=True)
    sheet.words(setting, Box(left.x, top - TITLE, left.wide, TITLE))
    _when_and_where(sheet, poster, Box(left.x, left.y + FOOT, left.wide, top - setting.height - 1 - left.y - FOOT))
    _address(sheet, poster, Box(code.x, box.y + 7, code.wide - 3, code.y - box.y - 7.5))
    foot = Box(box.x, box.y - 1.5, box.wide, 7)
    if poster.mark:
        mark(sheet, poster.mark, foot)
    else:
        sheet.words(fit(poster.note or poster.house, foot.wide, 4.5, 8, 5.5), foot)


def _when_and_where(sheet: Sheet, poster: Poster, box: Box) -> None:
    settings = set_facts([Line("pin", line) for line in poster.on_card], box.wide, box.high, 13, 7.5)
    top = box.y + box.high
    for setting in settings:
        sheet.words(setting, Box(box.x, top - setting.height, box.wide, setting.height))
        top -= setting.height + setting.step * 0.3


def _address(sheet: Sheet, poster: Poster, box: Box) -> None:
    if poster.typed:
        sheet.words(fit(poster.typed, box.wide, box.high, 9, 5.5, bold=True), box, "center")
