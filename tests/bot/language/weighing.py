"""How much meanings, pairs of them and what is spoken weigh (bot/language/doubts.toml), found from the phrases.

Logistic regression, once for all languages, in which what is seldom said may weigh as much as what is often said, and
which stops early: "python -m tests.bot.language.weighing" writes the weights. The phrases of the blind sets are never
read here. With "across" it writes nothing and says how much is heard of each author's phrases when only those of the
others are learnt from.
"""

from __future__ import annotations

import math
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
from babel.messages.pofile import read_po

import bot.language
import tests.transcripts
from bot.language import alarms
from bot.language.doubts import weighed
from bot.language.sounds import FAMILY
from tests.bot.language.spelt import LANGUAGES, phrases, spellings

FILE = Path(bot.language.__file__).with_name("doubts.toml")
AUTHORS = (
    ("alarm", "fresh", "harmless", "more", "wide", "held", "held_harmless", "final", "final_harmless", "extra"),
    ("veiled", "alike"),
    ("train",),
    ("plain",),
    ("chats",),
    ("worries",),
    ("traces",),
    ("fair",),
    ("said",),
)
"""Sets by the same author ("said": by several). The first ones are those for which the rules were made."""
STRANGE = (("chats",), ("worries",), ("traces",), ("fair",), ("said",))
"""Authors who never saw the rules, nor were the rules mended for them: they say from where to ask."""
AFTER = ("plain",)
"""Written when those had been read: it would flatter what is heard of them, so it is left out then."""
IN_VAIN = 0.10
"""The share of harmless phrases of those authors, each weighed by what the others taught, that may be heard in vain."""
ROUNDS, KEPT = 20, 0.05
SEEN, PAIRS_SEEN, LEAST = 2, 4, 4
"""What is weighed is in so many phrases, and weighs at least so many hundredths."""
PAIRED, DENIED = 0.5, 0.5
"""How much of a weight a pair of meanings, and a denied one, may have beside a single meaning."""
SPELLINGS = 2
"""Every second spelling is weighed: as it stands, and in Latin letters or with a slip of the thumb; one is learnt."""
EVERY, SHORT, NUMBERS, AGES = 6, 60, 40, range(8, 20)
ANSWERS = {
    "sr": (
        "da",
        "ne",
        "da ne",
        "ne znam",
        "hvala",
        "u redu",
        "ne sada",
        "važi",
        "sa ženom",
        "sa muškarcem",
        "ovde ne",
        "upoznaj pekara",
    ),
    "bg": (
        "да",
        "не",
        "да не",
        "не знам",
        "благодаря",
        "добре",
        "не сега",
        "с жена",
        "с мъж",
        "тук не",
        "всички",
        "запознай се с пекаря",
    ),
    "en": (
        "yes",
        "no",
        "yes no",
        "dont know",
        "thanks",
        "all right",
        "not now",
        "every week",
        "with a woman",
        "throw away",
    ),
}
"""What is answered to many questions of the program."""
SPEAKS_OF_DANGER = ("help",)
"""Catalogues whose texts are about emergencies."""
TRANSCRIPTS = Path(tests.transcripts.__file__).parent
ABOUT_DANGER = ("📞", "Може ли једно питање", "Može li jedno pitanje", "Може ли един въпрос", "May I ask something")
"""Signs that somebody in a transcript is heard to be in danger: none of it is learnt from."""
BIAS = ("", "always")
Key = tuple[str, str]
"""What is weighed: for what is spoken its family of languages, and itself; for everything else "", and its name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase: what is weighed in it, whether somebody is in danger, and whether a rule is sure."""

    language: str
    name: str
    named: Mapping[Key, float]
    danger: bool
    sure: bool
    number: int
    learnt: bool


