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
_LONGEST, _RICHEST, _MANY, _CALM = 4, 8, 9, 6

THEMES = frozenset(
    {"stark", "grave", "despair", "drugs", "body_harm", "indecent", "shown_online", "wedlock", "held", "blows"}
    | {"menace", "mockery", "flight", "need", "fear"}
    | {"unwell", "stuff_taken", "weapon_more", "harm_other", "sorrow", "enough_of", "assault", "images"}
    | {"wedding_forced", "work_forced", "home_hit", "chase", "mock_more", "away", "lacking", "injury"}
)
"""What danger is about."""
CALM = frozenset(
    {"course", "courtesy", "device", "everyday", "thing", "event", "fun", "about", "sport", "time", "group"}
    | {"ask_info", "weekday", "school_life", "media", "joy", "errand", "mundane", "mild_health"}
)
"""What everyday messages are about."""
WITH = frozenset({"me", "kin", "child", "they", "not", "course", "thing", "media", "ask_info", "done_by_me", "must"})
"""Whom a theme is about, or what takes it back: a theme is weighed together with each of these."""

_SAID = "said "
"""Words that weigh by themselves are classes too: "said -4" are those that take four tenths away."""
_PAIRS = {(theme, other): f"{theme}_{other}" for theme in THEMES for other in WITH}
_NONE: frozenset[str] = frozenset()

Meanings = Sequence[frozenset[tuple[str, str]]]
"""What each word of a message means, as (language, class)."""


class Doubts:
    """How much each class of words weighs, and each word that weighs by itself."""

    def __init__(self, weights: Mapping[str, int], ask_from: Mapping[str, int]) -> None:
        self._weights = weights
        self._ask_from = ask_from

    def asks(self, meanings: Meanings, hints: Set[str]) -> bool:
        """True where the words and what the rules suggest weigh enough to ask whether somebody is in danger."""
        return any(
            sum((self._weights.get(name, 0) for name in named), said) >= self._ask_from[language]
            for language, named, said in weighed(meanings, self._ask_from, hints)
        )


def read() -> tuple[Doubts, Mapping[str, Mapping[str, str]]]:
    """The weights of doubts.toml, and its words by language and class."""
    with _FILE.open("rb") as file:
        stored = tomllib.load(file)
    words = {
        language: {**classes, **{f"{_SAID}{tenths}": said for tenths, said in stored["said"][language].items()}}
        for language, classes in stored["words"].items()
    }
    return Doubts(stored["weights"], stored["ask_from"]), words


def weighed(
    meanings: Meanings, languages: Mapping[str, object], hints: Set[str] = _NONE
) -> Iterator[tuple[str, Set[str], int]]:
    """For each piece of a message its language, what is weighed in it, and what its single words weigh together.

    Weighed are classes of words, how long and how rich it is, and what the rules find in the whole message.
    """
    for start in range(0, max(1, len(meanings) - WINDOW // 2), WINDOW // 2):
        piece = [_by_language(word) for word in meanings[start : start + WINDOW]]
        spoken = Counter(language for word in piece for language in word)
        if spoken:
            language = max(languages, key=lambda one: spoken[one])
            mine = [word[language] for word in piece if language in word]
            classes = _NONE.union(*(names for names, _said in mine))
            yield language, classes.union(_shape(len(piece), classes), hints), sum(said for _names, said in mine)


@lru_cache(maxsize=2048)
def _by_language(word: frozenset[tuple[str, str]]) -> Mapping[str, tuple[frozenset[str], int]]:
    """What a word means, by language, and how much it weighs by itself."""
    return {
        of: (
            frozenset(name for its, name in word if its == of and not name.startswith(_SAID)),
            sum(int(name.removeprefix(_SAID)) for its, name in word if its == of and name.startswith(_SAID)),
        )
        for of, _name in word
    }


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
