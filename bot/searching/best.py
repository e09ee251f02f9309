"""Of very many listings with the words of a query the best, as the database has them in order: not only the newest."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from math import isqrt

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TextualSelect

from bot.searching.best_statements import Order, Suits, best_of, meetings_in_order, others_in_order
from bot.searching.hits import Hit, hit_of
from bot.searching.index_tables import on_postgres
from bot.searching.matching import COLUMNS, Wanted, marks_of_kinds, wanted
from bot.searching.query import Query
from bot.searching.search_statements import held_of

_ROWS = text("SELECT coalesce(max(id), 0) FROM listing")
_MATCHED = "SELECT count(*) FROM (SELECT 1 FROM listing_text WHERE {condition} LIMIT :most) AS matched"
_MATCHED_SQLITE = text(_MATCHED.format(condition="listing_text MATCH :match"))
FETCHED = 50
"""Rows that are read at once from what the database has in order."""


def best(session: Session, now: datetime, query: Query, most: int) -> list[Hit]:
    """The first `most` listings. `now` is UTC.

    First comes what suits, of that what is named (bot/searching/hits.py), of that what is in the own town, then by how
    well it has the words; among equals the nearest.
    """
    looking = _Looking(session, now, query, most)
    home = query.home if query.home and not query.town else 0
    every = wanted(query, query.terms, COLUMNS[-1])
    if looking.count(every) <= looking.few:
        return looking.ranked(every, home)
    suits = (True, False) if query.bands else (None,)
    named = (True, False) if query.named else (None,)
    places = ((home, 0), (0, home)) if home else ((0, 0),)
    found: dict[int, Hit] = {}
    for suit, name, (here, apart) in product(suits, named, places):
        asked = _of_kinds(wanted(query, query.terms, COLUMNS[-1], here, apart), query, name)
        matched = looking.count(asked)
        for hit in looking.of_group(asked, matched, suit, found) if matched else ():
            found.setdefault(hit.listing_id, hit)
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _of_kinds(asked: Wanted, query: Query, named: bool | None) -> Wanted:
    """The same of the kinds that were named, or of none of them."""
    if named is None:
        return asked
    kinds = marks_of_kinds(query.named)
    return replace(asked, one_of=kinds) if named else replace(asked, none_of=(*asked.none_of, *kinds))


class _Looking:
    """One search: how many listings there are decides from which side they are looked at."""

    def __init__(self, session: Session, now: datetime, query: Query, most: int) -> None:
        self.now, self.query, self.most = now, query, most
        self.connection = session.connection()
        self.postgres = on_postgres(session)
        held = held_of(session, now, query.until, query.days, query.on, query.to)
        self.shape, self.times = held.shape, {**held.values, "now": now}
        self.few = isqrt(most * (self.connection.execute(_ROWS).scalar() or 0) // 2)
        """Up to so many are looked at one by one, which costs so much each. Of more, the sessions to come are gone
        through in order until enough of them are met: the more there are, the sooner that is."""
        self.bands = {f"band{at}": f'%"{band}"%' for at, band in enumerate(sorted(query.bands))}

    def count(self, asked: Wanted) -> int:
        """How many the index has of these; one more than `few` for more."""
        if not self.postgres:
            statement, values = _MATCHED_SQLITE, self._asked(asked)[1]
        else:
            condition, values = self._asked(asked)
            statement = text(_MATCHED.format(condition=condition))
        return self.connection.execute(statement, {**values, "most": self.few + 1}).scalar() or 0

    def ranked(self, every: Wanted, home: int) -> list[Hit]:
        """The first `most` of few, looked at one by one, in their order."""
        near = wanted(self.query, self.query.terms, COLUMNS[-1], home) if home else None
        order = Order(len(self.bands), len(self.query.named))
        kinds = {f"kind{at}": kind for at, kind in enumerate(sorted(self.query.named))}
        return self._in_memory(every, None, order, self.most, near=near, values={**self.bands, **kinds})

    def of_group(self, asked: Wanted, matched: int, suits: bool | None, known: Mapping[int, Hit]) -> Iterator[Hit]:
        """The first `most` of a group of so many, in their order: with what has the words in its title."""
        of_age: Suits = None if suits is None else (suits, len(self.bands))
        ages = self.bands if of_age is not None else {}
        if matched <= self.few:
            yield from self._in_memory(asked, of_age, Order(), self.most + len(known), values=ages)
            return
        met = set(known)
        for columns in COLUMNS:
            narrower = replace(asked, columns=columns)
            many = matched if columns == asked.columns else self.count(narrower)
            if many <= self.few:
                hits = self._in_memory(narrower, of_age, Order(), self.most + len(met), values=ages)
            else:
                hits = self._in_order(narrower, of_age, ages, met)
            met |= {hit.listing_id for hit in hits}
            yield from hits
            if len(met) >= self.most:
                return

    def _in_memory(
        self,
        asked: Wanted,
        of_age: Suits,
        order: Order,
        most: int,
        *,
        near: Wanted | None = None,
        values: Mapping[str, object],
    ) -> list[Hit]:
        """The first of few. The database looks at each of them, and puts them in order."""
        like, bound = self._asked(asked)
        parts = {"near": near} if near is not None else {}
        if asked.columns == COLUMNS[-1]:  # else all of these have the words in the same columns
            parts |= {"title": replace(asked, columns=COLUMNS[0]), "main": replace(asked, columns=COLUMNS[1])}
        likes: dict[str, str] = {}
        for name, part in parts.items():
            likes[name], more = self._asked(part, name)
            bound |= more
        order = replace(order, near=likes.get("near"), title=likes.get("title"), main=likes.get("main"))
        statement = best_of(self.shape, like, of_age, order)
        rows = self.connection.execute(statement, {**values, **bound, **self.times, "most": most}).all()
        return [hit for row in rows if (hit := hit_of(self.query, row)) is not None]

    def _in_order(self, asked: Wanted, of_age: Suits, ages: Mapping[str, object], met: Container[int]) -> list[Hit]:
        """The nearest of many: sessions are gone through from now on until enough of the listings are met."""
        like, bound = self._asked(asked)
        values = {**ages, **bound, "now": self.now}
        meetings = self._first(meetings_in_order(self.shape, like, of_age), {**values, **self.times}, met)
        others = self._first(others_in_order(like, of_age), values, met)
        latest = self.now + timedelta(days=3660)
        return sorted((*meetings, *others), key=lambda hit: (hit.at or latest, hit.listing_id))

    def _asked(self, asked: Wanted, name: str = "match") -> tuple[str, dict[str, object]]:
        """The condition on the index, where it is one, and its values, by that name."""
        return asked.like(name) if self.postgres else ("", {name: asked.match()})

    def _first(self, statement: TextualSelect, values: Mapping[str, object], known: Container[int]) -> Iterator[Hit]:
        """The first `most` listings of rows that come in order, each once."""
        met: set[int] = set()
        options = {"yield_per": FETCHED}
        with self.connection.execute(statement, values, execution_options=options) as rows:
            for row in rows:
                if row[0] in met or row[0] in known:
                    continue
                met.add(row[0])
                hit = hit_of(self.query, row)
                if hit is not None:
                    yield hit
                if len(met) >= self.most:
                    return
