"""Finding listings: free words in any script with a letter wrong, days and towns as filters, own town first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.searching.index_tables import on_postgres
from bot.searching.query import NO_WORDS, WORDS_MOST, Query, read_query
from bot.searching.search_index import index_listing, kind_mark, subject_mark, town_mark
from bot.searching.search_statements import MATCHING, held_of, nearest_calls, nearest_meetings, times
from bot.searching.texts import texts_of, weak_of
from conversations.blocks import AT_ANY_TIME

__all__ = ["Hit", "Query", "index_listing", "read_query", "search"]

MOST = 100
"""The most listings that are looked at closely, in the own town and elsewhere each."""
DEEPER = 20
"""How many times more are looked at where none of those fits."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing found, with its next session (UTC) or, for a call, its deadline."""

    listing_id: int
    block: str
    at: datetime | None
    suits: bool = True
    """False for what is for other ages than those of whoever may be booked for."""
    named: bool = False
    """True where the words name what kind of thing it is."""

    @property
    def group(self) -> tuple[bool, bool]:
        """By what results come first of all: what suits, and of that the kind of thing that was named."""
        return not self.suits, not self.named


# ---------------------------------------------------------------- searching


COLUMNS = (("title",), ("title", "main"), ("title", "main", "rest"))
"""Where words are looked for, the best first."""


def search(session: Session, now: datetime, query: Query, *, most: int = MOST) -> list[Hit]:
    """Open listings that fit, best first: for the ages asked for, of the kind that was named, in the own town, then
    words in the title, then the nearest session.

    Of very many, the newest `most` with these words are looked at, in the own town and elsewhere each;
    many more where none of those can be booked on the days asked for.
    """
    if (NO_WORDS,) in query.terms:
        return []
    rank = _ranked(session, query, most) if query.terms else _without_words(session, now, query)
    hits = with_times(session, now, query, list(rank))
    if not hits and len(rank) >= most == MOST:
        return search(session, now, query, most=MOST * DEEPER)
    latest = now + timedelta(days=3660)
    return sorted(hits, key=lambda hit: (*hit.group, *rank[hit.listing_id], hit.at or latest, hit.listing_id))


def _ranked(session: Session, query: Query, most: int) -> dict[int, tuple[int, int]]:
    """How far each listing is (0 in the own town, else 1), and how weakly it has the words: 0 in its title ... 2.

    Of several words only the listings that have all are few, and finding those takes as long in one column as in all.
    """
    near = town_mark(query.home) if query.home and not query.town else ""
    several = len(query.terms) > 1
    anywhere = matching(session, query, query.terms, 0, COLUMNS[-1], most) if several else None
    if anywhere is not None and (rank := _at_once(session, query, near, anywhere, most)) is not None:
        return rank
    rank = {}
    for far, home in ((0, query.home), (1, 0)) if near else ((0, 0),):
        found = _by_all if several else _by_column
        for listing_id, weak in found(session, query, home, most, None if home else anywhere):
            rank.setdefault(listing_id, (far, weak))
    return rank


def _at_once(
    session: Session, query: Query, near: str, found: Sequence[int], most: int
) -> dict[int, tuple[int, int]] | None:
    """The same where fewer than `most` have the words at all, or none: their texts tell the rest. None for more."""
    if len(found) >= most:
        return None
    texts = texts_of(session, found) if found else {}
    terms = query.terms[:WORDS_MOST]
    return {
        one: (int(bool(near) and near not in columns[-1]), weak_of(columns, terms)) for one, columns in texts.items()
    }


def _by_column(
    session: Session, query: Query, home: int, most: int, _known: Sequence[int] | None
) -> Iterable[tuple[int, int]]:
    """The newest `most` with these words, the best columns first, and how weakly each has them."""
    for weak, columns in enumerate(COLUMNS):
        found = matching(session, query, query.terms, home, columns, most)
        yield from ((one, weak) for one in found)
        if len(found) >= most:
            return


def _by_all(
    session: Session, query: Query, home: int, most: int, known: Sequence[int] | None
) -> Iterable[tuple[int, int]]:
    """The same from the widest columns on: where these have fewer than `most`, their texts tell the rest.

    `known` are those with the words anywhere in them, where that was looked up before.
    """
    wider: Sequence[int] = ()
    for weak in range(len(COLUMNS) - 1, -1, -1):
        found = matching(session, query, query.terms, home, COLUMNS[weak], most) if known is None else known
        if len(found) < most:
            texts = texts_of(session, found) if found else {}
            yield from ((one, weak_of(columns, query.terms[:WORDS_MOST])) for one, columns in texts.items())
            yield from ((one, weak + 1) for one in wider)
            return
        wider, known = found, None
    yield from ((one, 0) for one in wider)


