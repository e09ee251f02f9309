"""Weaker signs: words that are often said in danger, weighed together, where no rule is sure (doubts.toml).

What they lead to is a gentle question, never a card and never a notice.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("doubts.toml")

WINDOW = 24
"""Words that are weighed together: a long message is read in such pieces, each beginning in the middle of the last."""
_BY_LENGTH = 3
_LONGEST, _RICHEST, _MANY, _CALM = 4, 6, 5, 3

THEMES = frozenset(
    {"stark", "grave", "despair", "drugs", "body_harm", "indecent", "shown_online", "wedlock", "held", "blows"}
    | {"menace", "mockery", "flight", "need", "fear"}
)
"""What danger is about."""
CALM = frozenset(
    {"course", "courtesy", "device", "everyday", "thing", "event", "fun", "about", "sport", "time", "group"}
)
"""What everyday messages are about."""
WITH = frozenset({"me", "kin", "child", "they", "not", "course", "thing"})
"""Whom a theme is about, or what takes it back: a theme is weighed together with each of these."""

_PAIRS = {(theme, other): f"{theme}_{other}" for theme in THEMES for other in WITH}
_NONE: frozenset[str] = frozenset()

Meanings = Sequence[frozenset[tuple[str, str]]]
"""What each word of a message means, as (language, class)."""


class Doubts:
    """The words of doubts.toml by class, and how much each class weighs."""

    def __init__(self) -> None:
        with _FILE.open("rb") as file:
            stored = tomllib.load(file)
        self.words: Mapping[str, Mapping[str, str]] = stored["words"]
        self._weights: Mapping[str, int] = stored["weights"]
        self._ask_from: Mapping[str, int] = stored["ask_from"]

    def asks(self, meanings: Meanings) -> bool:
        """True where the words weigh enough to ask whether somebody is in danger."""
        return any(
            sum(self._weights.get(name, 0) for name in named) >= self._ask_from[language]
            for language, named in weighed(meanings, self.words)
        )


def weighed(meanings: Meanings, languages: Mapping[str, object]) -> Iterator[tuple[str, Set[str]]]:
    """For each piece of a message its language and what is weighed in it: classes, how long and how rich it is."""
    for start in range(0, max(1, len(meanings) - WINDOW // 2), WINDOW // 2):
        piece = [_by_language(word) for word in meanings[start : start + WINDOW]]
        spoken = Counter(language for word in piece for language in word)
        if spoken:
            language = max(languages, key=lambda one: spoken[one])
            classes = _NONE.union(*(word[language] for word in piece if language in word))
            yield language, classes.union(_shape(len(piece), classes))


@lru_cache(maxsize=4096)
def _by_language(word: frozenset[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """What a word means, by language."""
    return {of: frozenset(name for its, name in word if its == of) for of, _name in word}


def _shape(words: int, classes: Set[str]) -> Iterator[str]:
    """How long a piece is, how rich, how many themes are in it, and what each theme is said of."""
    themes = classes & THEMES
    yield f"words_{min(_LONGEST, words // _BY_LENGTH)}"
    yield f"classes_{min(_RICHEST, len(classes) // _BY_LENGTH)}"
    yield f"themes_{min(_MANY, len(themes))}"
    yield f"calm_{min(_CALM, len(classes & CALM))}"
    for other in classes & WITH:
        for theme in themes:
            yield _PAIRS[theme, other]
