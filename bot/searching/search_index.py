"""The index of listings: their folded words, and the vocabulary by which mistyped words of a query are mended."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.language.fold import fold
from bot.searching.index_tables import on_postgres
from bot.searching.search_words import KINDS
from models.base import inserting
from models.house import Remembered, remember
from models.offers.listing import Listing, SearchWord
from models.offers.programme import Organisation, Project, Site, Subject, Town
from models.offers.sites import towns_of_sessions
from models.places.quota import towns_of_quotas
from models.visits.professional import towns_of

_SHORT = re.compile("[bcdfghjklmnpqrstvwxz]{2}")
VERSION = "search_words"
"""The name under which a mark of the vocabulary is remembered: it changes with every new word."""


def index_listing(session: Session, listing_id: int) -> None:
    """Bring the index up to date with a listing: to be called whenever one is made, changed, opened or closed."""
    session.flush()
    listing = session.get(Listing, listing_id)
    key = "id" if on_postgres(session) else "rowid"
    session.execute(text(f"DELETE FROM listing_text WHERE {key} = :id"), {"id": listing_id})  # noqa: S608  # two constants
    if listing is None or listing.state != "open":
        return
    title, main, rest = _texts(session, listing)
    session.execute(
        text(f"INSERT INTO listing_text ({key}, title, main, rest) VALUES (:id, :title, :main, :rest)"),  # noqa: S608  # two constants
        {"id": listing_id, "title": title, "main": main, "rest": f"{rest}{' '.join(_marks(session, listing))} "},
    )
    remember_words(session, {*title.split(), *main.split(), *rest.split()})


def marks(listing: Listing) -> tuple[str, ...]:
    """Words that no person types, by which the index filters."""
    return tuple(
        mark
        for mark in (
            town_mark(listing.town_id) if listing.town_id else "",
            subject_mark(listing.subject_id) if listing.subject_id else "",
            kind_mark(listing.kind),
        )
        if mark
    )


def _marks(session: Session, listing: Listing) -> tuple[str, ...]:
    """The marks of a listing, and those of every other town that it is meant for: all, where it is everywhere."""
    towns = towns_meant(session, listing.id)
    if listing.town_id is None and not towns:
        towns = tuple(session.scalars(select(Town.id)))
    return tuple(dict.fromkeys((*marks(listing), *map(town_mark, towns))))


def towns_meant(session: Session, listing_id: int) -> tuple[int, ...]:
    """The towns, beside its own, in which a listing is given or for whose people places of it are kept."""
    given = towns_of(session, listing_id), towns_of_sessions(session, listing_id), towns_of_quotas(session, listing_id)
    return tuple(dict.fromkeys(town for towns in given for town in towns))


def town_mark(town_id: int) -> str:
    """The mark of a town."""
    return f"zztown{town_id}"


def subject_mark(subject_id: int) -> str:
    """The mark of a subject."""
    return f"zzsubject{subject_id}"


def kind_mark(kind: str) -> str:
    """The mark of a kind."""
    return "zzkind" + fold(kind).replace(" ", "")


def _texts(session: Session, listing: Listing) -> tuple[str, str, str]:
    """What a listing is found by first (title, kind), then (subject), and everything else it is found by."""
    site = session.get(Site, listing.site_id) if listing.site_id else None
    town_id = listing.town_id or (site.town_id if site else None)
    town = session.get(Town, town_id) if town_id else None
    subject = session.get(Subject, listing.subject_id) if listing.subject_id else None
    project = session.get(Project, listing.project_id) if listing.project_id else None
    organisation = session.get(Organisation, listing.organisation_id)
    title = [*_said(listing.title), KINDS.get(listing.kind, listing.kind)]
    main = [*_said(subject.name if subject else {})]
    rest = [
        *_said(listing.summary),
        *_said(town.name if town else {}),
        *_said(site.name if site else {}),
        *_said(organisation.name if organisation else {}),
        *_said(project.title if project else {}),
        *(project.aliases if project else ()),
    ]
    return _padded(title), _padded(main), _padded(rest)


def _said(by_language: Mapping[str, Any]) -> Iterable[str]:
    return (str(words) for words in by_language.values())


def _padded(texts: Iterable[str]) -> str:
    """Folded, each word once, with a space before and after every word, which LIKE on PostgreSQL relies on."""
    words = dict.fromkeys(word for one in texts for word in fold(one).split())
    return f" {' '.join(words)} "


def remember_words(session: Session, words: Iterable[str]) -> None:
    """Add words to the vocabulary that queries are mended against; digits, single letters and words of two are of no
    help, but for abbreviations ("CV").
    """
    rows = [{"word": word[:64]} for word in sorted(words) if len(word) > 2 or _SHORT.fullmatch(word)]
    rows = [row for row in rows if not row["word"].isdigit()]
    if not rows:
        return
    insert = inserting(session.get_bind().dialect.name)
    added = session.execute(insert(SearchWord).on_conflict_do_nothing().returning(SearchWord.word), rows).all()
    if added:
        remember(session, VERSION, secrets.token_hex(8))


def version(session: Session) -> str:
    """The mark of the vocabulary as it is now."""
    return session.connection().execute(_VERSION).scalar() or ""


_VERSION = select(Remembered.__table__.c.value).where(Remembered.__table__.c.name == VERSION)
