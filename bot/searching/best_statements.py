"""The statements that put very many matches in order, each made once (bot/searching/best.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.sql.selectable import TextualSelect

from bot.searching.search_statements import OF_LISTING, OPEN, Shape, held_where, hits_of

Suits = tuple[bool, int] | None
"""Whether it is to be for some ages, or is not to be, and for how many; None for all ages."""
Matched = str
"""PostgreSQL's condition on the words of a listing; "" on SQLite, whose index is asked by a value."""


@dataclass(frozen=True, slots=True)
class Order:
    """By what listings come first, before time: `bands` and `kinds` are how many are asked for; `near`, `title` and
    `main` ask the index who is in the own town, and who has the words in these columns.
    """

    bands: int = 0
    kinds: int = 0
    near: Matched | None = None
    title: Matched | None = None
    main: Matched | None = None


def _for_ages(bands: int) -> str:
    ages = " OR ".join(f"CAST(listing.bands AS TEXT) LIKE :band{at}" for at in range(bands))
    return f"(CAST(listing.bands AS TEXT) = '[]' OR {ages})"


def _of_age(suits: Suits) -> str:
    return "" if suits is None else f" AND {'' if suits[0] else 'NOT '}{_for_ages(suits[1])}"


def _index(like: Matched, value: str = "match") -> str:
    """The listings that the index has."""
    if like:
        return f"SELECT id AS value FROM listing_text WHERE {like}"  # noqa: S608  # placeholders only
    return f"SELECT rowid AS value FROM listing_text WHERE listing_text MATCH :{value}"  # noqa: S608  # constants


def _first(order: Order) -> list[str]:
    """What is sorted by before time: 0 for what comes first."""
    conditions = [_for_ages(order.bands)] if order.bands else []
    if order.kinds:
        conditions.append(f"listing.kind IN ({', '.join(f':kind{at}' for at in range(order.kinds))})")
    if order.near is not None:
        conditions.append(f"listing.id IN ({_index(order.near, 'near')})")
    flags = [f"CASE WHEN {condition} THEN 0 ELSE 1 END" for condition in conditions]
    if order.title is not None and order.main is not None:
        title, main = _index(order.title, "title"), _index(order.main, "main")
        flags.append(f"CASE WHEN listing.id IN ({title}) THEN 0 WHEN listing.id IN ({main}) THEN 1 ELSE 2 END")
    return flags


@lru_cache(maxsize=128)
def best_of(shape: Shape, like: Matched, suits: Suits, order: Order) -> TextualSelect:
    """The listings that the index has, looked at one by one: the first `:most`, by `order` and then by time.

    What a listing needs is worked out once and kept, or SQLite does it for each place where it is named; and it goes
    from the index to the listings as it is told to, or it would go through all that are open.
    """
    until, days = shape
    first = [f"{flag} AS by{at}" for at, flag in enumerate(_first(order))]
    calls = " AND block NOT IN ('CALL', 'GRANT')" if days else ""
    if until and not days:
        calls = " AND (block NOT IN ('CALL', 'GRANT') OR closes_at <= :until)"
    at = "CASE block WHEN 'OFF' THEN starts_at WHEN 'APT' THEN NULL WHEN 'RES' THEN NULL ELSE closes_at END"
    starts_at = (
        f"SELECT min(session.starts_at) FROM session WHERE session.listing_id = listing.id AND {held_where(shape)}"  # noqa: S608  # constants
    )
    statement = (
        f"WITH hits AS MATERIALIZED (SELECT {', '.join((OF_LISTING, *first))}, "  # noqa: S608  # placeholders only
        f"CASE WHEN listing.block = 'OFF' THEN ({starts_at}) END AS starts_at "
        f"FROM ({_index(like)}) AS wanted CROSS JOIN listing "
        f"WHERE listing.id = wanted.value AND {OPEN}{_of_age(suits)}) "
        "SELECT id, block, kind, bands, closes_at, starts_at FROM hits "
        f"WHERE (block <> 'OFF' OR starts_at IS NOT NULL){calls} "
        f"ORDER BY {''.join(f'by{at}, ' for at in range(len(first)))}"
        f"CASE WHEN {at} IS NULL THEN 1 ELSE 0 END, {at}, id LIMIT :most"
    )
    return hits_of(statement, shape)


@lru_cache(maxsize=128)
def meetings_in_order(shape: Shape, like: Matched, suits: Suits) -> TextualSelect:
    """Sessions to come of the listings that the index has, the nearest first, as they are asked for.

    Behind the sign SQLite does not begin from the listings but goes from session to session.
    """
    sign = "" if like else "+"
    statement = (
        f"SELECT {OF_LISTING}, session.starts_at FROM session CROSS JOIN listing "  # noqa: S608  # placeholders only
        f"WHERE listing.id = session.listing_id AND listing.block = 'OFF' AND {held_where(shape)} AND {OPEN}"
        f"{_of_age(suits)} AND {sign}session.listing_id IN ({_index(like)}) "
        "ORDER BY session.starts_at, session.listing_id"
    )
    return hits_of(statement, shape)


@lru_cache(maxsize=128)
def others_in_order(like: Matched, suits: Suits) -> TextualSelect:
    """What is not held in sessions, by its deadline; what has none comes last."""
    sign = "" if like else "+"
    statement = (
        f"SELECT {OF_LISTING}, NULL AS starts_at FROM listing "  # noqa: S608  # placeholders only
        f"WHERE listing.block IN ('CALL', 'GRANT', 'APT', 'RES') AND {OPEN}{_of_age(suits)}"
        f" AND {sign}listing.id IN ({_index(like)}) "
        "ORDER BY CASE WHEN listing.block IN ('APT', 'RES') OR listing.closes_at IS NULL THEN 1 ELSE 0 END, "
        "listing.closes_at, listing.id"
    )
    return hits_of(statement)
