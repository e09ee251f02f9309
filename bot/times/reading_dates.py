"""Dates and times as staff type them: "26.11. 17:00", "četvrtak 17h", "утре 18:30", "next Friday 5 pm"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.language.fold import fold
from models.visits.opening import instant

Trouble = Literal["unknown", "no_day", "no_time", "half", "gap", "past", "far"]
"""Why words are no moment: nothing in them; the day or the time is missing; morning or evening; a wall
time that the clock change leaves out; already over; more than two years ahead."""

LONGEST = 80
FARTHEST = timedelta(days=731)
JUST_PASSED = timedelta(days=183)
"""A day and month that passed less than this ago is a slip, not a wish for next year."""
_LIKE = 84.0

_DAYS = (
    "ponedeljak ponedeljka ponedeljkom ponedjeljak pon понеделник понеделника monday mon",
    "utorak utorka utorkom uto вторник вторника вт tuesday tue tues",
    "sreda sredu srede sredom srijeda srijedu sre сряда срядата sriada ср wednesday wed",
    "četvrtak četvrtka četvrtkom čet четвъртък четвъртъка chetvurtak chetvurtuk чт thursday thu thur thurs",
    "petak petka petkom pet петък петъка petuk пт friday fri",
    "subota subotu subote subotom sub събота съботата subota съб сб saturday sat",
    "nedelja nedelju nedelje nedeljom nedjelja nedjelju ned неделя неделята нд sunday sun",
)
_MONTHS = (
    "januar januara jan јануар януари january",
    "februar februara feb фебруар февруари february",
    "mart marta mar март march",
    "april aprila apr април",
    "maj maja мај май may",
    "jun juna juni јун юни june",
    "jul jula juli јул юли july",
    "avgust avgusta avg август august aug",
    "septembar septembra sep sept септембар септември september",
    "oktobar oktobra okt октобар октомври october oct",
    "novembar novembra nov новембар ноември november",
    "decembar decembra dec децембар декември december",
)
_RELATIVE = ("danas днес dnes today večeras", "sutra утре utre tomorrow", "prekosutra прекосутра вдругиден vdrugiden")
_NEXT = "sledeći sledeće sledeću sledećeg idući iduće iduću следващ следващата следващия следващият следващо next"
_MORNING = "ujutru ujutro jutros prepodne сутрин сутринта morning am"
_EVENING = "popodne poslepodne poslijepodne uveče navečer večeras следобед вечер вечерта довечера afternoon evening pm"
_NOON = "podne у подне noon midday пладне обяд"
_HALF = "pola пола"
_AT = "u в във at od от"
_DAYS_AHEAD = re.compile(r"\b(?:za|in|sled)\s+(\d{1,3})\s+(?:dana?|dan|dni|dena|dajs|daj)\b")

_KEY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)_(\d\d)(\d\d)$")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d:])(\d{1,2})\s?[./]\s?(\d{1,2})(?:\s?[./](?:\s?(\d{4})(?!\d))?|(?![\d:]))")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|-?ти|-?ви|-?ри|-?ми)?\s*([^\W\d_]{3,})\.?(?:\s*(\d{4})(?!\d))?"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:.h])(?:,?\s*(\d{4})(?!\d))?")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?[:.]\s?(\d{2})(?!\d)")
_CLOCK_AND = re.compile(r"(?<!\d)(\d{1,2})\s?(?:h|ч|и|i)\s?(\d{2})(?!\d)")
_HOUR = re.compile(
    r"(?<!\d)(\d{1,2})\s?"
    r"(?:h|ч|час|часа|časova|casova|sati|сати|часова|o'clock|am|pm|a\.m\.|p\.m\.)(?![^\W\d_])"
)
_BARE = re.compile(r"(?<![\d.:])(\d{1,2})(?![\d.:])")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day as it was written: `sure` unless it could be morning or evening."""

    hour: int
    minute: int
    sure: bool


def _table(rows: tuple[str, ...]) -> dict[str, int]:
    return {fold(word): number for number, row in enumerate(rows) for word in row.split()}


_DAY_KEYS, _MONTH_KEYS, _RELATIVE_KEYS = _table(_DAYS), _table(_MONTHS), _table(_RELATIVE)
_NEXT_KEYS, _MORNING_KEYS, _EVENING_KEYS, _NOON_KEYS, _HALF_KEYS, _AT_KEYS = (
    frozenset(map(fold, row.split())) for row in (_NEXT, _MORNING, _EVENING, _NOON, _HALF, _AT)
)


