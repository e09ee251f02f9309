"""Words that hint at an emergency, in every language and spelling. A hint, never a diagnosis."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product
from pathlib import Path

from bot.language.reading import Trie, letters

MOST = 4096
"""Characters that are looked at: the longest message any channel carries."""

_PACKS = Path(__file__).with_name("alarms.toml")
_HARMLESS = "harmless"
_GAP = "..."
_GAP_WORDS = 3
_SMALL = "small"
_SMALL_WORDS = 2
_LONGEST_WORD = 30
_SENTENCE = re.compile(r"[!?\n;]+|(?<!\.)\.(?!\.)")
_APOSTROPHES = re.compile("['’‘`´]")
_STRETCHED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class _Element:
    """One place of a pattern: the numbers of the words that fit, and how many others may stand before it."""

    numbers: frozenset[int]
    gap: int
    optional: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    elements: tuple[_Element, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word that was heard: the numbers of the pattern words it can be read as."""

    numbers: set[int]
    patterns: tuple[_Pattern, ...]
    small: bool


class _Packs:
    """All patterns of all languages: any of them may be typed by anybody."""

    def __init__(self, packs: dict[str, dict[str, str]]) -> None:
        self.kinds = tuple(kind for kind in packs if kind not in (_HARMLESS, _SMALL))
        self._numbers: dict[str, int] = {}
        self._starts: dict[int, list[_Pattern]] = {}
        small = " ".join(packs.pop(_SMALL, {}).values()).split()
        self._small = {self._number(word) for word in small}
        for kind, by_language in packs.items():
            for line in "\n".join(by_language.values()).splitlines():
                for places in _written_out(line):
                    self._add(_Pattern(kind, tuple(self._elements(places))))
        self._trie = Trie((word.rstrip("*"), number) for word, number in self._numbers.items())
        self._stems = {number for word, number in self._numbers.items() if word.endswith("*")}

    def _add(self, pattern: _Pattern) -> None:
        for number in pattern.elements[0].numbers:
            self._starts.setdefault(number, []).append(pattern)

    def _number(self, prepared: str) -> int:
        return self._numbers.setdefault(prepared, len(self._numbers))

    def _elements(self, places: Sequence[str]) -> Iterator[_Element]:
        gap = 0
        for place in places:
            if place == _GAP:
                gap = _GAP_WORDS
                continue
            optional = place.endswith("?")
            words = place.rstrip("?").split("|")
            numbers = frozenset(
                self._number(prepared + "*" * word.endswith("*"))
                for word in words
                if (prepared := letters(_APOSTROPHES.sub("", word)))
            )
            if numbers:
                yield _Element(numbers, gap, optional)
            gap = 0

    def hear(self, word: str) -> _Heard:
        """What a word can be read as, and the patterns that may begin with it."""
        numbers = self._trie.find(word, self._stems)
        patterns = dict.fromkeys(pattern for number in numbers for pattern in self._starts.get(number, ()))
        return _Heard(numbers, tuple(patterns), bool(numbers & self._small))

    def kind(self, heard: Sequence[_Heard]) -> str | None:
        """The first kind, in the order of the packs, that a sentence hints at."""
        found: list[tuple[str, int, int]] = []
        for at, word in enumerate(heard):
            for pattern in word.patterns:
                end = _match(pattern.elements, 1, heard, at + 1)
                if end is not None:
                    found.append((pattern.kind, at, end))
        harmless = [(start, end) for kind, start, end in found if kind == _HARMLESS]
        hints = {
            kind
            for kind, start, end in found
            if kind != _HARMLESS and not any(a < end and start < b for a, b in harmless)
        }
        return next((kind for kind in self.kinds if kind in hints), None)


def _written_out(line: str) -> Iterator[tuple[str, ...]]:
    """A pattern without alternatives of several words: "a b_c|d" as "a b c" and "a d"."""
    ways: list[list[list[str]]] = []
    for place in line.split():
        alternatives = place.split("|")
        single = [word for word in alternatives if "_" not in word]
        several = [word.split("_") for word in alternatives if "_" in word]
        ways.append(([["|".join(single)]] if single else []) + several)
    if ways:
        for way in product(*ways):
            yield tuple(chain.from_iterable(way))


def _match(elements: Sequence[_Element], number: int, heard: Sequence[_Heard], at: int) -> int | None:
    """Where the rest of a pattern ends if it fits from here on."""
    if number == len(elements):
        return at
    element = elements[number]
    others = 0
    for position in range(at, min(at + element.gap + _SMALL_WORDS + 1, len(heard))):
        word = heard[position]
        if element.numbers & word.numbers:
            end = _match(elements, number + 1, heard, position + 1)
            if end is not None:
                return end
        others += not word.small
        if others > element.gap:
            break
    return _match(elements, number + 1, heard, at) if element.optional else None


@lru_cache(maxsize=1)
def _packs() -> _Packs:
    with _PACKS.open("rb") as file:
        return _Packs(tomllib.load(file))


@lru_cache(maxsize=4096)
def _hear(word: str) -> _Heard:
    return _packs().hear(word)


def kinds() -> tuple[str, ...]:
    """The kinds of emergency that are known, the gravest first."""
    return _packs().kinds


def alarm(heard: str) -> str | None:
    """The kind of emergency that the words hint at, or None. Reads the first 4,096 characters."""
    packs = _packs()
    hints = set()
    for sentence in _SENTENCE.split(_APOSTROPHES.sub("", heard[:MOST])):
        words = [_hear(_STRETCHED.sub(r"\1", word[:_LONGEST_WORD])) for word in letters(sentence).split()]
        if words and (kind := packs.kind(words)) is not None:
            hints.add(kind)
    return next((kind for kind in packs.kinds if kind in hints), None)
