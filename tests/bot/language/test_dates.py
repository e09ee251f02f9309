"""Moments in words, in every language and on both nights when the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bot.language.dates import speak_moment, warm
from bot.language.languages import BY_TAG
from conversations.speech import Moment

MARCH = datetime(2026, 3, 5, 17, 30, tzinfo=UTC)
BELGRADE, SOFIA = "Europe/Belgrade", "Europe/Sofia"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("sr-Cyrl", "четвртак, 5. март, 18:30"),
        ("sr-Latn", "četvrtak, 5. mart, 18:30"),
        ("bg", "четвъртък, 5 март, 18:30"),
        ("en", "Thursday 5 March, 18:30"),
    ],
)
def test_weekday_day_month_and_24_hours(tag: str, words: str) -> None:
    assert speak_moment(Moment(MARCH, BELGRADE), BY_TAG[tag]) == words


@pytest.mark.parametrize(
    ("tag", "style", "words"),
    [
        ("sr-Cyrl", "date", "четвртак, 5. март"),
        ("sr-Cyrl", "short", "5. март, 18:30"),
        ("sr-Latn", "time", "18:30"),
        ("sr-Latn", "day", "5. mart 2026."),
        ("bg", "day", "5 март 2026 г."),
        ("en", "day", "5 March 2026"),
        ("bg", "date", "четвъртък, 5 март"),
        ("bg", "short", "5 март, 18:30"),
        ("en", "date", "Thursday 5 March"),
        ("en", "short", "5 March, 18:30"),
        ("en", "time", "18:30"),
    ],
)
def test_styles(tag: str, style: Literal["date", "short", "day", "time"], words: str) -> None:
    assert speak_moment(Moment(MARCH, BELGRADE, style), BY_TAG[tag]) == words


def test_the_zone_is_that_of_the_place() -> None:
    assert speak_moment(Moment(MARCH, SOFIA), BY_TAG["sr-Cyrl"]) == "четвртак, 5. март, 19:30"
    late = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
    assert speak_moment(Moment(late, SOFIA), BY_TAG["bg"]) == "петък, 6 март, 00:30"


NIGHTS = [
    (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), ("01:59", "02:59")),
    (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), ("03:00", "04:00")),
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ("02:30", "03:30")),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ("02:30", "03:30")),
    (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), ("03:00", "04:00")),
    (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), ("03:00", "04:00")),
    (datetime(2027, 10, 31, 1, 0, tzinfo=UTC), ("02:00", "03:00")),
]
SUNDAY = {"sr-Cyrl": "недеља", "sr-Latn": "nedelja", "bg": "неделя", "en": "Sunday"}


@pytest.mark.parametrize("tag", SUNDAY)
@pytest.mark.parametrize(("at", "times"), NIGHTS)
def test_both_nights_when_the_clock_changes(tag: str, at: datetime, times: tuple[str, str]) -> None:
    for zone, wall in zip((BELGRADE, SOFIA), times, strict=True):
        words = speak_moment(Moment(at, zone), BY_TAG[tag])
        assert words.startswith(SUNDAY[tag])
        assert words.endswith(f", {wall}")


@pytest.mark.parametrize("tag", BY_TAG)
def test_no_day_or_month_falls_back_to_another_language(tag: str) -> None:
    warm()
    english = BY_TAG["en"]
    moments = [Moment(MARCH + timedelta(days=31 * i + i % 7), BELGRADE, "date") for i in range(24)]
    said = [speak_moment(moment, BY_TAG[tag]) for moment in moments]
    assert len(set(said)) == 24
    if tag != "en":
        for moment, words in zip(moments, said, strict=True):
            assert not set(words.replace(",", "").split()) & set(speak_moment(moment, english).split()[::2])


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        speak_moment(Moment(MARCH.replace(tzinfo=None), BELGRADE), BY_TAG["en"])
