"""Weaker signs: what words mean, whatever their language, weighed together where no rule is sure.

What they lead to is a gentle question, never a card and never a notice. meanings.toml says which words of each language
have which meaning; doubts.toml what a meaning weighs, alone, denied, and soon before another one: the same in every
language, so that what is known of one is known of all. Words, their beginnings and two words near each other weigh too,
once for English and once for the two Slavic languages together (sounds.py).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain
from math import inf
from pathlib import Path
from types import MappingProxyType

from bot.language.sounds import ENGLISH, FAMILY, SLAVIC, plain, spoken

_WEIGHTS = Path(__file__).with_name("doubts.toml")
_MEANINGS = Path(__file__).with_name("meanings.toml")

WINDOW = 24
"""Words that are weighed together: a long message is read in such pieces, each beginning in the middle of the last."""
_NEAR = 5
"""A meaning is weighed together with those of so many words after it."""
_DENIED = 3
"""What stands within so many words after "not", "never", "nobody" or "without" is weighed as denied, too."""
_BY_LENGTH, _LONGEST = 3, 6

_MEANS = "~"
"""A meaning of meanings.toml, so that it is not taken for a class of signs.toml."""
_SOUNDS = "="
"""A plain form (sounds.py), so that it is not taken for a class either."""
_DENYING = frozenset({"~not", "~never", "~nobody", "~without"})
_FITS = "fits"
"""The languages of which the longest known word was heard: a message is weighed in the one that is heard most often."""
_LETTERS = {"sr": frozenset("ђјљњћџ"), "bg": frozenset("йщъьюя")}
"""Letters that only one of the languages has."""
_NONE: frozenset[str] = frozenset()
_NOTHING = _NONE, _NONE

Meanings = Sequence[frozenset[tuple[str, str]]]
"""What each word of a message means, as (language, class)."""


class Doubts:
    """How much each meaning weighs, each two of them, what is spoken, and from how much on to ask."""

    def __init__(
        self,
        weights: Mapping[str, int],
        ask_from: Mapping[str, int],
        said: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    ) -> None:
        self._weights = weights
        self._ask_from = ask_from
        self._said = {language: said.get(FAMILY[language], {}) for language in ask_from}

    def beyond(self, meanings: Meanings, hints: Set[str]) -> float:
        """By how many hundredths the heaviest piece, with what the rules suggest, weighs more than is asked about from.

        Below zero where nothing is to be asked; -inf where no word is known.
        """
        return max(
            (
                sum(self._weights.get(name, 0) for name in named)
                + sum(self._said[language].get(one, 0) for one in said)
                - self._ask_from[language]
                for language, named, said in weighed(meanings, self._ask_from, hints)
            ),
            default=-inf,
        )

    def why(self, meanings: Meanings, hints: Set[str]) -> list[tuple[str, int]]:
        """What weighs in a message and how much, the heaviest first: why it asks, or why it does not."""
        found: dict[str, int] = {}
        for language, named, said in weighed(meanings, self._ask_from, hints):
            found |= {name: self._weights[name] for name in named if self._weights.get(name)}
            found |= {one: self._said[language][one] for one in said if self._said[language].get(one)}
        return sorted(found.items(), key=lambda one: (-abs(one[1]), one[0]))


def fitting(heard: str, words: Iterable[tuple[int, frozenset[tuple[str, str]]]]) -> frozenset[tuple[str, str]]:
    """What a heard word means, from the length and the classes of every known word that it can be read as.

    Of the meanings of each language those of the longest word count: "parkiralište" is no "park*" with a longer end.
    """
    every = list(words)
    longest: dict[str, int] = {}
    longest_meaning: dict[str, int] = {}
    for length, classes in every:
        for language, name in classes:
            longest[language] = max(length, longest.get(language, 0))
            if name.startswith(_MEANS):
                longest_meaning[language] = max(length, longest_meaning.get(language, 0))
    written = {language for language, theirs in _LETTERS.items() if not theirs.isdisjoint(heard)} or longest.keys()
    most = max((length for language, length in longest.items() if language in written), default=0)
    fits = {language for language, length in longest.items() if language in written and length == most}
    return frozenset(
        chain(
            zip((SLAVIC, ENGLISH), map(_SOUNDS.__add__, plain(heard)), strict=True),
            ((language, _FITS) for language in fits),
            (
                (language, name)
                for length, classes in every
                for language, name in classes
                if not name.startswith(_MEANS) or length == longest_meaning[language]
            ),
        )
    )


def read() -> tuple[Doubts, Mapping[str, Mapping[str, str]]]:
    """The weights of doubts.toml, and the words that have a meaning, by language and class."""
    with _WEIGHTS.open("rb") as file:
        stored = tomllib.load(file)
    with _MEANINGS.open("rb") as file:
        meanings = tomllib.load(file)
    said = {family: _by_name(weights) for family, weights in stored["said"].items()}
    words = {language: {_MEANS + name: its for name, its in by_name.items()} for language, by_name in meanings.items()}
    return Doubts(_by_name(stored["weights"]), stored["ask_from"], said), words


def _by_name(weights: Mapping[str, str]) -> Mapping[str, int]:
    return {name: number for weight, names in weights.items() for number in (int(weight),) for name in names.split()}


def weighed(
    meanings: Meanings, languages: Mapping[str, object], hints: Set[str] = _NONE
) -> Iterator[tuple[str, Set[str], Set[str]]]:
    """For each piece of a message its language, the meanings that are weighed in it, and what is spoken.

    Weighed are meanings and two of them in a row, how long it is, and what the rules find in the whole message.
    """
    for start in range(0, max(1, len(meanings) - WINDOW // 2), WINDOW // 2):
        piece = [_by_language(word) for word in meanings[start : start + WINDOW]]
        heard = Counter(language for word in piece for language, (classes, _names) in word.items() if _FITS in classes)
        if heard:
            language = max(languages, key=lambda one: heard[one])
            mine = [word.get(language, _NOTHING) for word in piece]
            found = set(hints).union(*(classes for classes, _names in mine))
            found.discard(_FITS)
            found.update(_together([names for _classes, names in mine]))
            found.add(f"words_{min(_LONGEST, len(piece) // _BY_LENGTH)}")
            sounds = [one[len(_SOUNDS) :] for word in piece for one in word.get(FAMILY[language], _NOTHING)[0]]
            yield language, found, spoken(sounds)


def _together(names: Sequence[frozenset[str]]) -> Iterator[str]:
    """What is denied, and what soon comes after what."""
    for at, here in enumerate(names):
        if not _DENYING.isdisjoint(_NONE.union(*names[max(0, at - _DENIED) : at])):
            yield from map("not{}".format, here)
        soon = _NONE.union(*names[at + 1 : at + 1 + _NEAR])
        for name in here:
            for other in soon:
                if name != other:
                    yield name + other


@lru_cache(maxsize=2048)
def _by_language(word: frozenset[tuple[str, str]]) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """What a word means, by language: all its classes, and those of meanings.toml; and how it is spoken, by family."""
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for of in {of for of, _name in word}:
        classes = frozenset(name for its, name in word if its == of)
        found[of] = classes, frozenset(name for name in classes if name.startswith(_MEANS))
    return found
