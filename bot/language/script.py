"""Serbian in its two scripts: Cyrillic to Latin exactly; Latin to Cyrillic for searching only."""

from __future__ import annotations

import re

_LETTERS = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        ["a", "b", "v", "g", "d", "đ", "e", "ž", "z", "i", "j", "k", "l", "lj", "m", "n", "nj", "o", "p", "r",
         "s", "t", "ć", "u", "f", "h", "c", "č", "dž", "š"],
        strict=True,
    )
)  # fmt: skip
_TABLE = {ord(c): latin for c, latin in _LETTERS.items()} | {
    ord(c.upper()): latin[0].upper() + latin[1:] for c, latin in _LETTERS.items()
}
_CAPITAL_PAIR = re.compile("[ЉЊЏ]")

_KEPT = re.compile(r"(\{[^{}\s]*\}|</?[A-Za-z][^<>]*>)")
"""Placeholders and HTML tags."""

_TOKEN = re.compile(r"\S+")
_FOREIGN = re.compile(r"[@0-9A-Za-z\u00c0-\u024f]")
_ADDRESS = re.compile(r"[@/:.]")
_CYRILLIC_SITE = re.compile(r"\.(?:срб|бг|рф|мкд|укр|орг|ком|нет|рс)(?:$|[/:?#])", re.IGNORECASE)
_ENDS = ".,;:!?…)]}»”“\"'’*_"
_STARTS = "([{«„“”\"'‘*_"


def to_latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters.

    Left as they are: {placeholders}, HTML tags, and words that hold a digit, an @ or a Latin letter
    (codes, addresses, names such as Facebook) or are a command or a Cyrillic web address. The parts
    around a hyphen are judged by themselves, so that "SMS-ом" becomes "SMS-om".
    """
    if text.isascii():
        return text
    pieces = _KEPT.split(text)
    pieces[::2] = [_TOKEN.sub(_token, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _token(match: re.Match[str]) -> str:
    token = match.group()
    if token.isascii():
        return token
    core = token.rstrip(_ENDS).lstrip(_STARTS)
    if not _FOREIGN.search(core):
        if core.startswith("/") or _CYRILLIC_SITE.search(core):
            return token
        return _letters(token)
    if _ADDRESS.search(core) or "-" not in core:
        return token
    return "-".join(part if _FOREIGN.search(part) else _letters(part) for part in token.split("-"))


def _letters(word: str) -> str:
    if _CAPITAL_PAIR.search(word):
        word = _CAPITAL_PAIR.sub(_capital, word)
    return word.translate(_TABLE)


def _capital(match: re.Match[str]) -> str:
    """Љ is LJ beside capitals and Lj elsewhere; the next letter tells, at a word's end the one before."""
    word, at = match.string, match.start()
    after = word[at + 1 : at + 2]
    beside = after if after.isalpha() else word[max(at - 1, 0) : at]
    latin = _LETTERS[match.group().lower()]
    return latin.upper() if beside.isupper() else latin[0].upper() + latin[1:]


# ---------------------------------------------------------------- Latin to Cyrillic

_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_SINGLE = {latin: c for c, latin in _LETTERS.items() if len(latin) == 1}
_APART = (
    "in|jekc", "in|jekt", "in|jicir", "kon|jug", "kon|junkt", "kon|jekt", "tan|jug", "van|jezi", "in|juri",
    "an|jon", "nad|živ", "nad|žnj", "nad|žet", "nad|žup", "pod|žanr", "pod|žup", "od|žal", "od|živ",
    "od|žvak", "od|žubor", "pred|živ", "pred|žetv",
)  # fmt: skip
"""Beginnings of words in which n+j or d+ž are two sounds, not one (also after a prefix such as "de")."""

_SECOND = {start.replace("|", ""): start.index("|") for start in _APART}
_EXCEPTION = re.compile("|".join(_SECOND))


def to_cyrillic(text: str) -> str:
    """Serbian Latin in Cyrillic letters, as well as it can be guessed: for searching, never to store a name.

    n+j and d+ž that are two sounds (инјекција, Танјуг, надживети) are known by a list of word beginnings.
    Words with other signs (digits, @, q, w, x, y) are left as they are.
    """
    pieces = _KEPT.split(text)
    pieces[::2] = [_TOKEN.sub(_cyrillic_token, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _cyrillic_token(match: re.Match[str]) -> str:
    token = match.group()
    core = token.rstrip(_ENDS).lstrip(_STARTS)
    if re.search(r"[@/:.0-9qwxyQWXY]", core):
        return token
    lower = token.lower()
    apart = {found.start() + _SECOND[found.group()] - 1 for found in _EXCEPTION.finditer(lower)}
    out: list[str] = []
    at = 0
    while at < len(token):
        step = lower[at : at + 2]
        if step not in _PAIRS or at in apart:
            step = lower[at : at + 1]
        letter = _PAIRS.get(step) or _SINGLE.get(step, step)
        out.append(letter.upper() if token[at].isupper() else letter)
        at += len(step)
    return "".join(out)
