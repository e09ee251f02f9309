"""Wishes that a longer text speaks of: what the words of words.toml say by themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bot.language.fold import fold

_BEGINNINGS = Path(__file__).with_name("wishes.toml")


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    with _BEGINNINGS.open("rb") as file:
        entries: dict[str, dict[str, list[str]]] = tomllib.load(file)
    return tuple(
        (name, tuple(dict.fromkeys(tuple(fold(text).split()) for texts in said.values() for text in texts)))
        for name, said in entries.items()
    )


def spoken_of(words: str) -> tuple[str, ...]:
    """The wishes that these words speak of, in any script and language; () for none."""
    heard = fold(words).split()
    return tuple(name for name, ways in _known() if any(_in_order(beginnings, heard) for beginnings in ways))


def _in_order(beginnings: Sequence[str], heard: Sequence[str]) -> bool:
    """True if words begin like that, one after the other; others may stand between."""
    rest = iter(heard)
    return all(any(word.startswith(beginning) for word in rest) for beginning in beginnings)
