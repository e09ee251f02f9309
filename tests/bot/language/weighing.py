"""How much each class of words weighs (bot/language/doubts.toml), found from the phrases that may be looked at.

Logistic regression over classes, not over words: "python -m tests.bot.language.weighing" writes the weights. The final
sets are never read here.
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import bot.language
from bot.language import alarms
from bot.language.doubts import weighed
from tests.bot.language.spelt import LANGUAGES, phrases, spellings

FILE = Path(bot.language.__file__).with_name("doubts.toml")
SETS = ("wide", "more", "fresh", "alarm", "harmless", "held", "held_harmless")
IN_VAIN = 0.09
"""The share of harmless phrases, weighed by what was found without them, that may be asked about."""
ROUNDS, KEPT = 20, 0.016
BIAS = "always"

Row = tuple[frozenset[str], bool, str, int]
"""What is weighed in a phrase, whether somebody is in danger, its language, and its number: spellings share one."""


def rows() -> list[Row]:
    """Every phrase in its four spellings, each once."""
    found: dict[Row, None] = {}
    every = [(language, *one) for language in LANGUAGES for name in SETS for one in phrases(f"{language}.{name}.txt")]
    for number, (language, kind, phrase) in enumerate(every):
        for said in spellings(language, phrase):
            means = [word.means for word in chain.from_iterable(alarms._sentences(said))]
            for _language, named in list(weighed(means, dict.fromkeys(LANGUAGES)))[:1]:
                found[frozenset({*named, BIAS}), kind != "harmless", language, number] = None
    return list(found)


def weigh(learnt: Sequence[Row]) -> dict[str, float]:
    """The weight of every class."""
    weights: dict[str, float] = {}
    danger = sum(row[1] for row in learnt)
    often = {True: len(learnt) / 2 / danger, False: len(learnt) / 2 / (len(learnt) - danger)}
    chance = random.Random(1)
    order = list(learnt)
    for turn in range(ROUNDS):
        chance.shuffle(order)
        step = 0.1 / (1 + turn * 0.15)
        for named, meant, _language, _number in order:
            off = (meant - 1 / (1 + math.exp(-_sum(weights, named)))) * often[meant]
            for name in named:
                was = weights.get(name, 0.0)
                weights[name] = was + step * (off - KEPT * was)
    return weights


def _sum(weights: dict[str, float], named: frozenset[str]) -> float:
    return max(-30.0, min(30.0, sum(weights.get(name, 0.0) for name in named)))


def main() -> None:
    """Find the weights and from where to ask, by fifths that were not learnt from; write both."""
    every = rows()
    harmless: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    danger: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    for fifth in range(5):
        weights = weigh([row for row in every if row[3] % 5 != fifth])
        for named, meant, language, _number in (row for row in every if row[3] % 5 == fifth):
            (danger if meant else harmless)[language].append(_sum(weights, named))
    weights = weigh(every)
    bias = round(10 * weights.pop(BIAS))
    lines = ["[ask_from]"]
    for language in LANGUAGES:
        enough = sorted(harmless[language], reverse=True)[int(IN_VAIN * len(harmless[language]))]
        share = sum(one > enough for one in danger[language]) / len(danger[language])
        sys.stdout.write(f"{language}: asked from {enough:.2f}; {share:.1%} of what was not learnt\n")
        lines.append(f"{language} = {round(10 * enough) - bias}")
    lines += ["", "[weights]", *(f"{name} = {round(10 * weights[name])}" for name in sorted(weights))]
    kept = re.split(r"^\[ask_from\]", FILE.read_text("utf-8"), flags=re.M)[0]
    FILE.write_text(kept + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
