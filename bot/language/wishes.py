"""Wishes that a longer text speaks of: what the words of words.toml say by themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from bot.language.fold import fold

_BEGINNINGS = Path(__file__).with_name("wishes.toml")
_WHOLE = "."
"""What stands behind a word that is meant whole, and not as a beginning."""
_BUT = "but"
"""Where beginnings stand that must not be there, in any language."""
_SOUNDS = str.maketrans({"q": "a", "4": "c", "6": "s"})
_GLIDE = re.compile("(?<=[aeou])[ij]|[ij](?=[aeou])")
_NOT = "ne"

Way = tuple[tuple[str, bool], ...]
"""Beginnings in their order, each with whether it is the whole word."""


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[str, tuple[Way, ...], tuple[Way, ...]], ...]:
    """Every wish: the ways to speak of it, and those to speak of something else with these words."""
    with _BEGINNINGS.open("rb") as file:
        entries: dict[str, dict[str, list[str]]] = tomllib.load(file)
    known = []
    for name, said in entries.items():
        texts = [text for language, ways in said.items() if language != _BUT for text in ways]
        known.append((name, _ways(texts), _ways(said.get(_BUT, ()))))
    return tuple(known)


def _ways(texts: Iterable[str]) -> tuple[Way, ...]:
    """The ways as they are folded, and as they are heard."""
    plain = [tuple((fold(word), word.endswith(_WHOLE)) for word in text.split()) for text in texts]
    return tuple(dict.fromkeys((*plain, *map(_as_heard, plain))))


def spoken_of(words: str) -> tuple[str, ...]:
    """The wishes that these words speak of, in any script and language, also as a clumsy hand writes; () for none."""
    plain = tuple((word, True) for word in fold(words).split())
    heard = [[word for word, _whole in said] for said in (plain, _as_heard(plain))]
    return tuple(
        name
        for name, ways, but in _known()
        if any(_in_order(way, said) for way in ways for said in heard)
        and not any(_in_order(way, heard[0]) for way in but)
    )


def _as_heard(words: Way) -> Way:
    """The same where "doida" is "дойда", "niama" and "nqma" are "няма", and "nemogu" is "ne mogu"."""
    heard: list[tuple[str, bool]] = []
    for word, whole in words:
        sound = _GLIDE.sub("", word if word.isdigit() else word.translate(_SOUNDS)) or word
        if heard and heard[-1][0] == _NOT:
            heard[-1] = (_NOT + sound, whole)
        else:
            heard.append((sound, whole))
    return tuple(heard)


def _in_order(way: Way, heard: Sequence[str]) -> bool:
    """True if words begin like that, one after the other; others may stand between."""
    rest = iter(heard)
    return all(any(word == one if whole else word.startswith(one) for word in rest) for one, whole in way)
