"""Known words found again in what people type in Latin letters: a trie walked with every reading at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
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

_SPELLINGS = {sound: (sound, *spellings.split()) for sound, spellings in _TYPED.items()}
_LONGEST_SOUND = max(map(len, _SPELLINGS))
_LONGEST_SPELLING = max(len(spelling) for spellings in _SPELLINGS.values() for spelling in spellings)

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


class _Node:
    __slots__ = ("ends", "next", "typed")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        """By sound."""
        self.typed: dict[str, set[_Node]] = {}
        """By what may be typed for it."""
        self.ends: set[int] = set()


class Trie:
    """Numbered words, found under all the ways in which they may be typed."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._root = _Node()
        for word, number in words:
            self._add(letters(word), number)

    def _add(self, word: str, number: int) -> None:
        path = [self._root]
        for c in word:
            path.append(path[-1].next.setdefault(c, _Node()))
        path[-1].ends.add(number)
        for at, node in enumerate(path[:-1]):
            for length in range(1, min(_LONGEST_SOUND, len(word) - at) + 1):
                sound = word[at : at + length]
                for spelling in _SPELLINGS.get(sound, (sound,) if length == 1 else ()):
                    node.typed.setdefault(spelling, set()).add(path[at + length])

    def find(self, heard: str, stems: Set[int] = frozenset()) -> set[int]:
        """The numbers of all words that `heard`, prepared by `letters`, can be read as.

        Words whose numbers are in `stems` may be followed by any ending.

        Every position keeps the set of places in the trie that some reading reaches, so the time
        grows with the length of what was typed, not with the number of its readings.
        """
        reached: dict[int, set[_Node]] = {0: {self._root}}
        end = len(heard)
        found: set[int] = set()
        for at in range(end):
            here = reached.pop(at, None)
            if here is None:
                if not reached:
                    return found
                continue
            if stems:
                found.update(number for node in here for number in node.ends if number in stems)
            for length in range(1, min(_LONGEST_SPELLING, end - at) + 1):
                group = heard[at : at + length]
                for node in here:
                    there = node.typed.get(group)
                    if there is not None:
                        reached.setdefault(at + length, set()).update(there)
        found.update(number for node in reached.get(end, ()) for number in node.ends)
        return found
