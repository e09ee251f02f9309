"""Signs of an emergency: words by what they mean, and which meanings near each other hint at what.

The same rules hold in every language; each language says only which of its words mean what (signs.toml).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, product
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

Meaning = tuple[str, str]
"""A language, and the class of its words."""
_NOTHING: frozenset[Meaning] = frozenset()
Place = tuple[int, int]
"""The first and the last word of something that was found."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that must be there: classes in a row (each any of several), perhaps not denied."""

    row: tuple[frozenset[str], ...]
    affirmed: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Sign:
    kind: str
    parts: tuple[_Part, ...]
    unless: frozenset[str]
    places: tuple[frozenset[str], ...]
    """Every place of every part: a sentence without any of them is no such sign."""


def _part(written: str) -> _Part:
    row = written.strip()
    return _Part(
        tuple(frozenset(one.strip() for one in place.split("|")) for place in row.lstrip("+").split(">")),
        row.startswith("+"),
    )


_COMMON = frozenset({"not", "i", "me", "they", "kin", "person", "child", "want", "all", "home", "school", "we", "him"})


def _rarest(sign: _Sign) -> frozenset[str]:
    """The classes of the one place of a sign whose words are seldom said: without any of them it cannot fit."""
    return min(sign.places, key=lambda place: len(place) + 9 * len(place & _COMMON))


def _sign(kind: str, line: str) -> _Sign:
    wanted, _bar, unless = line.partition(" - ")
    parts = tuple(_part(part) for part in wanted.split("&"))
    return _Sign(kind, parts, frozenset(unless.split()), tuple(place for part in parts for place in part.row))


def _named(rules: Iterable[_Sign]) -> set[str]:
    """The classes that rules speak of."""
    return {name for sign in rules for place in (*sign.places, sign.unless) for name in place}


def _by_number(
    number: Callable[[str], int], languages: Iterable[tuple[str, Mapping[str, str]]]
) -> Mapping[int, frozenset[Meaning]]:
    """What each word means, by its number. Most words mean what others mean too: each meaning is kept once."""
    found: dict[int, tuple[Meaning, ...]] = {}
    for language, classes in languages:
        for name, words in classes.items():
            means = (language, name)
            for word in words.split():
                at = number(word)
                found[at] = (*found.get(at, ()), means)
    kept: dict[tuple[Meaning, ...], frozenset[Meaning]] = {}
    return {at: kept.setdefault(all_of_it, frozenset(all_of_it)) for at, all_of_it in found.items()}


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
        self._bits = {name: 1 << at for at, name in enumerate(sorted(_named(self._rules)))}
        self._by_class: dict[str, list[tuple[_Sign, tuple[int, ...]]]] = {}
        for sign in self._rules:
            needed = tuple(sum(self._bits[name] for name in place) for place in sign.places)
            for name in _rarest(sign):
                self._by_class.setdefault(name, []).append((sign, needed))
        self._classes = _by_number(number, chain(stored["words"].items(), weaker.items()))
        self.languages = tuple(stored["words"])
        self.kinds = tuple(stored["rules"])
        self._check([{*classes, *weaker.get(language, ())} for language, classes in stored["words"].items()])

    def _check(self, languages: Sequence[Set[str]]) -> None:
        """Raises ValueError where a rule names a class that some language does not have."""
        for name in _named(self._rules):
            if not all(name in classes for classes in languages):
                raise ValueError(f"signs.toml: some language has no {name!r}")

    def classes(self, numbers: Set[int]) -> frozenset[Meaning]:
        """What words of those numbers mean, in which language."""
        found = [self._classes[number] for number in numbers if number in self._classes]
        return found[0] if len(found) == 1 else _NOTHING.union(*found)

    def in_a_story(self, meanings: Sequence[frozenset[Meaning]]) -> bool:
        """True where a sentence speaks of a book or a film, and not of whoever writes it."""
        said = frozenset().union(*meanings)
        return any((language, "story") in said and (language, "me") not in said for language in self.languages)

    def find(self, meanings: Sequence[frozenset[Meaning]]) -> Iterator[tuple[str, int, int]]:
        """Every sign in a sentence, as (kind, first word, end), from what each of its words means."""
        for start in range(0, max(1, len(meanings)), CHUNK - SPAN):
            spoken: dict[str, dict[str, list[int]]] = {}
            for at, word in enumerate(meanings[start : start + CHUNK]):
                for language, name in word:
                    if name in self._bits:
                        spoken.setdefault(language, {}).setdefault(name, []).append(at)
            for where in spoken.values():
                for sign in self._possible(where):
                    found = _fits(sign, where)
                    if found is not None:
                        yield sign.kind, start + found[0], start + found[1] + 1
            if start + CHUNK >= len(meanings):
                return

    def _possible(self, where: Mapping[str, list[int]]) -> Iterable[_Sign]:
        """The signs of which every place is somewhere in a sentence."""
        said = sum(map(self._bits.__getitem__, where))
        possible: dict[_Sign, None] = {}
        for name in where:
            for sign, needed in self._by_class.get(name, ()):
                for place in needed:
                    if not place & said:
                        break
                else:
                    possible[sign] = None
        return possible


def _fits(sign: _Sign, where: Mapping[str, list[int]]) -> Place | None:
    if not sign.unless.isdisjoint(where):
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
