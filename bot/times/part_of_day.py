"""A part of the day in words: "after five", "popodne", "сутринта", "any time"."""

from __future__ import annotations

from collections.abc import Mapping

from bot.language.fold import fold
from bot.times.reading_dates import read_clock

PARTS: Mapping[str, tuple[int, int]] = {"morning": (8, 12), "midday": (12, 15), "afternoon": (15, 20)}
"""From which hour until which."""
ANY = "any"
_SAID: Mapping[str, str] = {
    ANY: "bilo kad; kad god; svejedno; kako hocete; koga da e; vse edno; по всяко време; po vsako vreme; any; whenever",
    "afternoon": "popodne; poslepodne; poslijepodne; posle podne; predvece; uvece; navece; veceras; posle skole; "
    "posle posla; sledobed; sled obed; sled objad; sled rabota; sled uciliste; vecer; vecerta; privecer; afternoon; "
    "evening; after school; after work",
    "morning": "ujutr; jutr; prepodne; pre podne; dopodne; do podne; sutrin; predi obed; predi objad; morning",
    "midday": "podne; oko rucka; na objad; po objad; noon; midday; lunch",
}
"""Beginnings of words, one after the other; what comes first goes before what comes later."""
_KEYS = tuple((part, tuple(f" {fold(one)}" for one in said.split("; "))) for part, said in _SAID.items())


def part_of_day(words: str) -> str:
    """The part of the day that words name ("any" for no matter which), "" for none. Small hours are the evening."""
    key = f" {fold(words)} "
    at = read_clock(words)
    if at is not None and any(one.isdigit() for one in words):
        hour = at.hour if at.hour >= min(PARTS["morning"]) else at.hour + 12
        return next((part for part, (begins, ends) in PARTS.items() if begins <= hour < ends), "")
    return next((part for part, beginnings in _KEYS for one in beginnings if one in key), "")