def read_when(words: str, now: datetime, zone: str, *, end_of_day: bool = False) -> datetime | Trouble:
    """The instant (UTC) that was meant, in the wall time of `zone`, or what is wrong with it.

    With `end_of_day` a day alone is enough and means 23:59 of it. A wall time that comes twice (autumn)
    is the first of the two; one that never comes (spring) is "gap" (people.md part 6).
    """
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    if not text or len(text) > LONGEST:
        return "unknown"
    today = now.astimezone(ZoneInfo(zone)).date()
    key = _KEY.match(text)
    if key:
        year, month, day, hour, minute = map(int, key.groups())
        whole = _date(year, month, day)
        if whole is None or hour > 23 or minute > 59:
            return "unknown"
        return _instant(whole, time(hour, minute), now, zone)
    found, rest = _day(text, today)
    if isinstance(found, str):
        return found
    clock = _time(rest)
    if found is None:
        return "no_day" if clock is not None else "unknown"
    if clock is None:
        return _instant(found, time(23, 59), now, zone) if end_of_day else "no_time"
    if not clock.sure:
        return "half"
    return _instant(found, time(clock.hour, clock.minute), now, zone)


def read_past_day(words: str, today: date) -> date | None:
    """The day that was meant, if it is today or over: without a year one of the last months. None for any other."""
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    if not text or len(text) > LONGEST:
        return None
    if _RELATIVE_KEYS.get(fold(text)) == 0:
        return today
    for read in (_iso, _by_month, _numeric):
        found, _rest = read(text, today - JUST_PASSED)
        if found is not None:
            return found if isinstance(found, date) and found <= today else None
    return None


def dated(words: str, now: datetime, zone: str) -> tuple[date | None, str]:
    """A day of a month among other words ("maths 3 March", "5.3."), also one that is over, and the words without it.

    Without a year it is the next one, unless it was lately. `now` is UTC, read by the clock of `zone`.
    """
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    today = now.astimezone(ZoneInfo(zone)).date()
    for read in (_iso, _by_month, _numeric) if len(text) <= LONGEST else ():
        found, rest = read(text, today)
        if found == "past":
            found, rest = read(text, today - JUST_PASSED)
        if isinstance(found, date):
            return found, rest
    return None, words


def weekday_of(word: str) -> int | None:
    """The day of the week (Monday is 0) that a word names, with a letter wrong too; None for any other word."""
    return _named(word.casefold(), "day")


def _instant(day: date, at: time, now: datetime, zone: str) -> datetime | Trouble:
    found = instant(day, at, zone)
    if found is None:
        return "gap"
    if found <= now:
        return "past"
    return "far" if found - now > FARTHEST else found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _named(word: str, kind: Literal["day", "month"]) -> int | None:
    """The weekday (0 = Monday) or month (0 = January) of a word, with a letter wrong too."""
    table = _DAY_KEYS if kind == "day" else _MONTH_KEYS
    key = fold(word)
    if key in table:
        return table[key]
    if len(key) < 5:
        return None
    near = process.extractOne(key, [k for k in table if len(k) > 4], scorer=fuzz.ratio, score_cutoff=_LIKE)
    return table[near[0]] if near else None


# ---------------------------------------------------------------- the day


def _day(text: str, today: date) -> tuple[date | Trouble | None, str]:
    """The day in the words, and the words without it."""
    for read in (_iso, _by_month, _numeric):
        found, rest = read(text, today)
        if found is not None:
            return found, rest
    keys = [(match, fold(match.group())) for match in _WORD.finditer(text)]
    ahead = _DAYS_AHEAD.search(" ".join(fold(part) for part in text.split()))
    if ahead:
        return today + timedelta(days=int(ahead.group(1))), text.replace(ahead.group(1), " ", 1)
    for match, key in keys:
        if key in _RELATIVE_KEYS:
            return today + timedelta(days=_RELATIVE_KEYS[key]), text[: match.start()] + text[match.end() :] + (
                " pm" if key in _EVENING_KEYS else ""
            )
    for match, key in keys:
        weekday = None if key in _AT_KEYS else _named(match.group(), "day")
        if weekday is None:
            continue
        ahead_days = (weekday - today.weekday()) % 7 or 7
        if any(other in _NEXT_KEYS for _match, other in keys):
            ahead_days = 7 - today.weekday() + weekday
        return today + timedelta(days=ahead_days), text[: match.start()] + " " + text[match.end() :]
    return None, text


def _iso(text: str, _today: date) -> tuple[date | Trouble | None, str]:
    match = _ISO.search(text)
    if match is None:
        return None, text
    year, month, day = map(int, match.groups())
    return _date(year, month, day) or "unknown", text[: match.start()] + " " + text[match.end() :]


