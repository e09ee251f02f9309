"""Checking a table row by row: what can be added, and everything that is wrong, each with its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from bot.importing.columns import ALIKE, Bad, Column, Reader, as_text, heads_of, in_words
from bot.importing.kinds import Entry, Kind
from bot.importing.reading import HEADS, Cell, Formula, Unreadable
from bot.language.fold import fold
from conversations.importing.words import MARKS

Problem = tuple[int, str, str, dict[str, str]]
"""Row in the file (from 1), column, reason, values: words stand in conversations/importing/words.py."""


@dataclass
class Checked:
    """What a table came to."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check(rows: Sequence[Sequence[Cell]], kind: Kind, reader: Reader) -> Checked:
    """Check every row below the head. Raises Unreadable where there is no head, no row, or there are too many."""
    at, heads = _head(rows, kind)
    checked = Checked(problems=_wrong_heads(rows, at, heads, kind, reader))
    if checked.problems:
        return checked
    below = _below(rows, at)
    if not below:
        raise Unreadable("empty")
    if len(below) > kind.most:
        raise Unreadable("rows")
    known: set[str] = set()
    for number, row in below:
        _row(number, row, heads, kind, reader, checked, known)
    return checked


def _head(rows: Sequence[Sequence[Cell]], kind: Kind) -> tuple[int, dict[str, int]]:
    """The first row in which at least half of the required columns stand, and where each column is."""
    names = {name: column.key for column in kind.columns for name in heads_of(column)}
    needed = {column.key for column in kind.columns if column.required}
    for at, row in enumerate(rows[:HEADS]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = names.get(fold(cell)) if isinstance(cell, str) else None
            if key is not None:
                found.setdefault(key, place)
        if 2 * len(needed & set(found)) >= len(needed):
            return at, found
    raise Unreadable("heads")


def has_heads(rows: Sequence[Sequence[Cell]], kind: Kind) -> bool:
    """True if every column that a kind needs has its head in one row."""
    try:
        _at, found = _head(rows, kind)
    except Unreadable:
        return False
    return all(column.key in found for column in kind.columns if column.required)


def _below(rows: Sequence[Sequence[Cell]], at: int) -> list[tuple[int, Sequence[Cell]]]:
    """The rows below the head in which something stands, with their numbers in the file."""
    return [
        (number, row)
        for number, row in enumerate(rows[at + 1 :], at + 2)
        if any(cell not in (None, "") for cell in row) and not _is_example(row)
    ]


def _wrong_heads(
    rows: Sequence[Sequence[Cell]], at: int, heads: dict[str, int], kind: Kind, reader: Reader
) -> list[Problem]:
    """Columns that are missing, not known, there twice, or without a head: no table is understood in half."""
    found: list[Problem] = [
        (at + 1, column.key, "columns", {}) for column in kind.columns if column.required and column.key not in heads
    ]
    known = {name: column for column in kind.columns for name in heads_of(column)}
    places = set(heads.values())
    for place, cell in enumerate(rows[at]):
        if place in places or cell in (None, "") or (isinstance(cell, str) and not cell.strip()):
            continue
        try:
            written = as_text(cell)
        except Bad as bad:
            found.append((at + 1, _letter(place), bad.reason, {}))
            continue
        said = fold(written)
        near = process.extractOne(said, list(known), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if said in known:
            found.append((at + 1, known[said].key, "again", {}))
        elif near is None:
            found.append((at + 1, written[:40], "unknown", {}))
        else:
            found.append((at + 1, written[:40], "unknown_near", {"near": in_words(reader, known[near[0]].head)}))
        places.add(place)
    below = {place for _number, row in _below(rows, at) for place, cell in enumerate(row) if cell not in (None, "")}
    found += [(at + 1, _letter(place), "headless", {}) for place in sorted(below - places)]
    return found


def _letter(place: int) -> str:
    """A column as spreadsheets name it: A, B, ... Z, AA."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _is_example(row: Sequence[Cell]) -> bool:
    """True for the template's own first row, where somebody left it."""
    return any(isinstance(cell, str) and any(mark in cell for mark in MARKS) for cell in row[:3])


def _row(
    number: int,
    row: Sequence[Cell],
    heads: dict[str, int],
    kind: Kind,
    reader: Reader,
    checked: Checked,
    known: set[str],
) -> None:
    values: dict[str, Any] = {}
    wrong = False
    for column in kind.columns:
        place = heads.get(column.key)
        cell = row[place] if place is not None and place < len(row) else None
        try:
            values[column.key] = _cell(cell, column, reader)
        except Bad as bad:
            checked.problems.append((number, bad.column or column.key, bad.reason, bad.values))
            wrong = True
    if wrong:
        return
    try:
        entry: Entry = kind.entry(values, reader)
        if (key := kind.key(entry)) in known:
            raise Bad("twice", kind.key_column)
        known.add(key)
        if kind.there(entry, reader):
            raise Bad("there", kind.key_column)
    except Bad as bad:
        checked.problems.append((number, bad.column or kind.key_column, bad.reason, bad.values))
        return
    checked.entries.append(dict(entry))


def _cell(cell: Cell, column: Column, reader: Reader) -> Any:
    if isinstance(cell, Formula):
        raise Bad("formula")
    if cell is None or (isinstance(cell, str) and not as_text(cell)):
        if column.required:
            raise Bad("missing")
        return None
    return column.read(cell, reader)
