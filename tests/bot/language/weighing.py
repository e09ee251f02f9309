"""How much meanings, pairs of them and single words weigh (bot/language/doubts.toml), found from the phrases.

Regularised logistic regression, once for all languages: "python -m tests.bot.language.weighing" writes the weights. The
phrases of the blind sets are never read here. With "across" it writes nothing and says how much is heard of each
author's phrases when only those of the others are learnt from.
"""

from __future__ import annotations

import math
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
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
    "veiled",
    "alike",
    STRANGE,
)
AUTHORS = (
    ("alarm", "fresh", "harmless"),
    ("more",),
    ("wide",),
    ("held", "held_harmless"),
    ("final", "final_harmless"),
    ("extra",),
    (STRANGE,),
)
"""Sets by the same author; "veiled" and "alike" were written for the weights alone and are always learnt from."""
IN_VAIN = 0.09
"""The share of harmless phrases of that author, weighed by what was found without them, that may be heard in vain."""
ROUNDS, KEPT, COUNTS_MORE = 150, 2.0, 2
SEEN, LEAST = 2, 2
"""What is weighed is in so many phrases, and weighs at least so many hundredths."""
PAIRED, DENIED = 0.3, 0.5
"""How much of a weight a pair of meanings, and a denied one, may have beside a single meaning."""
SPELLINGS = 2
"""Every second spelling is learnt from: as it stands, and in Latin letters or with a slip of the thumb."""
STEM, LONG_STEM = 5, 8
EVERY, SHORT = 6, 60
SPEAKS_OF_DANGER = ("help",)
"""Catalogues whose texts are about emergencies."""
BIAS = ("", "always")
Key = tuple[str, str]
"""What is weighed: for single words their language, and the word; for everything else "", and its name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase: what is weighed in it, whether somebody is in danger, and whether a rule is sure."""

    language: str
    name: str
    named: Mapping[Key, float]
    danger: bool
    sure: bool
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
    """Every phrase in two spellings, and some texts of the program itself, as they are heard."""
    found: list[Row] = []
    every = [
        (language, name, *one) for language in LANGUAGES for name in SETS for one in phrases(f"{language}.{name}.txt")
    ]
    every += [(language, "own", "harmless", text) for language, text in own_words()]
    for number, (language, name, kind, phrase) in enumerate(every):
        words = {(language, one): 1.0 for one in stems(language, phrase)}
        for said in dict.fromkeys(spellings(language, phrase)[::SPELLINGS]):
            sentences = tuple(alarms._sentences(said))
            hints = alarms._hints(sentences)
            meanings = [word.means for word in chain.from_iterable(sentences)]
            pieces = weighed(meanings, dict.fromkeys(LANGUAGES), hints)
            named = {("", one): _share(one) for one in next((named for _of, named, _said in pieces), frozenset())}
            sure = alarms._gravest(hints) is not None
            found.append(Row(language, name, named | words, kind != "harmless", sure, number))
    return found


def _share(named: str) -> float:
    return DENIED if named.startswith("not~") else PAIRED if "~" in named[1:] else 1.0


def weigh(learnt: Sequence[Row]) -> dict[Key, float]:
    """The weight of everything that is said often enough, by Nesterov's method; always the same."""
    seen = Counter(one for row in learnt for one in row.named)
    keys = sorted(one for one, often in seen.items() if often >= SEEN)
    at = {one: place for place, one in enumerate(keys)}
    cells = [(row, at[one], share) for row, of in enumerate(learnt) for one, share in of.named.items() if one in at]
    row_of, key_of = np.array([cell[0] for cell in cells]), np.array([cell[1] for cell in cells])
    share_of = np.array([cell[2] for cell in cells])
    danger = np.array([float(row.danger) for row in learnt])
    often = np.where(danger > 0, len(learnt) / 2 / danger.sum(), len(learnt) / 2 / (len(learnt) - danger.sum()))
    often *= np.array([COUNTS_MORE if row.name == STRANGE else 1 for row in learnt])

    def totals(weights: np.ndarray) -> np.ndarray:
        return np.bincount(row_of, share_of * weights[key_of], len(learnt))

    def back(off: np.ndarray) -> np.ndarray:
        return np.bincount(key_of, share_of * off[row_of], len(keys))

    steepest = np.ones(len(keys))
    for _turn in range(12):
        steepest = back(totals(steepest / np.linalg.norm(steepest)) * often)
    step = 1 / (1.1 * (np.linalg.norm(steepest) / 4 + KEPT))
    weights, ahead, bias, bias_ahead, pace = np.zeros(len(keys)), np.zeros(len(keys)), 0.0, 0.0, 1.0
    for _turn in range(ROUNDS):
        off = (1 / (1 + np.exp(-np.clip(totals(ahead) + bias_ahead, -30, 30))) - danger) * often
        then = ahead - step * (back(off) + KEPT * ahead)
        bias_then = bias_ahead - 20 / often.sum() * off.sum()
        next_pace = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead = then + (pace - 1) / next_pace * (then - weights)
        bias_ahead = bias_then + (pace - 1) / next_pace * (bias_then - bias)
        weights, bias, pace = then, bias_then, next_pace
    share = {one: 1.0 if one[0] else _share(one[1]) for one in keys}
    return {one: float(weights[place]) * share[one] for one, place in at.items()} | {BIAS: bias}


