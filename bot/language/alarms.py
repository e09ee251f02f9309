"""Words that hint at an emergency, in every language and spelling. A hint, never a diagnosis."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product
from pathlib import Path

from bot.language import doubts
from bot.language.reading import Trie, letters
from bot.language.signs import Signs
from bot.language.sounds import looks
from conversations.speech import MAYBE

MOST = 4096
"""Characters that are looked at: the longest message any channel carries."""

_PACKS = Path(__file__).with_name("alarms.toml")
_HARMLESS = "harmless"
_HARMLESS_OR_SELF = (_HARMLESS, "self_harm")
"""What is heard even where a book or a film is spoken of: nobody should be missed for the sake of a joke."""
_GAP = "..."
_GAP_WORDS = 3
_SMALL = "small"
_SMALL_WORDS = 2
_LONGEST_WORD = 30
_SENTENCE = re.compile(r"[!?\n;]+|(?<!\.)\.(?!\.)")
_APOSTROPHES = re.compile("['’‘`´]")
_APART = re.compile(r"(?<!\w)(?:[^\W\d_][ .*_-]){3,29}[^\W\d_](?!\w)")
"""A word typed letter by letter, so that it is not seen: u b i j e m."""
_BETWEEN = re.compile(r"[ .*_-]")
_FOR_LETTERS = re.compile(r"(?<=[^\W\d_])[013@$]|[013@$](?=[^\W\d_])")
_MEANT = {"0": "o", "1": "i", "3": "e", "@": "a", "$": "s"}
_SLIPS_FROM = 6
"""Letters from which a word that nobody knows is tried as a slip of the thumb."""
_SURE = 4
"""A long word that is read as one of so many letters is no slip of the thumb."""
_STRETCHED = re.compile(r"(.)\1{2,}")
_RULE = 50
"""So much less, in hundredths, a sentence may weigh to be asked about if a rule is sure of it,"""
_CARD = 25
"""and so much less the whole message to bring the card."""


@dataclass(frozen=True, slots=True)
class _Element:
    """One place of a pattern: the numbers of the words that fit, and how many others may stand before it."""

    numbers: frozenset[int]
    gap: int
    optional: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    kind: str
    elements: tuple[_Element, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word that was heard: the numbers of the pattern words it can be read as."""

    numbers: frozenset[int]
    patterns: tuple[_Pattern, ...]
    small: bool
    means: frozenset[tuple[str, str]]


class _Packs:
    """All patterns of all languages: any of them may be typed by anybody."""

    def __init__(self, packs: dict[str, dict[str, str]]) -> None:
        self._numbers: dict[str, int] = {}
        self._starts: dict[int, list[_Pattern]] = {}
        small = " ".join(packs.pop(_SMALL, {}).values()).split()
        self._small = {self._number(word) for word in small}
        for kind, by_language in packs.items():
            for line in "\n".join(by_language.values()).splitlines():
                for places in _written_out(line):
                    self._add(_Pattern(kind, tuple(self._elements(places))))
        self._in_patterns = frozenset(self._numbers.values())
        self._doubts, weaker = doubts.read()
        self._signs = Signs(lambda word: self._number(letters(word) + "*" * word.endswith("*")), weaker)
        self.kinds = self._signs.kinds
        self._lengths = [len(word.rstrip("*")) for word in self._numbers]
        self._trie = Trie((word.rstrip("*"), number) for word, number in self._numbers.items())
        self._stems = frozenset(number for word, number in self._numbers.items() if word.endswith("*"))
        self._numbers.clear()  # the words are in the trie now: thousands of strings need not stay

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
        numbers = set().union(*(self._trie.find(meant, self._stems) for meant in looks(word)))
        if len(word) >= _SLIPS_FROM and not any(self._lengths[number] >= _SURE for number in numbers):
            numbers |= self._trie.slips(word, self._stems)
        patterns = dict.fromkeys(pattern for number in numbers for pattern in self._starts.get(number, ()))
        return _Heard(
            self._in_patterns.intersection(numbers),
            tuple(patterns),
            not self._small.isdisjoint(numbers),
            doubts.fitting(word, ((self._lengths[number], self._signs.classes({number})) for number in numbers)),
        )

    def read(self, heard: Sequence[_Heard]) -> set[str]:
        """What a sentence hints at."""
        found: list[tuple[str, int, int]] = []
        for at, word in enumerate(heard):
            for pattern in word.patterns:
                end = _match(pattern.elements, 1, heard, at + 1)
                if end is not None:
                    found.append((pattern.kind, at, end))
        meanings = [word.means for word in heard]
        found.extend(self._signs.find(meanings))
        harmless = [(start, end) for kind, start, end in found if kind == _HARMLESS]
        story = self._signs.in_a_story(meanings)
        return {
            kind
            for kind, start, end in found
            if not (story and kind not in _HARMLESS_OR_SELF) and not any(a < end and start < b for a, b in harmless)
        }.union([_HARMLESS] if harmless else [])

    def beyond(self, heard: Sequence[_Heard], hints: Set[str]) -> float:
        """By how many hundredths the words, with what the rules find in them, weigh more than is asked about from."""
        return self._doubts.beyond([word.means for word in heard], hints)

    def why(self, heard: Sequence[_Heard], hints: Set[str]) -> list[tuple[str, int]]:
        """What weighs in the words, and how much in hundredths, the heaviest first."""
        return self._doubts.why([word.means for word in heard], hints)


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
    return _gravest(_hints(_sentences(heard)))


def hint(heard: str) -> str:
    """The kind of emergency that the words hint at, or MAYBE where to ask is better than to be silent, or "".

    Where a rule is sure and everyday words outweigh it the program asks. It is silent only if they clearly do so in the
    very sentence of the rule, too: what is said before and after it never silences a rule.
    """
    sentences = tuple(_sentences(heard))
    found = [_packs().read(words) for words in sentences]
    hints = set().union(*found)
    everything = tuple(chain.from_iterable(sentences))
    kind = _gravest(hints)
    beyond = _packs().beyond(everything, hints)
    if kind and beyond >= -_CARD:
        return kind
    if beyond >= 0 or (kind and beyond >= -_RULE):
        return MAYBE
    in_one = (_packs().beyond(words, its) for words, its in zip(sentences, found, strict=True) if _gravest(its))
    return MAYBE if any(one >= -_RULE for one in in_one) else ""


def why(heard: str) -> list[tuple[str, int]]:
    """What weighs for a gentle question, and against it, in hundredths: for whoever looks after the words."""
    sentences = tuple(_sentences(heard))
    return _packs().why(tuple(chain.from_iterable(sentences)), _hints(sentences))


def _hints(sentences: Iterable[Sequence[_Heard]]) -> set[str]:
    return set().union(*(_packs().read(words) for words in sentences))


def _gravest(hints: Set[str]) -> str | None:
    return next((kind for kind in _packs().kinds if kind in hints), None)


def _sentences(heard: str) -> Iterator[tuple[_Heard, ...]]:
    """The words of each sentence, as they are understood."""
    heard = _APOSTROPHES.sub("", heard[:MOST])
    heard = _APART.sub(lambda found: _BETWEEN.sub("", found.group()), heard)
    heard = _FOR_LETTERS.sub(lambda found: _MEANT[found.group()], heard)
    for sentence in _SENTENCE.split(heard):
        words = tuple(_hear(_STRETCHED.sub(r"\1", word[:_LONGEST_WORD])) for word in letters(sentence).split())
        if words:
            yield words
