"""Finding listings: free words in any script with a letter wrong, days and towns as filters, own town first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.searching.best import best
from bot.searching.hits import Hit, hit_of
from bot.searching.index_tables import on_postgres
from bot.searching.matching import COLUMNS, matching
from bot.searching.query import NO_WORDS, WORDS_MOST, Query, read_query
from bot.searching.search_index import index_listing, town_mark
from bot.searching.search_statements import held_of, nearest_calls, nearest_meetings, times
from bot.searching.texts import texts_of, weak_of

__all__ = ["COLUMNS", "Hit", "Query", "index_listing", "matching", "read_query", "search"]

MOST = 100
"""Listings beyond which no more are looked for: nobody pages through so many."""
FEW = 250
"""Up to so many with the words of a query are read and put in order here; of more the database gives the best."""


def search(session: Session, now: datetime, query: Query, *, most: int = MOST, few: int = FEW) -> list[Hit]:
    """Open listings that fit, best first: for the ages asked for, of the kind that was named, in the own town, then
    words in the title, then the nearest session. Of more than `few` with these words the first `most`.
    """
    if (NO_WORDS,) in query.terms:
        return []
    if query.terms:
        found = matching(session, query, query.terms, 0, COLUMNS[-1], few)
        if len(found) >= few:
            return best(session, now, query, most)
        rank = _ranked(session, query, found)
    else:
        rank = _without_words(session, now, query)
    hits = with_times(session, now, query, list(rank))
    latest = now + timedelta(days=3660)
    return sorted(hits, key=lambda hit: (*hit.group, *rank[hit.listing_id], hit.at or latest, hit.listing_id))


def _ranked(session: Session, query: Query, found: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How far each listing is (0 in the own town, else 1), and how weakly it has the words: 0 in its title ... 2."""
    near = town_mark(query.home) if query.home and not query.town else ""
    texts = texts_of(session, found) if found else {}
    terms = query.terms[:WORDS_MOST]
    return {
        one: (int(bool(near) and near not in columns[-1]), weak_of(columns, terms)) for one, columns in texts.items()
    }


def _without_words(session: Session, now: datetime, query: Query) -> dict[int, tuple[int, int]]:
    """The listings with the nearest sessions, those in the own town first."""
    rank: dict[int, tuple[int, int]] = {}
    for far, home in ((0, query.home), (1, 0)) if query.home and not query.town else ((0, 0),):
        found = _nearest(session, now, query, home)
        for listing_id in found:
            rank.setdefault(listing_id, (far, 0))
    return rank


def _nearest(session: Session, now: datetime, query: Query, home: int) -> Sequence[int]:
    """Without words: the listings with the nearest sessions, and the calls that close first."""
    held = held_of(session, now, query.until, query.days, query.on, query.to)
    wanted = {"town": query.town or home, "subject": query.subject, "kind": query.kind}
    given = tuple(name for name, value in wanted.items() if value)
    values = {"now": now, **{name: wanted[name] for name in given}}
    connection = session.connection()
    meetings = connection.execute(nearest_meetings(given, held.shape), {**values, **held.values})
    calls = connection.execute(nearest_calls(given), values)
    return list(dict.fromkeys((*meetings.scalars().all(), *calls.scalars().all())))


def with_times(session: Session, now: datetime, query: Query, ids: list[int]) -> list[Hit]:
    """Those of the candidates that can still be booked or applied for, with the time that counts."""
    if not ids:
        return []
    held = held_of(session, now, query.until, query.days, query.on, query.to)
    postgres = on_postgres(session)
    values = {"ids": ids if postgres else json.dumps(ids), "now": now, **held.values}
    rows = session.connection().execute(times(held.shape, postgres), values).all()
    return [hit for row in rows if (hit := hit_of(query, row)) is not None]
