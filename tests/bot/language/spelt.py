"""Phrases of the safety tests, each in the four spellings in which people of its language type."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.language.script import to_latin

PHRASES = Path(__file__).with_name("phrases")
LANGUAGES = ("sr", "bg", "en")

_NO_ACCENTS = str.maketrans("čćšđžČĆŠĐŽ", "ccsdzCCSDZ")
_PAIRS = (("lj", "љ"), ("nj", "њ"), ("dž", "џ"))
_CYRILLIC = str.maketrans("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш")
_SEEN_ALIKE = str.maketrans("aeocpxyAEOCPXBHKMT", "аеосрхуАЕОСРХВНКМТ")
_SEEN_ALIKE_BACK = str.maketrans("аеосрхуАЕОСРХВНКМТ", "aeocpxyAEOCPXBHKMT")
_ALPHABET = "абвгдежзийклмнопрстуфхцчшщъьюя"
_PHONE_LETTERS = "a b w g d e j z i y k l m n o p r s t u f h c 4 6 6t a y yu q"
_OFFICIAL_LETTERS = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya"
_PHONE = dict(zip(_ALPHABET, _PHONE_LETTERS.split(), strict=True))
_OFFICIAL = dict(zip(_ALPHABET, _OFFICIAL_LETTERS.split(), strict=True))


def phrases(name: str) -> list[tuple[str, str]]:
    """The phrases of a file with their kinds: "kind: phrase" on a line, or under a "[kind]"."""
    found: list[tuple[str, str]] = []
    below = "harmless"
    for line in (PHRASES / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            below = line.strip("[]")
        elif line and not line.startswith("#"):
            kind, colon, phrase = line.partition(": ")
            found.append((kind, phrase) if colon and kind.replace("_", "").isalpha() else (below, line))
    return found


def _every_third(phrase: str, table: dict[int, int]) -> str:
    """Every third word with letters of the other alphabet that look the same."""
    return " ".join(word.translate(table) if at % 3 == 0 else word for at, word in enumerate(phrase.split()))


def _one_letter_lost(phrase: str) -> str:
    """The longest word with two letters in its middle changed over, as quick thumbs do."""
    longest = max(phrase.split(), key=len)
    if len(longest) < 6:
        return phrase.upper()
    at = len(longest) // 2
    return phrase.replace(longest, longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :], 1)


def spellings(language: str, phrase: str) -> tuple[str, str, str, str]:
    """A phrase in four spellings.

    sr: as it stands, in Cyrillic (shouted, where accents may be missing), in Latin letters without accents, and that in
    letters of both alphabets. bg: as it stands, in Latin letters as on phones (4, 6, q, w), in the official Latin
    spelling, and with letters of both alphabets. en: as it stands, without apostrophes and shouted, with a slip of the
    thumb, and with letters of both alphabets.
    """
    if language == "sr":
        latin = to_latin(phrase)
        plain = latin.translate(_NO_ACCENTS)
        cyrillic = latin.lower()
        for pair, letter in _PAIRS:
            cyrillic = cyrillic.replace(pair, letter)
        other = phrase.upper() if phrase.isascii() and plain == phrase else cyrillic.translate(_CYRILLIC)
        return phrase, other, plain, _every_third(plain, _SEEN_ALIKE)
    if language == "bg":
        low = phrase.lower()
        return (
            phrase,
            "".join(_PHONE.get(c, c) for c in low),
            "".join(_OFFICIAL.get(c, c) for c in low),
            _every_third(low, _SEEN_ALIKE_BACK),
        )
    return (
        phrase,
        phrase.replace("'", "").upper(),
        _one_letter_lost(phrase),
        _every_third(phrase, _SEEN_ALIKE),
    )


@lru_cache(maxsize=16)
def figures(language: str, *names: str) -> tuple[list[str], list[str]]:
    """What was missed of the emergencies in some files, and what was heard in vain of the harmless words."""
    from bot.language.alarms import alarm

    missed: list[str] = []
    vain: list[str] = []
    for kind, phrase in (one for name in names for one in phrases(f"{language}.{name}.txt")):
        for said in spellings(language, phrase):
            if (alarm(said) is None) == (kind != "harmless"):
                (vain if kind == "harmless" else missed).append(said)
    return missed, vain


@lru_cache(maxsize=16)
def shares(language: str, *names: str) -> tuple[float, float, float, float]:
    """Of emergencies: heard surely, and asked about; of harmless words: heard in vain, and asked about in vain."""
    from bot.language.alarms import hint
    from conversations.speech import MAYBE

    counted = {(danger, how): 0 for danger in (True, False) for how in ("", "maybe", "sure")}
    for kind, phrase in (one for name in names for one in phrases(f"{language}.{name}.txt")):
        for said in spellings(language, phrase):
            heard = hint(said)
            counted[kind != "harmless", heard if heard in ("", MAYBE) else "sure"] += 1
    danger, calm = (max(1, sum(counted[of, how] for how in ("", "maybe", "sure"))) for of in (True, False))
    return (
        counted[True, "sure"] / danger,
        counted[True, "maybe"] / danger,
        counted[False, "sure"] / calm,
        counted[False, "maybe"] / calm,
    )
