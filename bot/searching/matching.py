"""Asking the index: which listings fit the filters of a query and have its words in certain columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.searching.index_tables import on_postgres
from bot.searching.query import WORDS_MOST, Query
from bot.searching.search_index import kind_mark, subject_mark, town_mark
from bot.searching.search_statements import MATCHING

COLUMNS = (("title",), ("title", "main"), ("title", "main", "rest"))
"""Where words are looked for, the best first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the index: words, each in one of its forms, in some columns, and marks.

    `one_of` are marks of which a listing has at least one; `none_of` those of which it has none.
    """

    words: Sequence[Sequence[str]]
    columns: Sequence[str] = COLUMNS[-1]
    marks: Sequence[str] = ()
    one_of: Sequence[str] = ()
    none_of: Sequence[str] = ()

    def match(self) -> str:
        """The same as SQLite's index reads it."""
        where = (
            "" if self.columns == COLUMNS[-1] else f"{{{' '.join(self.columns)}}} : "
        )  # naming all takes twice as long
        parts = [*(f"{where}({' OR '.join(either)})" for either in self.words), *self.marks]
        if self.one_of:
            parts.append(f"({' OR '.join(self.one_of)})")
        match = " AND ".join(parts)
        return f"({match}) NOT ({' OR '.join(self.none_of)})" if self.none_of else match

    def like(self, names: str = "w") -> tuple[str, dict[str, object]]:
        """The same as a condition on PostgreSQL's table, and its values, whose names begin like that."""
        made = _Like(names)
        parts = [made.has("rest", mark) for mark in self.marks]
        parts += [
            f"({' OR '.join(made.has(column, term) for term in either for column in self.columns)})"
            for either in self.words
        ]
        if self.one_of:
            parts.append(f"({' OR '.join(made.has('rest', mark) for mark in self.one_of)})")
        parts += [f"NOT {made.has('rest', mark)}" for mark in self.none_of]
        return " AND ".join(parts), made.values


@dataclass(slots=True)
class _Like:
    """Conditions on the words of a text, and their values."""

    names: str
    values: dict[str, object] = field(default_factory=dict)

    def has(self, column: str, word: str) -> str:
        """The condition that a column has a word."""
        name = f"{self.names}{len(self.values)}"
        self.values[name] = f"% {word} %"
        return f"{column} LIKE :{name}"


def wanted(
    query: Query, terms: Sequence[Sequence[str]], columns: Sequence[str], home: int = 0, apart: int = 0
) -> Wanted:
    """The filters of a query and some words. `home` is a town that it is to be in, `apart` one that it is not."""
    marks = [
        *([town_mark(query.town or home)] if query.town or home else ()),
        *([subject_mark(query.subject)] if query.subject else ()),
        *([kind_mark(query.kind)] if query.kind else ()),
    ]
    return Wanted(terms[:WORDS_MOST], columns, marks, none_of=[town_mark(apart)] if apart else ())


def matching(
    session: Session, query: Query, terms: Sequence[Sequence[str]], home: int, columns: Sequence[str], most: int
) -> Sequence[int]:
    """Listings that fit the filters of a query and have each of these words in these columns, the newest first."""
    asked = wanted(query, terms, columns, home)
    if not on_postgres(session):
        found = session.connection().execute(MATCHING, {"match": asked.match(), "most": most})
        return found.scalars().all()
    where, values = asked.like()
    statement = f"SELECT id FROM listing_text WHERE {where} ORDER BY id DESC LIMIT :most"  # noqa: S608  # placeholders only
    return [row[0] for row in session.execute(text(statement), {**values, "most": most})]


def marks_of_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """The marks of some kinds of listings, always in one order."""
    return tuple(map(kind_mark, sorted(kinds)))