def _without_words(session: Session, now: datetime, query: Query) -> dict[int, tuple[int, int]]:
    """The listings with the nearest sessions, those in the own town first."""
    rank: dict[int, tuple[int, int]] = {}
    for far, home in ((0, query.home), (1, 0)) if query.home and not query.town else ((0, 0),):
        found = _nearest(session, now, query, home)
        for listing_id in found:
            rank.setdefault(listing_id, (far, 0))
    return rank


def matching(
    session: Session, query: Query, terms: Sequence[Sequence[str]], home: int, columns: Sequence[str], most: int
) -> Sequence[int]:
    """Listings that fit the filters of a query and have each of these words in these columns, the newest first."""
    marks = [
        *([town_mark(query.town or home)] if query.town or home else ()),
        *([subject_mark(query.subject)] if query.subject else ()),
        *([kind_mark(query.kind)] if query.kind else ()),
    ]
    if on_postgres(session):
        return _like(session, terms[:WORDS_MOST], marks, columns, most)
    where = "" if columns == COLUMNS[-1] else f"{{{' '.join(columns)}}} : "  # naming all of them takes twice as long
    words = [f"{where}({' OR '.join(either)})" for either in terms[:WORDS_MOST]]
    match = " AND ".join([*words, *marks])
    found = session.connection().execute(MATCHING, {"match": match, "most": most})
    return found.scalars().all()


def _nearest(session: Session, now: datetime, query: Query, home: int) -> Sequence[int]:
    """Without words: the listings with the nearest sessions, and the calls that close first."""
    held = held_of(session, now, query.until, query.days)
    wanted = {"town": query.town or home, "subject": query.subject, "kind": query.kind}
    given = tuple(name for name, value in wanted.items() if value)
    values = {"now": now, **{name: wanted[name] for name in given}}
    connection = session.connection()
    meetings = connection.execute(nearest_meetings(given, held.shape), {**values, **held.values})
    calls = connection.execute(nearest_calls(given), values)
    return list(dict.fromkeys((*meetings.scalars().all(), *calls.scalars().all())))


def _like(
    session: Session, words: Iterable[Sequence[str]], marks: Iterable[str], columns: Sequence[str], most: int
) -> Sequence[int]:
    conditions = []
    values: dict[str, object] = {"most": most}
    for mark in marks:
        values[f"m{len(values)}"] = f"% {mark} %"
        conditions.append(f"rest LIKE :m{len(values) - 1}")
    for terms in words:
        either: list[str] = []
        for term in terms:
            name = f"t{len(values)}"
            values[name] = f"% {term} %"
            either.extend(f"{column} LIKE :{name}" for column in columns)
        conditions.append(f"({' OR '.join(either)})")
    statement = f"SELECT id FROM listing_text WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT :most"  # noqa: S608  # placeholders only
    return [row[0] for row in session.execute(text(statement), values)]


def with_times(session: Session, now: datetime, query: Query, ids: list[int]) -> list[Hit]:
    """Those of the candidates that can still be booked or applied for, with the time that counts."""
    if not ids:
        return []
    held = held_of(session, now, query.until, query.days)
    postgres = on_postgres(session)
    values = {"ids": ids if postgres else json.dumps(ids), "now": now, **held.values}
    hits: list[Hit] = []
    rows = session.connection().execute(times(held.shape, postgres), values).all()
    for listing_id, block, kind, bands, closes_at, starts_at in rows:
        if block == "OFF":
            at, fits = starts_at, starts_at is not None
        elif block in AT_ANY_TIME:
            at, fits = None, True
        else:
            at = closes_at
            fits = not query.days and (query.until is None or (closes_at is not None and closes_at <= query.until))
        if fits:
            suits = not query.bands or not (ages := _ages(bands)) or not ages.isdisjoint(query.bands)
            hits.append(Hit(listing_id, block, at, suits, kind in query.named))
    return hits


@lru_cache(maxsize=64)
def _ages(bands: str) -> frozenset[str]:
    """Age bands as they are stored."""
    return frozenset(json.loads(bands))
