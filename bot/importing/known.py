"""What an organisation has already: named in cells, and compared with what a table would add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from bot.importing.columns import Column, Reader, named
from conversations.importing.words import HEADS
from conversations.speech import Words, said
from models.asking.box import Box
from models.asking.survey import Survey
from models.asking.vote import Poll
from models.offers.listing import Listing

OFFERED_MOST = 100
"""The newest listings, as a template offers them."""
T = TypeVar("T", Box, Listing, Poll, Survey)


def open_now(reader: Reader, table: type[T]) -> list[T]:
    """What is the organisation's and open, in the order in which it was made; read once."""
    found: list[T] | None = reader.seen.get(table.__tablename__)
    if found is None:
        wanted = select(table).where(table.organisation_id == reader.organisation_id, table.state == "open")
        found = reader.seen[table.__tablename__] = list(reader.session.scalars(wanted.order_by(table.id)))
    return found


def published(reader: Reader) -> list[tuple[int, Mapping[str, str]]]:
    """The open listings of the organisation by their titles, alone and with the town behind them."""
    found = reader.seen.get("published")
    if found is None:
        rows = open_now(reader, Listing)
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