def _by_month(text: str, today: date) -> tuple[date | Trouble | None, str]:
    for pattern, day_first in ((_DAY_MONTH, True), (_MONTH_DAY, False)):
        for match in pattern.finditer(text):
            day, name, year = match.groups() if day_first else (match.group(2), match.group(1), match.group(3))
            month = _named(name, "month")
            if month is not None:
                return _near_date(int(day), month + 1, year, today), text[: match.start()] + " " + text[match.end() :]
    return None, text


def _numeric(text: str, today: date) -> tuple[date | Trouble | None, str]:
    for match in _NUMERIC.finditer(text):
        day, month = int(match.group(1)), int(match.group(2))
        if 1 <= day <= 31 and 1 <= month <= 12 and match.group(2) != "00":
            return _near_date(day, month, match.group(3), today), text[: match.start()] + " " + text[match.end() :]
    return None, text


def _near_date(day: int, month: int, year: str | None, today: date) -> date | Trouble:
    """The day in the year that was written, else the next one that is not a slip."""
    if year:
        return _date(int(year), month, day) or "unknown"
    this = _date(today.year, month, day)
    if this is not None and this >= today:
        return this
    if this is not None and today - this < JUST_PASSED:
        return "past"
    for later in range(1, 9):  # 29 February may be years away
        found = _date(today.year + later, month, day)
        if found:
            return found
    return "unknown"


# ---------------------------------------------------------------- the time


def _time(rest: str) -> _Clock | None:
    keys = {fold(match.group()) for match in _WORD.finditer(rest.replace("p.m.", " pm ").replace("a.m.", " am "))}
    keys |= {fold(match) for match in re.findall(r"(?<=\d)(?:am|pm)\b", rest)}
    evening = bool(keys & _EVENING_KEYS) or "posle podne" in rest or "после подне" in rest or "след обяд" in rest
    morning = bool(keys & _MORNING_KEYS) or "pre podne" in rest or "пре подне" in rest or "преди обяд" in rest
    written = _clock(rest)
    if written is None:
        noon = bool(keys & _NOON_KEYS) and not evening and not morning
        return _Clock(12, 0, sure=True) if noon else None
    hour, minute, padded = written
    if keys & _HALF_KEYS and minute == 0:
        hour, minute, padded = (hour - 1) % 24, 30, False
    if hour > 23 or minute > 59:
        return None
    if evening and not morning and 1 <= hour < 12:
        return _Clock(hour + 12, minute, sure=True)
    if morning and hour == 12 and "am" in keys:
        return _Clock(0, minute, sure=True)
    return _Clock(hour, minute, sure=padded or morning or hour == 0 or hour >= 7)


def _clock(rest: str) -> tuple[int, int, bool] | None:
    """Hour, minute, and whether the hour was written with two digits ("05:00" is five in the morning)."""
    for pattern in (_CLOCK, _CLOCK_AND):
        match = pattern.search(rest)
        if match:
            return int(match.group(1)), int(match.group(2)), len(match.group(1)) == 2
    for pattern in (_HOUR, _BARE):
        match = pattern.search(rest)
        if match:
            return int(match.group(1)), 0, len(match.group(1)) == 2
    return None


def read_day_and_time(words: str, now: datetime, zone: str) -> tuple[date | None, time | None]:
    """The day and the time of day in a wish among other words ("computer tomorrow 4 pm"), as far as they are said.

    A small hour that could be morning or evening is the afternoon's: nobody asks for a seat at four in the night.
    """
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    if not text or len(text) > LONGEST:
        return None, None
    found, rest = _day(text, now.astimezone(ZoneInfo(zone)).date())
    clock = _time(rest)
    if not isinstance(found, date):
        return None, None
    if clock is None:
        return found, None
    return found, time(clock.hour if clock.sure or clock.hour >= 7 else clock.hour + 12, clock.minute)


def read_day(words: str, now: datetime, zone: str) -> date | Trouble | None:
    """A day alone, as tables have it: "26.11.2026", "26/11", "26. novembar". Without a year the next one."""
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    if not text or len(text) > LONGEST:
        return None
    found, rest = _day(text, now.astimezone(ZoneInfo(zone)).date())
    return found if found is None or not re.search(r"\w", _CLOCK.sub("", rest)) else None


def read_clock(words: str) -> time | None:
    """A time of day alone, as tables have it: "17:00", "17.30", "17h", "9". What could be evening is taken as it is."""
    found = _time(unicodedata.normalize("NFKC", words).casefold().strip()[:LONGEST])
    return time(found.hour, found.minute) if found is not None else None