def total(row: Row, weights: Mapping[Key, float]) -> float:
    """What a phrase weighs."""
    return weights[BIAS] + sum(weights.get(one, 0.0) for one in row.named)


def heard(learnt: Sequence[Row], others: Sequence[Row]) -> Iterator[tuple[str, bool, float]]:
    """What other phrases weigh, with their language and whether somebody is in danger; a sure rule outweighs all."""
    weights = weigh(learnt)
    for row in others:
        yield row.language, row.danger, math.inf if row.sure else total(row, weights)


def enough(found: Sequence[tuple[str, bool, float]], language: str, in_vain: float) -> tuple[float, float]:
    """From where to ask so that only such a share of harmless phrases is asked about, and what is heard then."""
    harmless = sorted((one for of, danger, one in found if of == language and not danger), reverse=True)
    dangers = [one for of, danger, one in found if of == language and danger]
    least = harmless[int(in_vain * len(harmless))] if harmless else 0.0
    return least, sum(one > least for one in dangers) / max(1, len(dangers))


def across(every: Sequence[Row], in_vain: float = 0.10) -> None:
    """Say how much is heard of each author when only the others are learnt from."""
    for names in AUTHORS:
        learnt = [row for row in every if row.name not in names]
        found = list(heard(learnt, [row for row in every if row.name in names]))
        shares = " ".join(f"{language} {enough(found, language, in_vain)[1]:.1%}" for language in LANGUAGES)
        sys.stdout.write(f"{names[0]}: {shares}\n")


def _table(title: str, weights: Mapping[str, float]) -> Iterator[str]:
    """Names by their weight in hundredths, the words that say most for danger last."""
    by_weight: dict[int, list[str]] = {}
    for name, weight in sorted(weights.items()):
        hundredths = round(100 * weight)
        if abs(hundredths) >= LEAST:
            by_weight.setdefault(hundredths, []).append(name)
    yield f"[{title}]"
    for hundredths in sorted(by_weight):
        rows = textwrap.wrap(" ".join(by_weight[hundredths]), 116, break_on_hyphens=False, break_long_words=False)
        yield from (f'"{hundredths}" = """', *rows, '"""')
    yield ""


def main() -> None:
    """Find the weights and from where to ask, by fifths that were not learnt from; write all."""
    every = rows()
    if "across" in sys.argv[1:]:
        across(every)
        return
    found: list[tuple[str, bool, float]] = []
    for fifth in range(5):
        strange = [row for row in every if row.number % 5 == fifth and row.name == STRANGE]
        found += heard([row for row in every if row.number % 5 != fifth], strange)
    weights = weigh(every)
    bias = weights.pop(BIAS)
    lines = ["[ask_from]"]
    for language in LANGUAGES:
        least, share = enough(found, language, IN_VAIN)
        sys.stdout.write(f"{language}: asked from {least:.2f}; {share:.1%} of what was not learnt\n")
        lines.append(f"{language} = {round(100 * (least - bias))}")
    lines += ["", *_table("weights", {name: weight for (of, name), weight in weights.items() if not of})]
    for language in LANGUAGES:
        mine = {name: weight for (of, name), weight in weights.items() if of == language}
        lines += _table(f"said.{language}", mine)
    kept = re.split(r"^\[ask_from\]", FILE.read_text("utf-8"), flags=re.M)[0]
    FILE.write_text(kept + "\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
