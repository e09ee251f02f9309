"""What is nearest where no listing has all the words of a query: each word may be left out, or meant by one alike."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.searching.query import Query
from bot.searching.search import COLUMNS, Hit, matching, with_times
from bot.searching.texts import texts_of
from bot.searching.vocabulary import Vocabulary, stem_of, vocabulary_of

WORDS_TRIED = 3
"""The words of a query that are tried: each of them together with what else fits of the others."""
NEWEST = 10
"""The listings that are looked at for each of these, in the own town and anywhere."""
SHOWN_MOST = 30

_IN = (3, 2, 1)
"""What a word is worth by where it stands: in the title, the subject, the rest."""
_ITSELF, _MENDED = 6, 3
"""What a word itself is worth more than one that only looks like a known one; and one that is not known at all, and
was mended."""
_ENDINGS = ("ima", "ama", "oga", "oj", "om", "og", "im", "ih", "em")
_ROOT = 6
"""Letters that a word keeps at least where such an ending is taken from it."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A typed word: words of the vocabulary that are it, that it was mended to, and that only look like it."""

    itself: frozenset[str]
    mended: frozenset[str]
    alike: frozenset[str]

    @property
    def either(self) -> tuple[str, ...]:
        return (*self.itself, *self.mended, *self.alike)

    def worth(self, columns: Sequence[frozenset[str]]) -> int:
        """What a listing with these words in its columns is worth to who typed this one; 0 without it."""
        for meant, more in ((self.itself, _ITSELF), (self.mended, _MENDED), (self.alike, 0)):
            for found, place in zip(columns, _IN, strict=True):
                if not found.isdisjoint(meant):
                    return more + place
        return 0


def nearest(session: Session, now: datetime, query: Query) -> list[Hit]:
    """Open listings with the most of a query's words, best first; none where it has no word that is known.

    First come those for the ages asked for, of these those with more of the words; of as many the kind that was named,
    and the own town before others; then where the words stand, and of equal ones those with the words that were
    written first. `now` is UTC. The filters of the query hold as always.
    """
    words = _words(session, query)
    # a listing with one word itself may be nearer than one with several that only look like those that were typed
    groups = (*_together(session, query, words), *([word] for word in words))
    found = [one for group in groups for one in _newest(session, query, group)]
    hits = with_times(session, now, query, list(dict.fromkeys(listing_id for listing_id, _own in found)))
    if not hits:
        return []
    return _ranked(session, now, words, hits, {listing_id for listing_id, own in found if own})


def _words(session: Session, query: Query) -> list[_Word]:
    """The words of a query that are tried: of very many the longest, which mostly say the most."""
    vocabulary = vocabulary_of(session)
    pairs = list(dict(zip(query.typed, query.terms, strict=False)).items())
    tried = set(sorted(dict(pairs), key=len, reverse=True)[:WORDS_TRIED])
    return [_word(vocabulary, typed, terms) for typed, terms in pairs if typed in tried]


def _word(vocabulary: Vocabulary, typed: str, terms: Sequence[str]) -> _Word:
    stem = _root_of(typed)
    itself = frozenset(term for term in terms if term.startswith(stem))
    return _Word(itself, frozenset(terms) - itself, frozenset(vocabulary.near(typed)))


def _root_of(typed: str) -> str:
    """A word without what its case adds, also where that is more than a vowel: socijalnoj, radnicima."""
    ending = next((one for one in _ENDINGS if typed.endswith(one)), "")
    return typed[: -len(ending)] if ending and len(typed) - len(ending) >= _ROOT else stem_of(typed)


def _together(session: Session, query: Query, words: Sequence[_Word]) -> list[list[_Word]]:
    """Words that stand in one listing: for each that is in no such group yet, as many of the others as go with it."""
    groups: list[list[_Word]] = []
    for first in words:
        if any(first in group for group in groups):
            continue
        group = [first]
        for word in words:
            if word is not first and _match(session, query, [*group, word], 0, 1):
                group.append(word)
        if len(group) > 1:
            groups.append(group)
    return groups


def _newest(session: Session, query: Query, group: Sequence[_Word]) -> Iterable[tuple[int, bool]]:
    """Listings with all of some words, and whether each is in the own town: the newest there, and the newest anywhere.

    Of the newest anywhere those in the own town are among the newest there.
    """
    if query.home and not query.town:
        yield from ((one, True) for one in _match(session, query, group, query.home, NEWEST))
    yield from ((one, False) for one in _match(session, query, group, 0, NEWEST))


def _match(session: Session, query: Query, group: Sequence[_Word], home: int, most: int) -> Sequence[int]:
    return matching(session, query, [word.either for word in group], home, COLUMNS[-1], most)


def _ranked(
    session: Session, now: datetime, words: Sequence[_Word], hits: Sequence[Hit], near: Container[int]
) -> list[Hit]:
    worth = _worth(session, words, [hit.listing_id for hit in hits])
    best = max(sum(parts) for parts in worth.values())
    latest = now + timedelta(days=3660)

    def rank(hit: Hit) -> tuple[object, ...]:
        parts = worth[hit.listing_id]
        have = sum(1 for part in parts if part > _MENDED)
        far = hit.listing_id not in near
        stands = (-sum(parts), *(-part for part in parts))
        return (not hit.suits, -have, not hit.named, far, *stands, hit.at or latest, hit.listing_id)

    def good(hit: Hit) -> bool:
        """What only has words that look like those that were meant is near to nothing."""
        parts = worth[hit.listing_id]
        return sum(parts) * 2 > best and max(parts) > _MENDED

    return sorted(filter(good, hits), key=rank)[:SHOWN_MOST]


def _worth(session: Session, words: Sequence[_Word], ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """What listings are worth, word by word."""
    return {
        listing_id: tuple(word.worth(columns) for word in words)
        for listing_id, columns in texts_of(session, ids).items()
    }
