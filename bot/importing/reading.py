"""Reading a spreadsheet that somebody sent: .xlsx or .csv, within limits; only values, never what they compute."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

ROWS_MOST = 2_000
"""Rows below the head of the table."""
COLUMNS_MOST = 80
LARGEST = 5_000_000
UNPACKED_MOST = 30_000_000
"""Bytes to which an .xlsx may unpack. Python never reads more of a part than its size in the archive says."""
PARTS_MOST = 500
MERGES_MOST = 2_000
"""Merged cells: each is gone through row by row."""
CELL_MOST = 2_000
LIKELY = 0.9
"""From here on UTF-16 without a mark is believed to be a text."""
HEADS = 20
"""The head of the table stands in one of the first rows."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes something, or shows that this failed. What it comes to is not known, so it is refused."""


Cell = str | int | float | datetime | date | time | Formula | None


class Unreadable(Exception):
    """A file that cannot be read as a table: `reason` is "type", "large", "rows", "empty", "broken" or "heads".

    "other": it has the heads of another kind of table, which is named in `like`.
    """

    def __init__(self, reason: str, like: str = "") -> None:
        super().__init__(reason)
        self.reason, self.like = reason, like


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
            rows = [_trimmed([_value(cell) for cell in row]) for row in _rows(sheet)]
            part = vars(sheet).get("_worksheet_path", "")  # of a sheet that is read row by row openpyxl knows no merges
            return merged(rows, _merges(content, part))
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


_MERGE = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')


def _merges(content: bytes, part: str) -> list[tuple[int, int, int]]:
    """Cells of one column that are merged: the column (from 0), the first row and the last one (from 1)."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        below = parts.read(part).rpartition(b"</sheetData>")[2] if part in parts.namelist() else b""
    found = _MERGE.findall(below)
    if len(found) > MERGES_MOST:
        raise Unreadable("large")
    return [(_column(letters), int(first), int(last)) for letters, first, last in found]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def merged(rows: list[list[Cell]], merges: Iterable[tuple[int, int, int]]) -> list[list[Cell]]:
    """What stands in merged cells stands in each row that they cover, as whoever looks at them sees it."""
    for column, first, last in merges:
        if column >= COLUMNS_MOST or not 0 < first <= len(rows) or column >= len(rows[first - 1]):
            continue
        for row in rows[first:last]:
            row.extend([None] * (column + 1 - len(row)))
            if row[column] in (None, ""):
                row[column] = rows[first - 1][column]
    return rows


def _rows(sheet: Any) -> Iterable[Any]:
    """One row more than may be is enough to know that there are too many."""
    return sheet.iter_rows(max_row=ROWS_MOST + HEADS + 1, max_col=COLUMNS_MOST)  # type: ignore[no-any-return]  # untyped


def _trimmed(row: list[Cell]) -> list[Cell]:
    while row and row[-1] is None:
        row.pop()
    return row


def _value(cell: Any) -> Cell:
    value = cell.value
    if getattr(cell, "data_type", "") in ("f", "e") or _computes(value):
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
    named = _NAMED.match(text)
    text = text[named.end() :] if named else text
    rows: list[list[Cell]] = []
    try:
        separator = named[1] if named else _separator(text)
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append([Formula() if _computes(cell.strip()) else cell[:CELL_MOST] for cell in row[:COLUMNS_MOST]])
            if len(rows) > ROWS_MOST + HEADS:
                raise Unreadable("rows")
    except csv.Error as error:
        raise Unreadable("broken") from error
    return rows


_NAMED = re.compile(r'"?sep=([;,\t|])"?\r?\n', re.IGNORECASE)
"""The first line that some spreadsheets write for others: what stands between the cells."""


def _separator(text: str) -> str:
    """What stands between the cells: of the first rows the most have the same number of cells then, and most cells."""

    def alike(separator: str) -> int:
        rows = csv.reader(StringIO("\n".join(text[:8_000].splitlines()[: 2 * HEADS]), newline=""), delimiter=separator)
        wide = Counter(len(row) for row in rows if any(row))
        return max((many * (width - 1) for width, many in wide.items()), default=0)

    return max(";,\t|", key=alike)


def decode(content: bytes) -> str:
    """The text of a .csv: UTF-8 with or without a mark, UTF-16, else one of the two old code pages of the Balkans.

    In Windows-1251 Cyrillic words are rows of high bytes; in Windows-1250 č, ć, ž, š and đ stand among low ones. One or
    two bytes that are broken in a text of UTF-8 are shown as such.
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
        text = _decoded(content, "utf-8-sig")
        if 10 * text.count("\ufffd") < sum(1 for letter in text if letter > "\x7f"):
            return text
        runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
        return _decoded(content, "cp1251" if 2 * sum(run for run in runs if run > 1) > sum(runs) else "cp1250")


def _likely(content: bytes, encoding: str) -> float:
    """The share of characters that a table here would have: Latin, Cyrillic, punctuation, line ends."""
    text = _decoded(content, encoding)
    good = sum(1 for c in text if c in "\t\r\n" or " " <= c < "\u0250" or "\u0400" <= c < "\u0530" or c in "–—„“”’€№")
    return good / max(1, len(text))


def _decoded(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="replace")
