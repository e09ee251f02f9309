"""The poster for a wall: one large code, a few large words, and strips to tear off."""

from __future__ import annotations

from collections.abc import Sequence

from bot.posters.lettering import Setting, cut, fit, sizes, wrap
from bot.posters.poster import Code, Line, Poster
from bot.posters.sheet import HIGH, WIDE, Box, Sheet

MARGIN = 12.0
INNER = WIDE - 2 * MARGIN
STRIPS = 6
STRIP_HIGH = 52.0
"""From the lower edge of the paper to the line where strips are cut."""
SIDES, UNPRINTED = 4.7, 6.0
"""Home printers leave so much white at the sides and at the lower edge."""
HEAD, TITLE, CODE = 18.0, 56.0, 82.0
"""Heights: whose it is and that it is free; what it is, at most; the code. When and where have what is left."""
MARK = 8.0
ICON = 10.0
GAP = 4.0


def wall(poster: Poster) -> Sheet:
    """The poster on a sheet of A4. Raises TooDense for an address that is too long for a code."""
    sheet = Sheet()
    top = HIGH - MARGIN
    _head(sheet, poster, Box(MARGIN, top - HEAD, INNER, HEAD))
    top -= HEAD + GAP
    high = TITLE
    if poster.mark:
        mark(sheet, poster.mark, Box(MARGIN, top - MARK, INNER, MARK))
        top, high = top - MARK - GAP, high - MARK - GAP
    top -= _title(sheet, poster, Box(MARGIN, top - high, INNER, high)) + GAP
    code_top = STRIP_HIGH + GAP + CODE + 9.0
    _facts(sheet, poster, Box(MARGIN, code_top, INNER, top - code_top))
    _ways(sheet, poster, Box(MARGIN, STRIP_HIGH + GAP + 9.0, INNER, CODE - GAP))
    contact = Box(MARGIN, STRIP_HIGH + GAP - 1.0, INNER, 8.0)
    sheet.words(fit(poster.contact, contact.wide, contact.high, 13, 8), contact, "center")
    _strips(sheet, poster)
    return sheet


def mark(sheet: Sheet, words: str, box: Box) -> None:
    """That it is only a trial, in a frame."""
    setting = fit(words, box.wide - 6, box.high, 15, 7, bold=True)
    sheet.frame(box, round_=1.0, thick=1.5)
    sheet.words(setting, Box(box.x + 3, box.y - (box.high - setting.height) / 2, box.wide - 6, box.high), "center")


def _head(sheet: Sheet, poster: Poster, box: Box) -> None:
    sheet.picture("signpost", box.x, box.y + 3, 13)
    sheet.words(fit(poster.house, 80, 12, 24, 12, bold=True), Box(box.x + 16, box.y, 84, 14.5))
    free = fit(poster.free, 72, 15, 34, 16, bold=True)
    badge = Box(box.x + box.wide - 80, box.y, 80, 17)
    sheet.frame(badge, thick=3.0)
    sheet.words(free, Box(badge.x + 4, badge.y - (badge.high - free.height) / 2, badge.wide - 8, badge.high), "center")


def _title(sheet: Sheet, poster: Poster, box: Box) -> float:
    lead = fit(poster.lead, box.wide, 14, 26, 14) if poster.lead else None
    room = box.high - (lead.height if lead else 0)
    title = fit(poster.title, box.wide, room, 58, 22, bold=True)
    used = sheet.words(title, box)
    if lead:
        used += sheet.words(lead, Box(box.x, box.y, box.wide, box.high - used))
    return used


def set_facts(facts: Sequence[Line], wide: float, high: float, largest: float, least: float) -> list[Setting]:
    """All facts in one size, the largest at which they fit below each other. What does not fit at the least size is
    cut, the last facts first.
    """
    found: list[Setting] = []
    for size in sizes(largest, least):
        found = [wrap(fact.text, size, wide, bold=fact.icon == "calendar") for fact in facts]
        if _all_high(found) <= high and not any(setting.parted for setting in found):
            return found
    left, kept = high, []
    for setting in found:
        if left < setting.step:
            break
        kept.append(cut(setting, wide, left))
        left -= kept[-1].height + setting.step * 0.3
    return kept


