"""Emergency words: found in every spelling, silent about what only sounds like them."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.language
from bot.language.alarms import alarm, kinds
from bot.language.script import to_latin

PHRASES = Path(__file__).with_name("phrases")
LANGUAGES = ("sr", "bg", "en")
PACKS = Path(bot.language.__file__).with_name("alarms.toml")

ALPHABET = "абвгдежзийклмнопрстуфхцчшщъьюя"
PHONE = ["a", "b", "v", "g", "d", "e", "j", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
         "f", "h", "c", "4", "6", "6t", "a", "y", "yu", "q"]  # fmt: skip
LATIN = dict(zip(ALPHABET, PHONE, strict=True))
PLAIN = str.maketrans("čćšđžČĆŠĐŽ", "ccsdzCCSDZ")


def _lines(name: str) -> list[tuple[str, str]]:
    found = []
    for line in (PHRASES / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, colon, phrase = line.partition(": ")
            found.append((kind, phrase) if colon else ("harmless", line))
    return found


def _spellings(language: str, phrase: str) -> set[str]:
    """As it stands, shouted, and in Latin letters without accents as on a phone."""
    if language == "sr":
        return {phrase, phrase.upper(), to_latin(phrase).translate(PLAIN)}
    if language == "bg":
        return {phrase, phrase.upper(), "".join(LATIN.get(c, c) for c in phrase.lower())}
    return {phrase, phrase.upper(), phrase.replace("'", "")}


def _all(language: str) -> list[tuple[str, str]]:
    return [*_lines(f"{language}.alarm.txt"), *_lines(f"{language}.harmless.txt"), *_lines(f"{language}.fresh.txt")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergencies_are_heard(language: str) -> None:
    phrases = [(kind, phrase) for kind, phrase in _all(language) if kind != "harmless"]
    heard = [(kind, said, alarm(said)) for kind, phrase in phrases for said in sorted(_spellings(language, phrase))]
    missed = [said for _, said, found in heard if found is None]
    other = [said for kind, said, found in heard if found not in (None, kind)]
    assert len(phrases) >= 90
    assert len(missed) <= 0.05 * len(heard), missed
    assert len(other) <= 0.05 * len(heard), other


@pytest.mark.parametrize("language", LANGUAGES)
def test_harmless_words_are_left_alone(language: str) -> None:
    phrases = [phrase for kind, phrase in _all(language) if kind == "harmless"]
    heard = [said for phrase in phrases for said in sorted(_spellings(language, phrase))]
    alarmed = [said for said in heard if alarm(said) is not None]
    assert len(phrases) >= 90
    assert len(alarmed) <= 0.10 * len(heard), alarmed


def test_phrases_of_the_test_are_not_lines_of_the_packs() -> None:
    packs = PACKS.read_text("utf-8").lower().splitlines()
    phrases = [phrase.lower() for language in LANGUAGES for kind, phrase in _all(language) if kind != "harmless"]
    assert sum(phrase in packs for phrase in phrases) <= 0.02 * len(phrases)


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


def test_every_kind_is_spoken_of_in_every_language() -> None:
    assert set(kinds()) == {
        "self_harm", "abuse", "marriage", "trafficking", "violence", "threats", "running_away", "hunger",
    }  # fmt: skip
    for language in LANGUAGES:
        assert {kind for kind, _ in _lines(f"{language}.alarm.txt")} == set(kinds())
