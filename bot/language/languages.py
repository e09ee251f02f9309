"""The languages Putokaz speaks: for each tag its catalogue, formats, plural rule, script and own name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


def _slavic(n: int) -> int:
    """Serbian: 1, 21, 31 ... / 2-4, 22-24 ... / the rest (CLDR one, few, other for whole numbers)."""
    if n % 10 == 1 and n % 100 != 11:
        return 0
    if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14:
        return 1
    return 2


def _one_or_more(n: int) -> int:
    """Bulgarian and English: exactly one / the rest."""
    return 0 if n == 1 else 1


@dataclass(frozen=True, slots=True)
class Language:
    """One language in one script.

    `catalogue` is its folder in `locales/` ("" = the texts in the code), `formatting` the Babel locale
    that names its days and months, `plural` gives the number of the plural form for a count.
    """

    tag: str
    catalogue: str
    formatting: str
    plural: Callable[[int], int]
    forms: int
    script: Literal["Cyrl", "Latn"]
    direction: Literal["ltr", "rtl"]
    native: str
    both: str
    either: str
    full: str
    """How weekday, day, month and time stand together; see `dates`."""
    dated: str
    """How a day is written with its year."""
    base: str
    """The key of this language in `Words`."""


_POINT = "{weekday}, {day}. {month}, {time}"
_YEAR = "{day}. {month} {year}."

LANGUAGES: tuple[Language, ...] = (
    Language("sr-Cyrl", "sr", "sr_Cyrl_RS", _slavic, 3, "Cyrl", "ltr", "Српски", "и", "или", _POINT, _YEAR, "sr"),
    Language("sr-Latn", "sr", "sr_Latn_RS", _slavic, 3, "Latn", "ltr", "Srpski", "i", "ili", _POINT, _YEAR, "sr"),
    Language(
        "bg",
        "bg",
        "bg_BG",
        _one_or_more,
        2,
        "Cyrl",
        "ltr",
        "Български",
        "и",
        "или",
        "{weekday}, {day} {month}, {time}",
        "{day} {month} {year} г.",
        "bg",
    ),
    Language(
        "en",
        "",
        "en_GB",
        _one_or_more,
        2,
        "Latn",
        "ltr",
        "English",
        "and",
        "or",
        "{weekday} {day} {month}, {time}",
        "{day} {month} {year}",
        "en",
    ),
)

BY_TAG = {language.tag: language for language in LANGUAGES}

TAGS = tuple(BY_TAG)
"""All tags, in the order in which they are offered."""

BASES = tuple(dict.fromkeys(language.base for language in LANGUAGES))
"""The keys of `Words`, one for each language in whatever script."""

DEFAULT = "sr-Latn"

# What the phones of people who read one of our languages report. Written Bosnian, Croatian and
# Montenegrin are understood by whoever reads Serbian in Latin, and the other way round.
_KIN = {"sr": "sr-Cyrl", "bg": "bg", "en": "en", "sh": "sr-Latn", "bs": "sr-Latn", "hr": "sr-Latn",
        "cnr": "sr-Latn"}  # fmt: skip
_LATIN_REGIONS = {"me"}


def guess(reported: object, default: str = DEFAULT) -> str:
    """The tag that fits best what a platform reports ("sr-Latn-RS", "bg_BG", "en-US-x-twain", "", None).

    Anything unknown, also Romani as long as it has no catalogue, gives `default`.
    """
    if not isinstance(reported, str):
        return default
    parts = reported.strip().replace("_", "-").lower().split("-")
    known = _KIN.get(parts[0])
    if known is None:
        return default
    subtags = parts[1:]
    if "x" in subtags:
        subtags = subtags[: subtags.index("x")]
    if parts[0] == "sr" and ("latn" in subtags or ("cyrl" not in subtags and _LATIN_REGIONS & {*subtags})):
        return "sr-Latn"
    if parts[0] == "sr" and "cyrl" not in subtags and default.startswith("sr"):
        return default  # phones say "sr" for either script: the organisation knows which one its people read
    return known
