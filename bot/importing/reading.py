"""Reading a spreadsheet that somebody sent: .xlsx or .csv, within limits; only values, never what they compute."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

ROWS_MOST = 2_000
"""Rows below the head of the table."""
COLUMNS_MOST = 40
LARGEST = 5_000_000
UNPACKED_MOST = 30_000_000
"""Bytes to which an .xlsx may unpack. Python never reads more of a part than its size in the archive says."""
PARTS_MOST = 500
CELL_MOST = 2_000
LIKELY = 0.9
"""From here on UTF-16 without a mark is believed to be a text."""
HEADS = 20
"""The head of the table stands in one of the first rows."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes something. What it would come to is not known, so it is refused by name."""


Cell = str | int | float | datetime | date | time | Formula | None


class Unreadable(Exception):
    """A file that cannot be read as a table: `reason` is "type", "large", "rows", "empty" or "broken"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(content: bytes) -> list[list[Cell]]:
    """The rows of the first sheet, as they stand in the file. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable("large")
    if content.startswith(b"PK\x03\x04"):
        rows = _workbook(content)
    elif content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8")):
        raise Unreadable("type")
    else:
        rows = _text(content)
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Unreadable("empty")
    if len(rows) > ROWS_MOST + HEADS:
        raise Unreadable("rows")
    return rows


# ---------------------------------------------------------------- .xlsx


def _workbook(content: bytes) -> list[list[Cell]]:
    try:
        _look_inside(content)
        from openpyxl import load_workbook  # only here: importing it takes a tenth of the whole start

        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            return [_trimmed([_value(cell) for cell in row]) for row in _rows(sheet)]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises anything at all over a broken file
        raise Unreadable("broken") from error


def _look_inside(content: bytes) -> None:
    """Refuse what would unpack to very much, or brings a document type of its own (entities that multiply)."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        listed = parts.infolist()
        if len(listed) > PARTS_MOST or sum(part.file_size for part in listed) > UNPACKED_MOST:
            raise Unreadable("large")
        if "xl/workbook.xml" not in {part.filename for part in listed}:
            raise Unreadable("type")
        for part in listed:
            if part.filename.endswith((".xml", ".rels")):
                with parts.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(2_000).upper():
                        raise Unreadable("broken")


def _rows(sheet: Any) -> Iterable[Any]:
    """One row more than may be is enough to know that there are too many."""
    return sheet.iter_rows(max_row=ROWS_MOST + HEADS + 1, max_col=COLUMNS_MOST)  # type: ignore[no-any-return]  # untyped


def _trimmed(row: list[Cell]) -> list[Cell]:
    while row and row[-1] is None:
        row.pop()
    return row


def _value(cell: Any) -> Cell:
    value = cell.value
    if getattr(cell, "data_type", "") == "f" or _computes(value):
        return Formula()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value[:CELL_MOST]
    return value if isinstance(value, int | float | datetime | date | time) else None


def _computes(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=") and len(value) > 1


# ---------------------------------------------------------------- .csv


def _text(content: bytes) -> list[list[Cell]]:
    text = decode(content)
    head = text[:4_000].partition("\n")[0]
    separator = max(";,\t", key=head.count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append([Formula() if _computes(cell.strip()) else cell[:CELL_MOST] for cell in row[:COLUMNS_MOST]])
            if len(rows) > ROWS_MOST + HEADS:
                raise Unreadable("rows")
    except csv.Error as error:
        raise Unreadable("broken") from error
    return rows


def decode(content: bytes) -> str:
    """The text of a .csv: UTF-8 with or without a mark, UTF-16, else one of the two old code pages of the Balkans.

    In Windows-1251 nearly every letter of a Cyrillic text is a byte above 0xBF; in Windows-1250 only č, ć, ž, š, đ are.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if b"\0" in content[:2_000]:
        found = max(("utf-16-le", "utf-16-be"), key=lambda encoding: _likely(content[:2_000], encoding))
        if _likely(content[:2_000], found) < LIKELY:
            raise Unreadable("type")
        return _decoded(content, found)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        high = sum(1 for byte in content if byte > 0xBF)
        plain = sum(1 for byte in content if chr(byte).isalpha() and byte < 0x80)
        return _decoded(content, "cp1251" if high > plain else "cp1250")


def _likely(content: bytes, encoding: str) -> float:
    """The share of characters that a table here would have: Latin, Cyrillic, punctuation, line ends."""
    text = _decoded(content, encoding)
    good = sum(1 for c in text if c in "\t\r\n" or " " <= c < "\u0250" or "\u0400" <= c < "\u0530" or c in "–—„“”’€№")
    return good / max(1, len(text))


def _decoded(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="replace")
