"""Finding listings: free words in any script with a letter wrong, days and towns as filters, own town first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.language.fold import fold
from bot.searching.search_index import ensure, index_listing, kind_mark, on_postgres, subject_mark, town_mark
from bot.searching.search_statements import MATCHING, Towns, all_towns, held_of, nearest_calls, nearest_meetings, times
from bot.searching.search_words import EMPTY, ENDINGS, TODAY, TOMORROW, WEEKDAYS, WEEKEND
from bot.searching.vocabulary import vocabulary_of
from conversations.blocks import AT_ANY_TIME

__all__ = ["Hit", "Query", "ensure", "index_listing", "read_query", "search"]

MOST = 100
"""The most listings that are looked at closely, in the own town and elsewhere each."""
DEEPER = 20
"""How many times more are looked at where none of those fits."""
WORDS_MOST = 8
"""The most words of a query that count."""
LONGEST = 200
"""Characters of a query that are read."""

_NO_WORDS = "zznothing"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words of the vocabulary (for each typed word those it may be), and filters.

    `days` are local days of the week (0 = Monday); `until` a last instant (UTC) for the next session.
    """

    terms: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    subject: int = 0
    town: int = 0
    days: frozenset[int] = frozenset()
    until: datetime | None = None
    home: int = 0
    """The person's own town, which comes first."""
    typed: tuple[str, ...] = ()
    """What was typed for each of `terms`, folded."""
    unknown: int = 0
    """How many words were typed beside these that stand in no listing, not even with a letter wrong."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing found, with its next session (UTC) or, for a call, its deadline."""

    listing_id: int
    block: str
    at: datetime | None


# ---------------------------------------------------------------- reading a query


def read_query(session: Session, now: datetime, words: str, zone: str, query: Query | None = None) -> Query:
    """What somebody wrote, as a query: days and towns become filters, other words are mended.

    `now` is UTC; `zone` tells what day today is. `query` holds filters that were chosen before.
    """
    query = query or Query()
    days: set[int] = set()
    meant: list[str] = []
    empty: list[str] = []
    towns = _names(all_towns(session))
    today = now.astimezone(ZoneInfo(zone)).weekday()
    for word in _split(words):
        if found := _days(word, today):
            days |= found
        elif not query.town and (town := _town(word, towns)):
            query = replace(query, town=town)
        elif word in EMPTY:
            empty.append(word)
        else:
            meant.append(word)
    vocabulary = vocabulary_of(session)
    if not meant and not days and not query.town:
        meant = empty
    known = tuple((word, terms) for word in meant if (terms := vocabulary.mend(word)))
    mended = tuple(terms for _word, terms in known)
    if meant and not known:  # nothing that was written is known: nothing is found, rather than everything
        mended = ((_NO_WORDS,),)
    until = query.until
    if days and any(word in TODAY | TOMORROW for word in _split(words)):
        until = now + timedelta(days=2)
    typed = tuple(word for word, _terms in known)
    return replace(query, terms=mended, typed=typed, unknown=len(meant) - len(known), days=frozenset(days), until=until)


def _split(words: str) -> list[str]:
    return fold(words[:LONGEST]).split()[: WORDS_MOST * 2]


def _days(word: str, today: int) -> set[int]:
    if word in TODAY:
        return {today}
    if word in TOMORROW:
        return {(today + 1) % 7}
    if word in WEEKEND:
        return {5, 6}
    return {day for day, names in enumerate(WEEKDAYS) if word in names}


@lru_cache(maxsize=4)
def _names(towns: Towns) -> tuple[tuple[str, int], ...]:
    """Every name of every town, folded, with its id."""
    return tuple(
        {(fold(str(said)), town) for town, _zone, names in towns for said in json.loads(names).values() if said}
    )


def _town(word: str, towns: Sequence[tuple[str, int]]) -> int:
    """The town that a word names, in whatever case it stands; 0 for none or for two that it might be."""
    close = {town for name, town in towns if any(_is_town(word, part) for part in name.split() if len(part) > 2)}
    if not close and len(word) > 4:
        close = {town for name, town in towns if fuzz.ratio(word, name) >= 84}
    return close.pop() if len(close) == 1 else 0


def _is_town(word: str, name: str) -> bool:
    stem = name[:-1] if len(name) > 4 and name[-1] in "aeiou" else name
    return word.startswith(stem) and word[len(stem) :] in ENDINGS


# ---------------------------------------------------------------- searching


COLUMNS = (("title",), ("title", "main"), ("title", "main", "rest"))
"""Where words are looked for, the best first."""


def search(session: Session, now: datetime, query: Query, *, most: int = MOST) -> list[Hit]:
    """Open listings that fit, best first: own town, then words in the title, then the nearest session.

    Of very many, the newest `most` with these words are looked at, in the own town and elsewhere each;
    many more where none of those can be booked on the days asked for.
    """
    if (_NO_WORDS,) in query.terms:
        return []
    rank: dict[int, tuple[int, int]] = {}
    places = ((0, query.home), (1, 0)) if query.home and not query.town else ((0, 0),)
    for far, home in places:
        for weak, columns in enumerate(COLUMNS if query.terms else ((),)):
            found = (
                matching(session, query, query.terms, home, columns, most)
                if columns
                else _nearest(session, now, query, home)
            )
            for listing_id in found:
                rank.setdefault(listing_id, (far, weak))
            if len(found) >= most:
                break
    hits = with_times(session, now, query, list(rank))
    if not hits and len(rank) >= most == MOST:
        return search(session, now, query, most=MOST * DEEPER)
    latest = now + timedelta(days=3660)
    return sorted(hits, key=lambda hit: (*rank[hit.listing_id], hit.at or latest, hit.listing_id))


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
    for listing_id, block, closes_at, starts_at in rows:
        if block == "OFF":
            if starts_at is not None:
                hits.append(Hit(listing_id, block, starts_at))
        elif block in AT_ANY_TIME:
            hits.append(Hit(listing_id, block, None))
        elif not query.days and (query.until is None or (closes_at is not None and closes_at <= query.until)):
            hits.append(Hit(listing_id, block, closes_at))
    return hits