def typed() -> Iterator[tuple[str, str]]:
    """What people type in the transcripts in which nobody speaks of danger, with their language."""
    for file in sorted(TRANSCRIPTS.glob("*.txt")):
        played = file.read_text("utf-8")
        if not any(sign in played for sign in ABOUT_DANGER):
            spoken_by = dict(re.findall(r"^given: (\w+) (sr|bg|en)\b", played, re.M))
            for name, said in re.findall(r"^(\w+)> (\w.*)", played, re.M):
                if name in spoken_by:
                    yield spoken_by[name], said


def own_words() -> Iterator[tuple[str, str]]:
    """Some of the short texts of the program itself, short answers, numbers and ages: nobody is asked about those."""
    yield from sorted(set(typed()))
    yield from ((language, answer) for language in LANGUAGES for answer in ANSWERS[language])
    yield from ((language, str(number)) for language in LANGUAGES for number in range(NUMBERS))
    for age in AGES:
        yield from (("sr", f"imam {age} godina"), ("bg", f"на {age} съм"), ("en", f"i am {age}"))
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
    names = [name for author in AUTHORS for name in author]
    every = [
        (language, name, *one) for language in LANGUAGES for name in names for one in phrases(f"{language}.{name}.txt")
    ]
    every += [(language, "own", "harmless", text) for language, text in own_words()]
    for number, (language, name, kind, phrase) in enumerate(every):
        for at, said in enumerate(dict.fromkeys(spellings(language, phrase)[::SPELLINGS])):
            sentences = tuple(alarms._sentences(said))
            hints = alarms._hints(sentences)
            meanings = [word.means for word in chain.from_iterable(sentences)]
            named: dict[Key, float] = {}
            for of, meant, spoken in islice(weighed(meanings, dict.fromkeys(LANGUAGES), hints), 1):
                named = {("", one): _share(one) for one in meant} | {(FAMILY[of], one): 1.0 for one in spoken}
            sure = alarms._gravest(hints) is not None
            found.append(Row(language, name, named, kind != "harmless", sure, number, at == number % SPELLINGS))
    return found


def _share(named: str) -> float:
    return DENIED if named.startswith("not~") else PAIRED if "~" in named[1:] else 1.0


def weigh(learnt: Sequence[Row]) -> dict[Key, float]:
    """The weight of everything that is said often enough, by Nesterov's method; always the same.

    Each weight has a scale of its own, by how often the thing is said: otherwise seldom words would never weigh much.
    """
    learnt = [row for row in learnt if row.learnt]
    seen = Counter(one for row in learnt for one in row.named)
    keys = sorted(one for one, often in seen.items() if often >= (PAIRS_SEEN if "~" in one[1][1:] else SEEN))
    at = {one: place for place, one in enumerate(keys)}
    cells = [(row, at[one], share) for row, of in enumerate(learnt) for one, share in of.named.items() if one in at]
    row_of, key_of = np.array([cell[0] for cell in cells]), np.array([cell[1] for cell in cells])
    share_of = np.array([cell[2] for cell in cells])
    danger = np.array([float(row.danger) for row in learnt])
    often = np.where(danger > 0, len(learnt) / 2 / danger.sum(), len(learnt) / 2 / (len(learnt) - danger.sum()))
    scale = 1 / np.sqrt(np.bincount(key_of, share_of * share_of * often[row_of], len(keys)) / 8 + KEPT)
    share_of, kept = share_of * scale[key_of], KEPT * scale * scale

    def totals(weights: np.ndarray) -> np.ndarray:
        return np.bincount(row_of, share_of * weights[key_of], len(learnt))

    def back(off: np.ndarray) -> np.ndarray:
        return np.bincount(key_of, share_of * off[row_of], len(keys))

    steepest = np.ones(len(keys))
    for _turn in range(12):
        steepest /= np.linalg.norm(steepest)
        steepest = back(totals(steepest) * often) / 4 + kept * steepest
    step, bias_step = 1 / (1.05 * np.linalg.norm(steepest)), 0.8 / often.sum()
    weights, ahead, bias, bias_ahead, pace = np.zeros(len(keys)), np.zeros(len(keys)), 0.0, 0.0, 1.0
    for _turn in range(ROUNDS):
        off = (1 / (1 + np.exp(-np.clip(totals(ahead) + bias_ahead, -30, 30))) - danger) * often
        then, bias_then = ahead - step * (back(off) + kept * ahead), bias_ahead - bias_step * off.sum()
        next_pace = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead = then + (pace - 1) / next_pace * (then - weights)
        bias_ahead = bias_then + (pace - 1) / next_pace * (bias_then - bias)
        weights, bias, pace = then, bias_then, next_pace
    found = {one: float(weights[place] * scale[place]) * _share(one[1]) for one, place in at.items()}
    return {one: weight for one, weight in found.items() if abs(weight) >= LEAST / 100} | {BIAS: bias}


