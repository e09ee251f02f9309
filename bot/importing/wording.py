"""Columns of words in several languages, of "yes" and "no", and of what an organisation has published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bot.importing.columns import Bad, Column, Read, Reader, as_text, choice, named
from bot.importing.reading import Cell
from conversations.importing.words import HEADS, YES_NO
from conversations.speech import Words, said
from conversations.staff.fields import LANGUAGES
from models.offers.listing import Listing

OFFERED_MOST = 100
"""The newest listings, as a template offers them."""
_YES, _NO = frozenset(("1", "x", "+", "✓", "✔", "true")), frozenset(("0", "-", "–", "false"))


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


def yes_no(key: str, *, sets: tuple[str, ...] = ()) -> Column:
    """A column of "yes" and "no", also as spreadsheets tick it."""
    either: Read = choice(YES_NO)

    def read(cell: Cell, reader: Reader) -> bool:
        said = as_text(cell).casefold()
        return said in _YES or (said not in _NO and either(cell, reader) == "yes")

    return Column(key, HEADS[key], read, choices=lambda _reader: list(YES_NO.values()), sets=sets)


def published(reader: Reader) -> list[tuple[int, Mapping[str, str]]]:
    """The open listings of the organisation by their titles, alone and with the town behind them."""
    found = reader.seen.get("published")
    if found is None:
        wanted = select(Listing).where(Listing.organisation_id == reader.organisation_id, Listing.state == "open")
        rows = reader.session.scalars(wanted.order_by(Listing.id)).all()
        found = reader.seen["published"] = [(row.id, with_town(reader, row.title, row.town_id)) for row in rows]
    return list(found)


def with_town(reader: Reader, names: Mapping[str, Any], town_id: int | None) -> dict[str, str]:
    """Names by language, and each with the town behind it: two of the same name are told apart by that."""
    town = next((one.name for one in reader.towns if one.id == town_id), {})
    behind = {f"{key}+": f"{name}, {town.get(key) or next(iter(town.values()))}" for key, name in names.items() if town}
    return {**{key: str(name) for key, name in names.items()}, **behind}


def listing_column(key: str, *, sets: tuple[str, ...] = ()) -> Column:
    """A column that names something the organisation has published."""
    return Column(
        key,
        HEADS[key],
        named(published, "listing"),
        choices=lambda reader: [said(Words.of(names)) for _id, names in published(reader)[-OFFERED_MOST:]],
        sets=sets,
    )
