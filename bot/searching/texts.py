"""The folded words of listings as the index holds them, column by column."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from bot.searching.index_tables import on_postgres

_TEXTS = text("SELECT rowid, title, main, rest FROM listing_text WHERE rowid IN (SELECT value FROM json_each(:ids))")
_TEXTS_POSTGRES = text("SELECT id, title, main, rest FROM listing_text WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)

Columns = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""The words of a listing in its title, its subject, and the rest."""


def texts_of(session: Session, ids: Sequence[int]) -> dict[int, Columns]:
    """The words of some listings."""
    connection = session.connection()
    if on_postgres(session):
        rows = connection.execute(_TEXTS_POSTGRES, {"ids": list(ids)}).all()
    else:
        rows = connection.execute(_TEXTS, {"ids": json.dumps(list(ids))}).all()
    return {
        listing_id: (frozenset(title.split()), frozenset(main.split()), frozenset(rest.split()))
        for listing_id, title, main, rest in rows
    }


def weak_of(columns: Columns, terms: Sequence[Sequence[str]]) -> int:
    """How weakly a listing that has some words has them: 0 where all stand in its title, 1 with its subject, else 2."""
    title, main, _rest = columns
    return next(
        (weak for weak, words in enumerate((title, title | main)) if not any(map(words.isdisjoint, terms))),
        2,
    )
