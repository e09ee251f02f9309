"""Known words found again in what people type in Latin letters: a trie walked with every reading at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

_TYPED = {
    # Bulgarian; the official spelling first, then those of phones and chats
    "а": "a", "б": "b", "в": "v w", "г": "g", "д": "d", "е": "e", "ж": "zh j z", "з": "z", "и": "i",
    "й": "y j i ј", "к": "k c", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u y oo ou", "ф": "f ph", "х": "h x kh", "ц": "ts c tz", "ч": "ch 4 c tch", "ш": "sh 6 s",
    "щ": "sht 6t st шт", "ъ": "a y u i", "ьо": "yo io jo o", "йо": "yo io jo", "ю": "yu ju iu u ју",
    "я": "ya q ja ia a ја", "ѝ": "i и", "дж": "j dj g", "ия": "ia iq",
    # Serbian
    "ђ": "dj đ d", "ј": "j y i й", "љ": "lj ly", "њ": "nj ny", "ћ": "c ch tj ч", "џ": "dz dzh dj дж",
}  # fmt: skip
"""How each sound of the vocabulary may be typed. Accents are taken off what was typed beforehand."""

_NOWHERE: frozenset[int] = frozenset()
_ROOT = frozenset({0})
_BITS = 21
"""Every letter there is has a number of so many bits."""
_SOUNDS: dict[str, dict[tuple[int, ...], None]] = {}
for _sound, _spellings in _TYPED.items():
    for _spelling in (_sound, *_spellings.split()):
        _meant = _SOUNDS.setdefault(_spelling, {(ord(_spelling),): None} if len(_spelling) == 1 else {})
        _meant[tuple(map(ord, _sound))] = None
_MEANT = {
    spelling: (tuple(one[0] for one in sounds if len(one) == 1), tuple(one for one in sounds if len(one) > 1))
    for spelling, sounds in _SOUNDS.items()
}
"""What may be meant by what is typed: single letters, and rows of letters. What spells nothing means itself."""
_LONGEST_SPELLING = max(map(len, _MEANT))

_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=2048)
def _plain(c: str) -> str:
    """A Latin letter without its accents; Cyrillic й and ѝ are letters of their own and stay."""
    base = unicodedata.normalize("NFD", c)[0]
    return base if base.isascii() else c


def letters(text: str) -> str:
    """Small letters and digits of a text in its own script, words with one space between."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():
        text = "".join(map(_plain, text))
    return _NO_WORD.sub(" ", text).strip()


class Trie:
    """Numbered words, each prepared by `letters`, found under all the ways in which they may be typed.

    One table of steps for all places: thousands of words cost little memory and are quickly there.
    """

    __slots__ = ("_ends", "_steps")

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._steps: dict[int, int] = {}
        """From a place, by a letter, to the next place; the root is 0."""
        self._ends: dict[int, tuple[int, ...]] = {}
        for word, number in words:
            self._add(word, number)

    def _add(self, word: str, number: int) -> None:
        place = 0
        for c in word:
            place = self._steps.setdefault(place << _BITS | ord(c), len(self._steps) + 1)
        self._ends[place] = (*self._ends.get(place, ()), number)

    def find(self, heard: str, stems: Set[int] = frozenset()) -> set[int]:
        """The numbers of all words that `heard`, prepared by `letters`, can be read as.

        Words whose numbers are in `stems` may be followed by any ending.

        Every position keeps the set of places in the trie that some reading reaches, so the time
        grows with the length of what was typed, not with the number of its readings.
        """
        return self._found(self._walk(heard, [_ROOT]), stems)

    def slips(self, heard: str, stems: Set[int] = frozenset()) -> set[int]:
        """The same for what `heard` may have been before two of its letters were changed over or one came in too many.

        What stands before the slip is walked once for all of them.
        """
        reached = self._walk(heard, [_ROOT])
        found: set[int] = set()
        for at in range(1, len(heard) - 1):
            begun = max(0, at - _LONGEST_SPELLING + 1)
            before = reached[begun : at + 1]
            if not any(before):
                break
            start, rest = heard[begun:at], heard[at + 2 :]
            for meant in (heard[at + 1] + heard[at] + rest, heard[at + 1] + rest):
                found |= self._found(self._walk(start + meant, before), stems)
        return found

    def _walk(self, heard: str, begun: Sequence[frozenset[int]]) -> Sequence[frozenset[int]]:
        """For each position of what was typed the places that are reached there, when the first ones are known."""
        reached: list[frozenset[int]] = [*begun, *(_NOWHERE,) * (len(heard) + 1 - len(begun))]
        known = len(begun)
        for at in range(len(heard)):
            here = reached[at]
            if here:
                for end in range(max(known, at + 1), min(len(heard), at + _LONGEST_SPELLING) + 1):
                    there = self._after(here, heard[at:end])
                    if there:
                        reached[end] = reached[end].union(there)
            elif not any(reached[at : at + _LONGEST_SPELLING]):
                break
        return reached

    def _found(self, reached: Sequence[frozenset[int]], stems: Set[int]) -> set[int]:
        ends = self._ends
        found = {number for place in reached[-1] for number in ends.get(place, ())}
        if stems:
            for here in filter(None, reached):
                found.update(number for place in here for number in ends.get(place, ()) if number in stems)
        return found

    def _after(self, here: Iterable[int], typed: str) -> list[int]:
        """The places to which what is typed leads."""
        steps = self._steps
        if typed not in _MEANT:
            alone = map(ord, typed) if len(typed) == 1 else ()
            return [steps[step] for c in alone for place in here if (step := place << _BITS | c) in steps]
        singly, rows = _MEANT[typed]
        found = [steps[step] for place in here for c in singly if (step := place << _BITS | c) in steps]
        for row in rows:
            places = list(here)
            for c in row:
                places = [steps[step] for place in places if (step := place << _BITS | c) in steps]
            found += places
        return found
