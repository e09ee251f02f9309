"""The vocabulary of the listings: what a typed word may stand for, in another case or with a letter wrong."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.searching.search_index import version
from models.offers.listing import SearchWord

FORMS = 12
"""The most words of the vocabulary that one typed word may stand for."""
KEPT_MOST = 10_000
"""The most typed words whose meaning is kept."""
NEARER = 75.0
"""Likeness (0-100) from which a word may have been meant by another that is known itself: one letter of four."""

_GOOD = 72.0
"""Likeness from which a word may have been meant by one that is not known."""
_LONG = 8
"""Letters from which words of another beginning must be more alike than that,"""
_SURE = 82.0
"""so much at least: "podesavanja" did not mean "zaposljavanja"."""
_SPREAD = 8.0
_PHONE_LETTERS = re.compile("(?<=[a-z])[46]|[46](?=[a-z])|q")
_PHONE_SOUNDS = {"4": "c", "6": "s", "q": "ja"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known words, sorted: what a typed word may stand for."""

    words: tuple[str, ...]
    mended: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nearer: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def mend(self, word: str) -> tuple[str, ...]:
        """Words of the vocabulary that were meant; empty where nothing is alike."""
        known = self.mended.get(word)
        if known is None:
            known = self._mend(as_spoken(word)) or self._mend(word)
            if len(self.mended) < KEPT_MOST:
                self.mended[word] = known
        return known

    def near(self, word: str) -> tuple[str, ...]:
        """Words of the vocabulary that look much like one, beside those it stands for itself: a slip that is a word."""
        if len(word) < 4:
            return ()
        known = self.nearer.get(word)
        if known is None:
            own = set(self.mend(word))
            known = tuple(other for other, _score in self._alike(word, NEARER, FORMS) if other not in own)
            if len(self.nearer) < KEPT_MOST:
                self.nearer[word] = known
        return known

    def _mend(self, word: str) -> tuple[str, ...]:
        stem = stem_of(word)
        if known := self._beginning(stem):
            return known
        if len(word) < 4:
            return ()
        near = self._alike(word, _GOOD, 6)
        best = max((score for _word, score in near), default=0.0)
        stems = dict.fromkeys(stem_of(other) for other, score in near if score >= best - _SPREAD)
        return tuple(dict.fromkeys(whole for stem in stems for whole in self._beginning(stem)))[:FORMS]

    def _alike(self, word: str, likeness: float, most: int) -> list[tuple[str, float]]:
        found = process.extract(word, self.words, scorer=fuzz.ratio, score_cutoff=likeness, limit=most)
        # of ten letters seven may be the same by chance; a slip is seldom in the first
        sure = 0.0 if len(word) < _LONG else _SURE
        return [(other, score) for other, score, _at in found if score >= sure or other[0] == word[0]]

    def _beginning(self, stem: str) -> tuple[str, ...]:
        """Words that begin so, the shortest first; of one letter or two, only the word itself."""
        at = bisect_left(self.words, stem)
        found: list[str] = []
        while at < len(self.words) and self.words[at].startswith(stem) and len(found) < FORMS * 4:
            found.append(self.words[at])
            at += 1
        if len(stem) < 3:
            return (stem,) if stem in found else ()
        return tuple(sorted(found, key=len))[:FORMS]


def as_spoken(word: str) -> str:
    """A folded word with the letters for which a phone's digits and q stand: 4etvurtak, ne6to, nedelq."""
    return _PHONE_LETTERS.sub(lambda found: _PHONE_SOUNDS[found.group()], word)


def stem_of(word: str) -> str:
    """A word without the vowel that its case changes: matematika, matematike, matematiku."""
    return word[:-1] if len(word) > 4 and word[-1] in "aeiou" else word


def vocabulary_of(session: Session) -> Vocabulary:
    """The vocabulary as it is now."""
    mark = version(session)
    found = _vocabularies.get(mark)
    if found is None:
        words = tuple(sorted(session.scalars(select(SearchWord.word))))
        found = Vocabulary(words)
        _vocabularies.clear()
        _vocabularies[mark] = found
    return found


_vocabularies: dict[str, Vocabulary] = {}
"""The newest vocabulary, by its mark: read again only when a word was added."""
