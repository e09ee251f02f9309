"""What a word sounds like however it is typed: one plain form for Serbian and Bulgarian together, one for English.

Related words of the two Slavic languages begin alike in it ("udario", "удари"): what is learnt of one helps the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from bot.language.fold import fold

SLAVIC, ENGLISH = "slavic", "english"
FAMILY: Mapping[str, str] = {"sr": SLAVIC, "bg": SLAVIC, "en": ENGLISH}
"""Whose plain form counts in which language."""

BEGINNINGS = (4, 5, 7)
"""So many letters of a word are a beginning, if it has as many."""
_OF_ROW = 4
"""Letters that count of each word where two words are looked at together."""
_SOON = 1, 2
"""The next word, and the one after it."""
EDGE = "^", "$"
"""Where a message begins and ends."""

_CYRILLIC_ALIKE = dict(zip("аеосрхујівнкмтѕ", "aeocpxyjibhkmts", strict=True))
_TO_LATIN = str.maketrans(_CYRILLIC_ALIKE)
_TO_CYRILLIC = str.maketrans({latin: cyrillic for cyrillic, latin in _CYRILLIC_ALIKE.items()})
_LATIN_LETTER, _CYRILLIC_LETTER = re.compile("[a-z]"), re.compile("[\u0400-\u04ff]")
_ONLY_CYRILLIC = re.compile(f"[\u0400-\u04ff](?<![{''.join(_CYRILLIC_ALIKE)}])")

_CLUSTERS = re.compile("sht|6t|t[sc]")
_CLUSTER = {"sht": "st", "6t": "st", "ts": "c", "tc": "c"}
_PHONE = str.maketrans({"q": "a", "4": "c", "6": "s", "x": "h", "j": "", "y": ""})
_TWICE = re.compile(r"(.)\1+")


def looks(word: str) -> Iterator[str]:
    """A word as it stands; with letters that only look like those of the other alphabet, also as it was meant."""
    yield word
    if not word.isascii() and (_LATIN_LETTER.search(word) or set(word) <= _CYRILLIC_ALIKE.keys()):
        yield word.translate(_TO_LATIN)
        yield word.translate(_TO_CYRILLIC)


def plain(word: str) -> tuple[str, str]:
    """The plain forms of a word that was prepared by `letters`: the Slavic one, and the English one.

    udario, ударио and udari0 differ in nothing that counts; neither do плача, placha and pla4a.
    """
    if word.isdecimal():
        return word, word
    if not word.isascii() and _LATIN_LETTER.search(word) and _CYRILLIC_LETTER.search(word):
        word = word.translate(_TO_CYRILLIC if _ONLY_CYRILLIC.search(word) else _TO_LATIN)
    slavic = _CLUSTERS.sub(_clustered, fold(word)).translate(_PHONE).replace(" ", "")
    return _TWICE.sub(r"\1", slavic) or word, word.translate(_TO_LATIN)


def _clustered(found: re.Match[str]) -> str:
    return _CLUSTER[found.group()]


def spoken(words: Sequence[str]) -> Set[str]:
    """What is weighed of plain words: each of them, its beginnings ("udar*"), and two near each other ("tata_me")."""
    found = set(words)
    for word in words:
        found.update(word[:length] + "*" for length in BEGINNINGS if len(word) >= length)
    row = [EDGE[0], *(word[:_OF_ROW] for word in words), EDGE[1]]
    for soon in _SOON:
        found.update(map("{}_{}".format, row, row[soon:]))
    return found
