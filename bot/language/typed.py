"""What people type, matched with what they could have meant: labels, and the words that work everywhere."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bot.language.fold import fold
from bot.language.languages import BASES
from bot.language.reading import Trie, letters

LONGEST = 200
"""Characters beyond which nothing typed can be a label or a global word."""

_GOOD = 78.0
"""Likeness (0-100) from which a label may have been meant: one letter wrong in a word of five."""

_SPREAD = 12.0
"""How far behind the best a label may lie and still be offered."""

_OFFERED = 6
_AMBIGUOUS = -1
_CYRILLIC = re.compile("[\u0400-\u04ff]")

Spellings = Sequence[str]
"""How one label may be written, in all languages; first as the person sees it."""


class _Layer:
    """Labels in one circle of languages, found by their key or, where keys collide, by exact writing."""

    def __init__(self, spellings: Sequence[Sequence[str]]) -> None:
        self._keys: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        for number, texts in enumerate(spellings):
            for text in texts:
                _put(self._keys, fold(text), number)
                _put(self._exact, text.strip().casefold(), number)

    def find(self, heard: str, key: str) -> int | None:
        """The label; `_AMBIGUOUS` when two fit equally; None when none does."""
        found = self._keys.get(key)
        return self._exact.get(heard.strip().casefold(), _AMBIGUOUS) if found == _AMBIGUOUS else found


def _put(into: dict[str, int], key: str, number: int) -> None:
    if key:
        into[key] = number if into.get(key, number) == number else _AMBIGUOUS


class Vocabulary:
    """A set of labels, each in every language and script it may be typed in."""

    def __init__(self, labels: Sequence[Spellings]) -> None:
        circles = ([spellings[:1] for spellings in labels], [spellings[1:] for spellings in labels])
        self._layers = tuple(_Layer(circle) for circle in circles)
        # Numbers of the second circle follow those of the first, so that one walk serves both.
        self._count = len(labels)
        self._trie = Trie(
            (letters(text), number + circle * self._count)
            for circle, of_labels in enumerate(circles)
            for number, texts in enumerate(of_labels)
            for text in texts
            if _CYRILLIC.search(text)
        )
        keys = [dict.fromkeys(map(fold, spellings)) for spellings in labels]
        self.keys = tuple(tuple(key for key in of_label if key) for of_label in keys)

    def find(self, heard: str) -> int | None:
        """The one label that was typed; None if none or more than one was."""
        key = fold(heard)
        if not key:
            return None
        for layer in self._layers:
            found = layer.find(heard, key)
            if found is not None:
                return None if found == _AMBIGUOUS else found
        return None if key.replace(" ", "").isdigit() else self._read(heard)

    def _read(self, heard: str) -> int | None:
        numbers = self._trie.find(letters(heard))
        if not numbers:
            return None
        mine = {number for number in numbers if number < self._count}
        fitting = mine or {number - self._count for number in numbers}
        return fitting.pop() if len(fitting) == 1 else None


def reads(heard: str, vocabulary: Vocabulary) -> int | None:
    """Which label was typed, in any script and language, with or without accents; None if none surely was.

    A label in the person's own language wins over one in another. A number alone is a label only when
    the label is that number.
    """
    return vocabulary.find(heard) if len(heard) <= LONGEST else None


_PHONE_LETTERS = re.compile("(?<=[a-z])[46]|[46](?=[a-z])|q")
_PHONE_SOUNDS = {"4": "c", "6": "s", "q": "ja"}


def near(heard: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Labels that may have been meant, best first: a letter wrong, or only a part of the words typed."""
    if len(heard) > LONGEST:
        return ()
    key = fold(heard)
    keys = {key, _PHONE_LETTERS.sub(lambda found: _PHONE_SOUNDS[found.group()], key)}
    if len(key) < 2 or key.replace(" ", "").isdigit():
        return ()
    words = set(key.split())
    whole = [at for at, of_label in enumerate(vocabulary.keys) if any(words <= set(one.split()) for one in of_label)]
    if len(words) > 1 and len(whole) == 1:  # "Tuesday 3 March" of many Tuesdays: it is in no other label
        return tuple(whole)
    scores = [
        max((_likeness(one, other) for one in keys for other in of_label), default=0.0) for of_label in vocabulary.keys
    ]
    best = max(scores, default=0.0)
    if best < _GOOD:
        return ()
    good = [i for i, score in enumerate(scores) if score >= max(_GOOD, best - _SPREAD)]
    return tuple(sorted(good, key=lambda i: -scores[i])[:_OFFERED])


def _likeness(heard: str, label: str) -> float:
    """0-100: the whole compared, or each typed word with the word of the label it fits best."""
    whole = _ratio(heard, label)
    words = heard.split()
    words = [word for word in words if len(word) > 2] or words
    parts = label.split()
    fits = sum(len(word) * max(_word_likeness(word, part) for part in parts) for word in words)
    return max(whole, 0.97 * fits / sum(map(len, words)))


def _word_likeness(word: str, part: str) -> float:
    if word == part:
        return 100.0
    if len(word) > 2 and part.startswith(word):
        return 95.0
    return _ratio(word, part)


# ---------------------------------------------------------------- global words

_WORDS = Path(__file__).with_name("words.toml")


@lru_cache(maxsize=1)
def _global_words() -> tuple[tuple[str, ...], Vocabulary, dict[str, str]]:
    with _WORDS.open("rb") as file:
        entries: dict[str, dict[str, list[str]]] = tomllib.load(file)
    names = tuple(entries)
    # No language comes first here: the empty spelling keeps the first circle free.
    vocabulary = Vocabulary([["", *(w for b in BASES for w in entries[name].get(b, ()))] for name in names])
    commands = {command: name for name in names for command in entries[name].get("commands", ())}
    return names, vocabulary, commands


def word(heard: str) -> str | None:
    """The global word that was typed ("menu", "back", ...), as a command or in any language and script."""
    if len(heard) > LONGEST:
        return None
    names, vocabulary, commands = _global_words()
    text = heard.strip()
    if text.startswith("/"):
        command = text[1:].split(maxsplit=1)[0] if len(text) > 1 else ""
        name = command.partition("@")[0]
        return commands.get(name.lower()) or _named(names, vocabulary.find(name))
    return _named(names, vocabulary.find(text))


def _named(names: tuple[str, ...], found: int | None) -> str | None:
    return None if found is None else names[found]


def _ratio(one: str, other: str) -> float:
    """How alike two words are, per cent; 0 below what is good enough."""
    from rapidfuzz import fuzz  # the page is served without it, and it takes a while to import

    return fuzz.ratio(one, other, score_cutoff=_GOOD)
