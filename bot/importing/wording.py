"""Columns of words in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.importing.columns import Bad, Column, Reader
from conversations.importing.words import HEADS
from conversations.staff.fields import LANGUAGES


def in_languages(*columns: Column) -> tuple[Column, ...]:
    """For each of some columns with words the same one in every language: words may be written in several."""
    return tuple(
        Column(f"{column.key}_{language}", HEADS[f"{column.key}_{language}"], column.read, language=language)
        for column in columns
        for language in LANGUAGES
    )


def words_in(reader: Reader, row: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What stands in a column and in those of its other languages, by language."""
    found = {language: row[f"{key}_{language}"] for language in LANGUAGES if row.get(f"{key}_{language}")}
    own = row.get(key)
    if own and found.get(reader.language, own) != own:
        raise Bad("own_language", f"{key}_{reader.language}")
    return {reader.language: own, **found} if own else found