def total(row: Row, weights: Mapping[Key, float]) -> float:
    """What a phrase weighs."""
    return weights[BIAS] + sum(weights.get(one, 0.0) for one in row.named)


def heard(every: Sequence[Row], names: Sequence[str]) -> Iterator[tuple[str, bool, float]]:
    """What the phrases of an author weigh by what the others taught, with their language and whether it is danger.

    Where a rule is sure less is enough, so that much is added here.
    """
    weights = weigh([row for row in every if row.name not in (*names, *AFTER)])
    for row in every:
        if row.name in names:
            yield row.language, row.danger, total(row, weights) + row.sure * alarms._RULE / 100


def enough(found: Sequence[tuple[str, bool, float]], language: str, in_vain: float) -> tuple[float, float]:
    """From where to ask so that only such a share of harmless phrases is asked about, and what is heard then."""
    harmless = sorted((one for of, danger, one in found if of == language and not danger), reverse=True)
    dangers = [one for of, danger, one in found if of == language and danger]
    least = harmless[int(in_vain * len(harmless))] if harmless else 0.0
    return least, sum(one > least for one in dangers) / max(1, len(dangers))


def across(every: Sequence[Row]) -> None:
    """Say how much is heard of each author when only the others are learnt from."""
    for names in AUTHORS:
        found = list(heard(every, names))
        shares = " ".join(
            f"{language} {enough(found, language, IN_VAIN)[1]:.1%} at {IN_VAIN:.0%}," for language in LANGUAGES
        )
        sys.stdout.write(f"{names[0]}: {shares}\n")


def _table(title: str, weights: Mapping[str, float]) -> Iterator[str]:
    """Names by their weight in hundredths, the words that say most for danger last."""
    by_weight: dict[int, list[str]] = {}
    for name, weight in sorted(weights.items()):
        hundredths = round(100 * weight)
        by_weight.setdefault(hundredths, []).append(name)
    yield f"[{title}]"
    for hundredths in sorted(by_weight):
        rows = textwrap.wrap(" ".join(by_weight[hundredths]), 116, break_on_hyphens=False, break_long_words=False)
        yield from (f'"{hundredths}" = """', *rows, '"""')
    yield ""


def main() -> None:
    """Find the weights and from where to ask, by authors that were not learnt from; write all."""
    every = rows()
    if "across" in sys.argv[1:]:
        across(every)
        return
    found = [one for names in STRANGE for one in heard(every, names)]
    weights = weigh(every)
    bias = weights.pop(BIAS)
    lines = ["[ask_from]"]
    for language in LANGUAGES:
        least, share = enough(found, language, IN_VAIN)
        sys.stdout.write(f"{language}: asked from {least:.2f}; {share:.1%} of what was not learnt\n")
        lines.append(f"{language} = {round(100 * (least - bias))}")
    lines += ["", *_table("weights", {name: weight for (of, name), weight in weights.items() if not of})]
    for family in sorted(set(FAMILY.values())):
        lines += _table(f"said.{family}", {name: weight for (of, name), weight in weights.items() if of == family})
    kept = re.split(r"^\[ask_from\]", FILE.read_text("utf-8"), flags=re.M)[0]
    FILE.write_text(kept + "\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
