"""The search key of a text, one for both scripts, and the cleaning of what comes in."""

from __future__ import annotations

import re
import unicodedata

from bot.language.script import to_latin

_SERBIAN = {c: to_latin(c).replace("đ", "d") for c in "абвгдђежзијклљмнњопрстћуфхцчџш"}
_OTHERS = {
    "й": "j", "щ": "sht", "ъ": "a", "ь": "j", "ю": "ju", "я": "ja", "ѝ": "i", "ѐ": "e", "ы": "i", "э": "e",
    "ё": "jo", "ѓ": "d", "ќ": "c", "ѕ": "dz", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ł": "l", "ø": "o",
    "ı": "i", "đ": "d",
}  # fmt: skip
_LATIN = str.maketrans(_SERBIAN | _OTHERS)
_LATIN.update(str.maketrans({ord(c): "" for c in "'’‘`´ʼ"}))

_SPELLINGS = re.compile("dzh|dj|sh|ch|zh|[wy]")
_SPELT = {"dzh": "dz", "dj": "d", "sh": "s", "ch": "c", "zh": "z", "w": "v", "y": "j"}
_IA = re.compile("ij(?=[aeou])")
_NO_WORD = re.compile(r"[^a-z0-9\u0100-\U0010ffff]+")


def fold(text: str) -> str:
    """The key under which a text is found: words of plain small letters and digits with one space between.

    škola, skola, школа, ŠKOLA and shkola have one key, so have Ђорђевић and Djordjevic, София and
    Sofia. Different names may share a key (Kovač, Kovać): it is for finding, never for identity.
    """
    key = unicodedata.normalize("NFKC", text).casefold().translate(_LATIN)
    if not key.isascii():
        key = "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))
        key = "".join(c if c.isalnum() else " " for c in key)
    key = _SPELLINGS.sub(_spelt, key)
    key = _IA.sub("i", key)
    return _NO_WORD.sub(" ", key).strip()


def _spelt(match: re.Match[str]) -> str:
    return _SPELT[match.group()]


# ---------------------------------------------------------------- what comes in

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
_JOINER = "\u200d"
_CONTROLS = "".join(chr(c) for c in (*range(9), *range(11, 32), *range(127, 160)) if c not in (10, 13, 0x85))
_DROPPED = str.maketrans("", "", _BIDI + _INVISIBLE + _CONTROLS)
_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONELY_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
_MARKS = 2
"""Combining marks that may follow a letter beyond the one that NFC has already joined to it."""


def clean(text: str, most: int = 4096) -> str:
    """Incoming text made harmless: composed (NFC), nothing hidden or reversed, at most `most` characters.

    Removed are bidirectional controls, zero-width characters (but not the joiner inside an emoji) and
    control characters; a lone surrogate becomes U+FFFD; at most two combining marks follow a letter.
    """
    text = text[: most * 4]
    if text.isascii() and text.isprintable():
        return text.strip()[:most].rstrip()
    text = _NEWLINES.sub("\n", _SURROGATES.sub("\ufffd", text)).translate(_DROPPED)
    if _JOINER in text:
        text = _LONELY_JOINER.sub("", text)
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.combining(c) for c in text):
        text = _few_marks(text)
    return text.strip()[:most].rstrip()


def _few_marks(text: str) -> str:
    out: list[str] = []
    marks = 0
    for c in text:
        marks = marks + 1 if unicodedata.category(c) in ("Mn", "Me") else 0
        if marks <= _MARKS:
            out.append(c)
    return "".join(out)
