"""How much each class of words weighs (bot/language/doubts.toml), found from the phrases that may be looked at.

Logistic regression over classes of words, what the rules find, and the words themselves: "python -m
tests.bot.language.weighing" writes the weights. The phrases of the last, blind sets are never read here.
"""

from __future__ import annotations

import math
import random
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from babel.messages.pofile import read_po

import bot.language
from bot.language import alarms
from bot.language.doubts import weighed
from bot.language.reading import letters
from tests.bot.language.spelt import LANGUAGES, phrases, spellings

FILE = Path(bot.language.__file__).with_name("doubts.toml")
STRANGE = "train"
"""Phrases of an author who never saw the rules: they say from where to ask, and count more."""
SETS = (
    "wide",
    "more",
    "fresh",
    "alarm",
    "harmless",
    "held",
    "held_harmless",
    "final",
    "final_harmless",
    "extra",
    STRANGE,
)
IN_VAIN = 0.09
"""The share of harmless phrases of that author, weighed by what was found without them, that may be heard in vain."""
ROUNDS, KEPT, COUNTS_MORE = 12, 0.01, 2
SEEN, LEAST = 3, 0.1
"""A word weighs by itself if it is in so many phrases and weighs at least so much."""
STEM, LONG_STEM = 5, 8
EVERY, SHORT = 6, 60
SPEAKS_OF_DANGER = ("help",)
"""Catalogues whose texts are about emergencies."""
BIAS = "always"


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase: what is weighed in it, its words, whether somebody is in danger, and whether a rule is sure."""

    language: str
    named: frozenset[str]
    words: frozenset[str]
    danger: bool
    sure: bool
    strange: bool
    number: int


def stems(language: str, phrase: str) -> frozenset[str]:
    """The words of a phrase as doubts.toml writes them: short ones whole, long ones by their beginnings."""
    said = letters((spellings(language, phrase)[1].lower() if language == "sr" else phrase).replace("'", "")).split()
    found = {word[:STEM] + "*" if len(word) >= STEM else word for word in said}
    return frozenset(found | {word[:LONG_STEM] + "*" for word in said if len(word) >= LONG_STEM})


def own_words() -> Iterator[tuple[str, str]]:
    """Some of the short texts of the program itself, with their language: nobody is asked about those."""
    for file in sorted((FILE.parents[2] / "locales").rglob("*.po")):
        if file.stem not in SPEAKS_OF_DANGER:
            with file.open("rb") as opened:
                said = [message for message in read_po(opened) if isinstance(message.id, str) and message.id]
            for message in sorted(said, key=lambda one: one.id)[::EVERY]:
                for language, text in (("en", message.id), (file.parts[-3], message.string)):
                    if isinstance(text, str) and 0 < len(text) <= SHORT:
                        yield language, text


def rows() -> list[Row]:
    """Every phrase, and some texts of the program itself, as they are heard in their first spelling."""
    found: list[Row] = []
    every = [
        (language, name, *one) for language in LANGUAGES for name in SETS for one in phrases(f"{language}.{name}.txt")
    ]
    every += [(language, "own", "harmless", text) for language, text in own_words()]
    for number, (language, name, kind, phrase) in enumerate(every):
        said = spellings(language, phrase)[0]
        sentences = tuple(alarms._sentences(said))
        hints = alarms._hints(sentences)
        meanings = [word.means for word in chain.from_iterable(sentences)]
        named = next((named for _of, named, _said in weighed(meanings, dict.fromkeys(LANGUAGES), hints)), frozenset())
        sure = alarms._gravest(hints) is not None
        words = stems(language, phrase)
        everything = frozenset({*named, BIAS})
        found.append(Row(language, everything, words, kind != "harmless", sure, name == STRANGE, number))
    return found


def weigh(learnt: Sequence[Row]) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """The weight of every class, and of every word that is said often enough."""
    seen = Counter((row.language, word) for row in learnt for word in row.words)
    weights: dict[str, float] = {}
    words: dict[tuple[str, str], float] = {}
    danger = sum(row.danger for row in learnt)
    often = {True: len(learnt) / 2 / danger, False: len(learnt) / 2 / (len(learnt) - danger)}
    said = {
        row.number: [(row.language, word) for word in row.words if seen[row.language, word] >= SEEN] for row in learnt
    }
    chance = random.Random(1)
    order = list(learnt)
    for turn in range(ROUNDS):
        chance.shuffle(order)
        step = 0.1 / (1 + turn * 0.3)
        for row in order:
            total = sum(weights.get(name, 0.0) for name in row.named) + sum(
                words.get(one, 0.0) for one in said[row.number]
            )
            off = row.danger - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            off *= often[row.danger] * (COUNTS_MORE if row.strange else 1)
            for name in row.named:
                was = weights.get(name, 0.0)
                weights[name] = was + step * (off - KEPT * was)
            for one in said[row.number]:
                was = words.get(one, 0.0)
                words[one] = was + step * (off - KEPT * was)
    return weights, {one: weight for one, weight in words.items() if abs(weight) >= LEAST}


def total(row: Row, weights: Mapping[str, float], words: Mapping[tuple[str, str], float]) -> float:
    """What a phrase weighs."""
    return sum(weights.get(name, 0.0) for name in row.named) + sum(
        words.get((row.language, one), 0.0) for one in row.words
    )


def main() -> None:
    """Find the weights and from where to ask, by fifths that were not learnt from; write all."""
    every = rows()
    harmless: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    danger: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    for fifth in range(5):
        found = weigh([row for row in every if row.number % 5 != fifth])
        for row in (row for row in every if row.number % 5 == fifth and row.strange):
            (danger if row.danger else harmless)[row.language].append(math.inf if row.sure else total(row, *found))
    weights, words = weigh(every)
    bias = round(10 * weights.pop(BIAS))
    lines = ["[ask_from]"]
    for language in LANGUAGES:
        enough = sorted(harmless[language], reverse=True)[int(IN_VAIN * len(harmless[language]))]
        share = sum(one > enough for one in danger[language]) / len(danger[language])
        sys.stdout.write(f"{language}: asked from {enough:.2f}; {share:.1%} of what was not learnt\n")
        lines.append(f"{language} = {round(10 * enough) - bias}")
    lines += ["", "[weights]", *(f'"{name}" = {round(10 * weights[name])}' for name in sorted(weights))]
    for language in LANGUAGES:
        by_weight: dict[int, list[str]] = {}
        for (of, word), weight in sorted(words.items()):
            if of == language:
                by_weight.setdefault(round(10 * weight), []).append(word)
        lines += ["", f"[said.{language}]"]
        for tenths in sorted(by_weight):
            lines += [
                f'"{tenths}" = """',
                *textwrap.wrap(" ".join(by_weight[tenths]), 116, break_on_hyphens=False),
                '"""',
            ]
    kept = re.split(r"^\[ask_from\]", FILE.read_text("utf-8"), flags=re.M)[0]
    FILE.write_text(kept + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
