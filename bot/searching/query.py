"""Reading a query: what somebody wrote as words of the vocabulary, with days, towns and kinds understood."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from bot.language.fold import fold
from bot.searching.kind_names import forms_of, kinds_named
from bot.searching.search_statements import Towns, all_towns
from bot.searching.search_words import EMPTY, ENDINGS, NEXT_WEEK, TODAY, TOMORROW, WEEK, WEEKDAYS, WEEKEND
from bot.searching.vocabulary import Vocabulary, as_spoken, vocabulary_of
from bot.times.reading_dates import dated

WORDS_MOST = 8
"""The most words of a query that count."""
LONGEST = 200
"""Characters of a query that are read."""
NO_WORDS = "zznothing"
"""A term that no listing has: nothing of what was written is known."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words of the vocabulary (for each typed word those it may be), and filters.

    `days` are local days of the week (0 = Monday), `on` is one day of the calendar; `until` a last instant (UTC) for
    the next session.
    """

    terms: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    subject: int = 0
    town: int = 0
    days: frozenset[int] = frozenset()
    on: date | None = None
    to: date | None = None
    """The last day, where `on` is the first of several: next week."""
    until: datetime | None = None
    home: int = 0
    """The person's own town, which comes first."""
    typed: tuple[str, ...] = ()
    """What was typed for each of `terms`, folded."""
    unknown: int = 0
    """How many words were typed beside these that stand in no listing, not even with a letter wrong."""
    named: frozenset[str] = frozenset()
    """The kinds of listings that words name: a job, a course. Listings of these come before what only mentions it."""
    bands: frozenset[str] = frozenset()
    """The ages for which may be booked, none where that is any: what is for others comes last."""


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
    on, rest = dated(words[:LONGEST], now, zone)
    split, week = _without(WEEK, _split(rest))
    split, next_week = _without(NEXT_WEEK, split)
    to = None
    if next_week and on is None:
        on = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=7 - today)
        to = on + timedelta(days=6)
    for word in split:
        if found := _days(word, today):
            days |= found
        elif not query.town and (town := _town(word, towns)):
            query = replace(query, town=town)
        elif word in EMPTY:
            empty.append(word)
        else:
            meant.append(word)
    vocabulary = vocabulary_of(session)
    if not meant and not days and on is None and not week and not query.town:
        meant = empty
    named = frozenset(kind for word in empty for kind in kinds_named(word))
    known: list[tuple[str, tuple[str, ...]]] = []
    for word in meant:
        terms, kinds = _terms(vocabulary, word)
        named |= kinds
        if terms:
            known.append((word, terms))
    mended = tuple(terms for _word, terms in known)
    if meant and not known:  # nothing that was written is known: nothing is found, rather than everything
        mended = ((NO_WORDS,),)
    days = days if on is None else set()
    until = now + timedelta(days=7) if week and on is None else query.until
    if days and any(word in TODAY | TOMORROW for word in _split(words)):
        until = now + timedelta(days=2)
    typed = tuple(word for word, _terms in known)
    unknown = len(meant) - len(known)
    when = replace(query, days=frozenset(days), on=on, to=to, until=until)
    return replace(when, terms=mended, typed=typed, unknown=unknown, named=named)


def _terms(vocabulary: Vocabulary, word: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """What a word may stand for, and the kinds that it names: these are found by every form of the name."""
    terms = vocabulary.mend(word)
    named = kinds_named(word, terms)
    return (forms_of(word, terms, named) if named else terms), named


def _split(words: str) -> list[str]:
    return [_plain(word) for word in fold(words[:LONGEST]).split()[: WORDS_MOST * 2]]


def _plain(word: str) -> str:
    """A word as it sounds where that is one of those understood here: nedelq, ne6to."""
    spoken = as_spoken(word)
    return spoken if spoken in EMPTY or _days(spoken, 0) else word


def _without(week: Sequence[tuple[str, str]], split: list[str]) -> tuple[list[str], bool]:
    """The words without "this week" (or whatever these pairs say), and whether that was among them."""
    at = next((place for place, pair in enumerate(itertools.pairwise(split)) if pair in week), None)
    return (split, False) if at is None else ([*split[:at], *split[at + 2 :]], True)


def _days(word: str, today: int) -> set[int]:
    if word in TODAY:
        return {today}
    if word in TOMORROW:
        return {(today + 1) % 7}
    if word in WEEKEND:
        return {5, 6}
    return {day for day, names in enumerate(WEEKDAYS) if word in names}


def on_a_day_named(now: datetime, words: str, local: datetime) -> bool:
    """True if a local moment is on a day that words name: "maths Thursday", "tomorrow", "3 March"."""
    zone = str(local.tzinfo)
    on, rest = dated(words[:LONGEST], now, zone)
    if on is not None:
        return local.date() == on
    today = now.astimezone(ZoneInfo(zone)).weekday()
    return any(local.weekday() in _days(word, today) for word in _split(rest))


def only_a_day(now: datetime, words: str, zone: str) -> bool:
    """True for words that say when, and nothing beside that: "3 March", "on Friday", "this week"."""
    on, rest = dated(words[:LONGEST], now, zone)
    split, week = _without((*WEEK, *NEXT_WEEK), _split(rest))
    days = [word for word in split if _days(word, 0)]
    return (on is not None or week or bool(days)) and all(word in EMPTY for word in split if word not in days)


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
