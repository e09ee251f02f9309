"""Emergency words: found in every spelling, silent about what only sounds like them."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bot.language
import bot.sample
from bot.language import alarms
from bot.language.alarms import alarm, hint, kinds
from conversations.speech import MAYBE
from tests.bot.language.spelt import LANGUAGES, figures, phrases, shares, spellings

PACKS = Path(bot.language.__file__).with_name("alarms.toml")
TUNED = ("alarm", "fresh", "more", "harmless")
HELD = ("held", "held_harmless")
BLIND = {"sr": (0.88, 0.055), "bg": (0.86, 0.06), "en": (0.85, 0.075)}
"""What the blind sets measured, less a little: heard or asked about at least, in vain at most (docs/decisions/0087)."""
SECOND = {"sr": (0.955, 0.165), "bg": (0.86, 0.20), "en": (0.93, 0.14)}
"""The same of a set whose harmless phrases are mostly written to sound dangerous: there the question comes often."""
LAST = {"sr": (0.975, 0.085), "bg": (0.965, 0.09), "en": (0.955, 0.065)}
"""The same of the set that nothing was ever learnt from, nor anything chosen by: the goal is 0.95 and 0.10."""
FLOORS = {"sr": (0.90, 0.105), "bg": (0.91, 0.09), "en": (0.92, 0.08)}
"""What the held-out phrases measured when the packs were finished, less a little (docs/decisions/0087)."""


def _rates(language: str, names: tuple[str, ...]) -> tuple[float, float, int, int]:
    """The share of emergencies that were heard and of harmless words heard in vain, and how many phrases there were."""
    missed, vain = figures(language, *names)
    found = [kind for name in names for kind, _ in phrases(f"{language}.{name}.txt")]
    harmless = found.count("harmless")
    emergencies = len(found) - harmless
    return 1 - len(missed) / (4 * emergencies), len(vain) / (4 * harmless), emergencies, harmless


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergencies_are_heard_and_harmless_words_left_alone_in_four_spellings(language: str) -> None:
    heard, in_vain, emergencies, harmless = _rates(language, TUNED)
    assert emergencies >= 300
    assert harmless >= 275
    assert heard >= 0.95, figures(language, *TUNED)[0]
    assert in_vain <= 0.10, figures(language, *TUNED)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_that_nobody_mended_the_packs_for_are_heard_too(language: str) -> None:
    """Only the totals are looked at: whoever reads the misses one by one holds nothing out any more."""
    heard, in_vain, emergencies, harmless = _rates(language, HELD)
    assert emergencies >= 300
    assert harmless >= 300
    assert heard >= FLOORS[language][0]
    assert in_vain <= FLOORS[language][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_rule_is_sure_of_is_asked_about_gently(language: str) -> None:
    """The weights were learnt from these; whether that holds for others, the blind sets show."""
    surely, asked, in_vain, asked_in_vain = shares(language, "final", "final_harmless")
    assert surely + asked >= 0.96
    assert in_vain + asked_in_vain <= 0.11


@pytest.mark.parametrize(
    ("name", "measured", "cards_in_vain"),
    [("blind", BLIND, 0.015), ("second", SECOND, 0.085), ("last", LAST, 0.04)],
    ids=["blind", "second", "last"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_blind_phrases_are_heard_or_asked_about(
    language: str, name: str, measured: Mapping[str, tuple[float, float]], cards_in_vain: float
) -> None:
    """Written by somebody who never saw the rules: by totals alone, nothing may be tuned on their phrases."""
    surely, asked, in_vain, asked_in_vain = shares(language, name)
    assert surely + asked >= measured[language][0]
    assert in_vain + asked_in_vain <= measured[language][1]
    assert in_vain <= cards_in_vain


def test_what_a_rule_is_sure_of_is_never_silenced_by_everyday_words() -> None:
    polite = "Hvala, zdravo! Kada počinje kurs i koliko košta? Treba mi termin u petak i adresa. Radujem se izletu."
    assert alarm(f"{polite} Tata me tuče.") == "violence"
    assert hint(f"{polite} Tata me tuče.") in ("violence", MAYBE)
    assert hint(polite) == ""


def test_a_rule_is_silent_only_where_its_own_sentence_speaks_against_it() -> None:
    """ "posekao sam se na papir" once brought the card for cutting oneself."""
    paper = "Posekao sam se na papir, haha, nije ništa"
    assert alarm(paper) == "self_harm"
    assert hint(paper) == ""
    assert hint(f"{paper}. Sekla sam se po rukama.") in ("self_harm", MAYBE)


def _texts(stored: object, language: str = "en") -> Iterator[tuple[str, str]]:
    if isinstance(stored, str):
        yield language, stored
    elif isinstance(stored, dict):
        for key, value in stored.items():
            yield from _texts(value, key if key in LANGUAGES else language)
    elif isinstance(stored, list):
        for value in stored:
            yield from _texts(value, language)


def test_titles_summaries_towns_and_answers_of_the_sample_are_no_emergency() -> None:
    """Only the hotlines speak of danger. "Fizika: pomoc u ucenju" once sounded like blackmail ("uceni")."""
    texts = [
        (language, text)
        for file in sorted(Path(bot.sample.__file__).parent.glob("*.toml"))
        if file.name != "hotlines.toml"
        for language, text in _texts(tomllib.loads(file.read_text("utf-8")))
    ]
    said = {spelt for language, text in texts for spelt in spellings(language, text)}
    heard = {one: hint(one) for one in said}
    short = [found for one, found in heard.items() if len(one) <= 60]
    assert len(said) > 3000
    assert [one for one, found in heard.items() if found not in ("", MAYBE)] == []
    assert short.count(MAYBE) <= 0.06 * len(short)


def test_labels_of_the_catalogues_are_no_emergency() -> None:
    """Labels are at most 40 letters long; those that name an emergency itself may be heard."""
    said: set[str] = set()
    for file in (Path(bot.language.__file__).parents[2] / "locales").rglob("*.po"):
        with file.open("rb") as opened:
            for message in read_po(opened):
                for both in (message.id, message.string or ""):
                    said.update((both,) if isinstance(both, str) else both)
    said = {one for one in said if 0 < len(one) <= 40}
    heard = [hint(one) for one in said]
    assert len(said) > 3000
    assert sum(one not in ("", MAYBE) for one in heard) <= 0.006 * len(said)
    assert heard.count(MAYBE) <= 0.05 * len(said)


@pytest.mark.parametrize(
    "heard", ["bojim se i plačem svaku noć", "страх ме е нощем и плача", "she hides and cries every night"]
)
def test_weak_signs_together_are_asked_about(heard: str) -> None:
    assert alarm(heard) is None
    assert hint(heard) == MAYBE


@pytest.mark.parametrize(
    "heard", ["", "4", "🙂", "hvala", "kad počinje kurs", "кога започва курсът", "when does it start"]
)
def test_everyday_words_are_not_asked_about(heard: str) -> None:
    assert hint(heard) == ""


def test_a_usual_message_takes_no_time() -> None:
    said = [phrase for language in LANGUAGES for _kind, phrase in phrases(f"{language}.wide.txt")[::4]]
    for one in said:
        hint(one)
    start = time.thread_time()
    for one in said:
        hint(one)
    assert (time.thread_time() - start) / len(said) < 0.002  # 0.2 ms on a free machine


@pytest.mark.parametrize("nasty", ["plačem " * 600, "a " * 2000, "." * 100_000, "noć " * 25_000])
def test_long_messages_take_time_by_their_length_alone(nasty: str) -> None:
    hint(nasty)
    start = time.thread_time()
    hint(nasty)
    assert time.thread_time() - start < 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kind_is_nearly_always_the_right_one(language: str) -> None:
    said = [(kind, phrase) for kind, phrase in phrases(f"{language}.more.txt") if kind != "harmless"]
    other = [phrase for kind, phrase in said if alarm(phrase) not in (kind, None)]
    assert len(other) <= 0.25 * len(said), other


def test_phrases_of_the_test_are_not_lines_of_the_packs() -> None:
    packs = PACKS.read_text("utf-8").lower().splitlines()
    said = [
        phrase.lower()
        for language in LANGUAGES
        for name in (*TUNED, *HELD)
        for kind, phrase in phrases(f"{language}.{name}.txt")
        if kind != "harmless"
    ]
    assert sum(phrase in packs for phrase in said) <= 0.02 * len(said)


@pytest.mark.parametrize(
    ("heard", "kind"),
    [
        ("хоћу да се убијем", "self_harm"),
        ("hocu da se ubijem", "self_harm"),
        ("hoću da se ubijemmmm", "self_harm"),
        ("iskam da umra", "self_harm"),
        ("6te se ubiq", "self_harm"),
        ("Здраво. Имам питање. Тата ме туче. Шта да радим?", "violence"),
        ("tata me tuce i hocu da umrem", "self_harm"),
        ("ubi me matematika", None),
        ("умрех от смях", None),
        ("умрях от смях, но баща ми ме бие", "violence"),
        ("i have to marry a man i dont know", "marriage"),
        ("they kicked me out of the group chat", None),
        ("that song really touched me", None),
        ("тази песен ме докосва", None),
        ("dira me ta pesma", None),
        ("", None),
        ("🙂", None),
        ("4", None),
    ],
)
def test_cases_that_matter(heard: str, kind: str | None) -> None:
    assert alarm(heard) == kind


@pytest.mark.parametrize(
    ("heard", "kind"),
    [
        ("u b i j u m e... h o c u  da u m r e m", "self_harm"),
        ("hocu da se ub1jem", "self_harm"),
        ("i want to k.i.l.l myself", "self_harm"),
        ("want to kіll mуself", "self_harm"),
        ("niko me ne tuce", None),
        ("u filmu otac bije sina", None),
        ("moj drug hoce da se ubije", "self_harm"),
        ("ranije me je otac tukao", "violence"),
        ("mislim da se predoziraooo", "overdose"),
        ("beba ne diše", "medical"),
        ("4ovek me iznudva sys snimki", "blackmail"),
        ("pljuju me u školi i zovu ciganka", "bullying"),
    ],
)
def test_spelt_apart_in_other_letters_of_a_friend_or_in_the_past(heard: str, kind: str | None) -> None:
    assert alarm(heard) == kind


def test_every_kind_is_spoken_of_in_every_language() -> None:
    assert set(kinds()) == {
        "self_harm", "overdose", "medical", "abuse", "blackmail", "marriage", "trafficking", "violence", "threats",
        "bullying", "running_away", "hunger",
    }  # fmt: skip
    for language in LANGUAGES:
        assert {kind for kind, _ in phrases(f"{language}.more.txt")} - {"harmless"} == set(kinds())


@pytest.mark.parametrize("pattern", [alarms._APART, alarms._FOR_LETTERS, alarms._SENTENCE, alarms._STRETCHED])
@pytest.mark.parametrize("nasty", ["a" * 100_000, "u b " * 25_000, "a*" * 50_000, "1" * 100_000, "!" * 100_000])
def test_every_pattern_reads_its_text_once(pattern: re.Pattern[str], nasty: str) -> None:
    """100 kB in 10 ms; twice as much takes about twice as long."""
    fastest = min(_seconds(pattern, nasty) for _ in range(5))
    assert fastest < 0.01 or _least(pattern, nasty + nasty) < 4 * fastest


def _least(pattern: re.Pattern[str], heard: str) -> float:
    return min(_seconds(pattern, heard) for _ in range(5))


def _seconds(pattern: re.Pattern[str], heard: str) -> float:
    start = time.thread_time()
    for _found in pattern.finditer(heard):
        pass
    return time.thread_time() - start
