"""Signs of an emergency: words by what they mean, and which meanings near each other hint at what.

The same rules hold in every language; each language says only which of its words mean what (signs.toml).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import product
from pathlib import Path

_FILE = Path(__file__).with_name("signs.toml")

SPAN = 9
"""The meanings of a sign stand within so many words, in any order."""
_NEXT = 4
"""Where the order matters ("not > live"), the second comes at most so many words after the first."""
_DENIED = 2
"""A word that must be affirmed has no "not" among so many words before it."""
CHUNK = 40
"""Long sentences are read in pieces of so many words, each beginning before the last one ends."""

Place = tuple[int, int]
"""The first and the last word of something that was found."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that must be there: classes in a row (each any of several), perhaps not denied."""

    row: tuple[frozenset[str], ...]
    affirmed: bool


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    parts: tuple[_Part, ...]
    unless: frozenset[str]


def _part(written: str) -> _Part:
    row = written.strip()
    return _Part(
        tuple(frozenset(one.strip() for one in place.split("|")) for place in row.lstrip("+").split(">")),
        row.startswith("+"),
    )


_COMMON = frozenset({"not", "i", "me", "they", "kin", "person", "child", "want", "all", "home", "school", "we", "him"})


def _rarest(sign: _Sign) -> frozenset[str]:
    """The classes of the one place of a sign whose words are seldom said: without any of them it cannot fit."""
    return min(
        (place for part in sign.parts for place in part.row), key=lambda place: len(place) + 9 * len(place & _COMMON)
    )


def _sign(kind: str, line: str) -> _Sign:
    wanted, _bar, unless = line.partition(" - ")
    return _Sign(kind, tuple(_part(part) for part in wanted.split("&")), frozenset(unless.split()))


class Signs:
    """All signs, for all languages at once: any of them may be typed by anybody."""

    def __init__(self, number: Callable[[str], int], weaker: Mapping[str, Mapping[str, str]]) -> None:
        with _FILE.open("rb") as file:
            stored = tomllib.load(file)
        self._rules = tuple(
            _sign(kind, line)
            for kind, lines in stored["rules"].items()
            for line in lines.splitlines()
            if line.strip() and not line.startswith("#")
        )
        self._by_class: dict[str, list[_Sign]] = {}
        for sign in self._rules:
            for name in _rarest(sign):
                self._by_class.setdefault(name, []).append(sign)
        self._classes: dict[int, set[tuple[str, str]]] = {}
        for language, classes in (*stored["words"].items(), *weaker.items()):
            for name, words in classes.items():
                for word in words.split():
                    self._classes.setdefault(number(word), set()).add((language, name))
        self.languages = tuple(stored["words"])
        self.kinds = tuple(stored["rules"])
        self._check(stored["words"])

    def _check(self, words: Mapping[str, Mapping[str, str]]) -> None:
        """Raises ValueError where a rule names a class that some language does not have."""
        for sign in self._rules:
            names = {name for part in sign.parts for place in part.row for name in place} | sign.unless
            for language, classes in words.items():
                if names - classes.keys():
                    raise ValueError(f"signs.toml: {language} has no {sorted(names - classes.keys())}")

    def classes(self, numbers: Set[int]) -> frozenset[tuple[str, str]]:
        """What words of those numbers mean, in which language."""
        return frozenset(one for number in numbers for one in self._classes.get(number, ()))

    def in_a_story(self, meanings: Sequence[frozenset[tuple[str, str]]]) -> bool:
        """True where a sentence speaks of a book or a film, and not of whoever writes it."""
        said = frozenset().union(*meanings)
        return any((language, "story") in said and (language, "me") not in said for language in self.languages)

    def find(self, meanings: Sequence[frozenset[tuple[str, str]]]) -> Iterator[tuple[str, int, int]]:
        """Every sign in a sentence, as (kind, first word, end), from what each of its words means."""
        for start in range(0, max(1, len(meanings)), CHUNK - SPAN):
            chunk = meanings[start : start + CHUNK]
            for language in self.languages:
                where: dict[str, list[int]] = {}
                for at, word in enumerate(chunk):
                    for of, name in word:
                        if of == language:
                            where.setdefault(name, []).append(at)
                if where:
                    for sign in dict.fromkeys(sign for name in where for sign in self._by_class.get(name, ())):
                        found = _fits(sign, where)
                        if found is not None:
                            yield sign.kind, start + found[0], start + found[1] + 1
            if start + CHUNK >= len(meanings):
                return


def _fits(sign: _Sign, where: Mapping[str, list[int]]) -> Place | None:
    if not sign.unless.isdisjoint(where):
        return None
    if any(place.isdisjoint(where) for part in sign.parts for place in part.row):
        return None
    found: list[list[Place]] = []
    for part in sign.parts:
        places = _places(part, where)
        if not places:
            return None
        found.append(places)
    if len(found) == 1:
        return found[0][0]
    for chosen in product(*(places[:4] for places in found)):
        first, last = min(place[0] for place in chosen), max(place[1] for place in chosen)
        if last - first < SPAN and len({place[1] for place in chosen}) == len(chosen):
            return first, last
    return None


def _places(part: _Part, where: Mapping[str, list[int]]) -> list[Place]:
    """Where a part is found."""
    places = [(at, at) for at in _any(part.row[0], where)]
    for then in part.row[1:]:
        places = [(first, at) for first, last in places for at in _any(then, where) if last < at <= last + _NEXT]
    if part.affirmed:
        denied = where.get("not", [])
        places = [place for place in places if not any(place[0] - _DENIED <= at < place[0] for at in denied)]
    return places


def _any(names: frozenset[str], where: Mapping[str, list[int]]) -> list[int]:
    if len(names) == 1:
        return where.get(next(iter(names)), [])
    return sorted({at for name in names for at in where.get(name, ())})
