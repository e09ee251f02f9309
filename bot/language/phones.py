"""Phone numbers as people type them: read only where no other reading is possible, and shown back."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TYPED = re.compile(r"(?:\+|00)?[0-9(][0-9 ()./\u00a0-]*")
"""Digits with separators. Anything else (words, a second "+", digits of other scripts) is asked about again:
the library would read two numbers joined by a word as one longer, valid number (people.md part 6)."""
_NATIONAL_MOST = {381: 9, 359: 9}
"""Digits after the country's code. The library allows more in Serbia than any number has."""
_BY_COUNTRY = {381: "RS", 359: "BG"}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be called: `number` as E.164, `shown` as people write it, `country` "RS", "BG" or ""."""

    number: str
    shown: str
    country: str


def read_phone(words: str, country: str) -> Phone | None:
    """The one number that was typed, or None.

    `country` ("RS", "BG" or "") is where numbers without a code are at home.
    """
    words = words.strip()
    if not words.isascii() and "\u00a0" not in words:
        return None
    if not _TYPED.fullmatch(words) or words.count("(") != words.count(")"):
        return None
    digits = re.sub(r"[^0-9+]", "", words)
    abroad = digits.startswith(("+", "00"))
    if not abroad and (not country or not digits.startswith("0")):
        return None
    import phonenumbers  # only here: few numbers are ever typed, and its import slows the start

    digits = "+" + digits[2:] if digits.startswith("00") else digits
    try:
        parsed = phonenumbers.parse(digits, None if abroad else country)
    except phonenumbers.NumberParseException:
        return None
    code, national = parsed.country_code or 0, str(parsed.national_number or "")
    if not phonenumbers.is_valid_number(parsed) or len(national) > _NATIONAL_MOST.get(code, 15):
        return None
    return Phone(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        _BY_COUNTRY.get(code, ""),
    )
