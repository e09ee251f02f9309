"""The template of a kind of table: heads in the staff's language, an example, lists to choose from; and a list of
everything that is wrong with a table that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from bot.importing.columns import Column, Reader
from bot.importing.kinds import Kind
from bot.importing.reading import ROWS_MOST
from bot.language.fold import clean
from bot.language.tongue import Speaker
from conversations.importing.words import EXAMPLE_ROW, LISTS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22


def template(kind: Kind, reader: Reader, speak: Speaker) -> bytes:
    """An .xlsx to be filled in. Everything in it is a plain value."""
    from openpyxl import Workbook  # only here: importing it takes a tenth of the whole start
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet, lists = book.active, book.create_sheet(speak.speak(LISTS)[:31])
    for place, column in enumerate(offered(kind, reader), 1):
        head = _write(sheet, 1, place, speak.speak(column.head), bold=column.required)
        _write(sheet, 2, place, speak.speak(column.example))
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = WIDTH
        if place == 1:
            head.comment = Comment(speak.speak(EXAMPLE_ROW), "Putokaz")
        choices = [speak.speak(label) for label in column.choices(reader)] if column.choices else []
        for line, label in enumerate(choices, 1):
            _write(lists, line, place, label)
        if choices:
            rule = DataValidation(
                type="list",
                formula1=f"'{lists.title}'!${letter}$1:${letter}${len(choices)}",
                allow_blank=True,
                showErrorMessage=False,
            )
            rule.add(f"{letter}2:{letter}{ROWS_MOST}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    return _saved(book)


def offered(kind: Kind, reader: Reader) -> list[Column]:
    """The columns of a template: words in the sender's own language need none beside the first."""
    return [column for column in kind.columns if column.language != reader.language]


def listed(rows: Sequence[Sequence[str]]) -> bytes:
    """Plain rows as an .xlsx."""
    from openpyxl import Workbook

    book = Workbook()
    for line, values in enumerate(rows, 1):
        for place, value in enumerate(values, 1):
            _write(book.active, line, place, value)
    for letter, width in zip("ABC", (8, 24, 70), strict=True):
        book.active.column_dimensions[letter].width = width
    return _saved(book)


def _write(sheet: Any, line: int, place: int, value: str, *, bold: bool = False) -> Any:
    from openpyxl.styles import Font

    cell = sheet.cell(line, place)
    cell.value = clean(value)
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _saved(book: Any) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()