def _all_high(settings: Sequence[Setting]) -> float:
    return sum(setting.height for setting in settings) + sum(setting.step * 0.3 for setting in settings[1:])


def _facts(sheet: Sheet, poster: Poster, box: Box) -> None:
    note = fit(poster.note, box.wide, 6, 10, 7) if poster.note else None
    room = box.high - (note.height + 1 if note else 0)
    wide = box.wide - ICON - GAP
    settings = set_facts(poster.facts, wide, room, 26, 11)
    spread = min(6.0, (room - _all_high(settings)) / max(1, len(settings)))
    top = box.y + box.high
    for fact, setting in zip(poster.facts, settings, strict=False):
        side = min(ICON, setting.step * 1.05)
        sheet.picture(fact.icon, box.x + (ICON - side) / 2, top - setting.step / 2 - side / 2, side)
        sheet.words(setting, Box(box.x + ICON + GAP, top - setting.height, wide, setting.height))
        top -= setting.height + setting.step * 0.3 + max(0.0, spread)
    if note:
        sheet.words(note, Box(box.x, box.y, box.wide, note.height))


def _ways(sheet: Sheet, poster: Poster, box: Box) -> None:
    side = box.high
    sheet.code(poster.main.url, Box(box.x, box.y, side, side))
    right = Box(box.x + side + GAP, box.y, box.wide - side - GAP, box.high)
    sheet.picture("phone", right.x, right.y + right.high - 15, 13)
    scan = Box(right.x + 15, right.y + right.high - 30, right.wide - 15, 29)
    sheet.words(fit(poster.main.label, scan.wide, scan.high, 25, 12, bold=True), scan)
    if poster.typed:
        below = Box(right.x, right.y + 38, right.wide, 12)
        sheet.words(fit(poster.type_it, 40, 6, 12, 9), below)
        address = Box(right.x, right.y + 33, right.wide, 11.5)
        sheet.words(fit(poster.typed, address.wide, address.high, 15, 7, bold=True), address)
    _small(sheet, poster.codes, Box(right.x, right.y, right.wide, 33))


def _small(sheet: Sheet, codes: Sequence[Code], box: Box) -> None:
    """Small codes side by side, each with its word below: as many as there is room for."""
    if not codes:
        return
    shown = codes[:3]
    each = box.wide / len(shown)
    side = min(26.5, each - 2, box.high - 6)
    for number, code in enumerate(shown):
        x = box.x + each * number + (each - side) / 2
        sheet.code(code.url, Box(x, box.y + 6, side, side))
        label = Box(box.x + each * number + 0.5, box.y, each - 1, 6)
        sheet.words(fit(code.label, label.wide, label.high, 11, 6, bold=True), label, "center")


def _strips(sheet: Sheet, poster: Poster) -> None:
    """Strips to tear off: cut between them, keep the paper whole above."""
    sheet.rule((0, STRIP_HIGH), (WIDE, STRIP_HIGH), dashed=True)
    each = WIDE / STRIPS
    for number in range(STRIPS):
        if number:
            sheet.rule((each * number, 0), (each * number, STRIP_HIGH), dashed=True)
        box = Box(each * number + SIDES, UNPRINTED, each - 2 * SIDES, STRIP_HIGH - UNPRINTED - 2.0)
        side = box.wide
        sheet.code(poster.main.url, Box(box.x, box.y + box.high - side, side, side))
        title = Box(box.x, box.y + 6.0, box.wide, box.high - side - 6.0)
        sheet.words(fit(poster.title, title.wide, title.high, 10, 6, bold=True), title, "center")
        address = Box(box.x, box.y, box.wide, 6.0)
        sheet.words(fit(poster.typed or poster.house, address.wide, address.high, 7, 5), address, "center")
