"""Dates as staff type them, in three languages, on ordinary days and in the nights when the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.times.reading_dates import read_when

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday
BELGRADE, SOFIA = "Europe/Belgrade", "Europe/Sofia"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "26.11. 17:00",
        "26.11 17:00",
        "26. 11. 2026. u 17h",
        "26.11.2026 17.00",
        "26/11 17:00",
        "26. novembar 17h",
        "26. novembra u 17 časova",
        "26. новембра у 17 часова",
        "čet 17:00",
        "četvrtak 17h",
        "cetvrtak u 17",
        "четвртак 17h",
        "Четвртак у 17:00",
        "u četvrtak u 5 popodne",
        "četvrtk 17:00",
        "26 November 5 pm",
        "November 26 at 17:00",
        "Thursday 5pm",
        "thu 17:00",
        "2026-11-26 17:00",
        "2026-11-26_1700",
        "za 5 dana u 17:00",
        "sledeći četvrtak 17h",
    ],
)
def test_a_thursday_in_bor_is_read_however_it_is_written(words: str) -> None:
    assert read_when(words, NOW, BELGRADE) == at("2026-11-26T16:00")


@pytest.mark.parametrize(
    "words",
    [
        "26.11. 17:00",
        "26 ноември 17:00",
        "26 ноември в 17 ч.",
        "26 ноември 17 часа",
        "четвъртък 17 ч",
        "в четвъртък в 17",
        "chetvartak 17:00",
        "четвъртък 5 следобед",
        "след 5 дни 17:00",
        "следващия четвъртък в 17 часа",
        "четврътък 17:00",
    ],
)
def test_a_thursday_in_kazanlak_is_read_however_it_is_written(words: str) -> None:
    assert read_when(words, NOW, SOFIA) == at("2026-11-26T15:00")


@pytest.mark.parametrize(
    ("words", "zone", "expected"),
    [
        ("утре 18:30", SOFIA, "2026-11-22T16:30"),
        ("сутра 18:30", BELGRADE, "2026-11-22T17:30"),
        ("sutra 18.30", BELGRADE, "2026-11-22T17:30"),
        ("tomorrow 6:30 pm", BELGRADE, "2026-11-22T17:30"),
        ("sutra ujutru u 9", BELGRADE, "2026-11-22T08:00"),
        ("sutra u podne", BELGRADE, "2026-11-22T11:00"),
        ("prekosutra 18 i 30", BELGRADE, "2026-11-23T17:30"),
        ("вдругиден 18:30", SOFIA, "2026-11-23T16:30"),
        ("danas 20:00", BELGRADE, "2026-11-21T19:00"),
        ("danas u pola 7 uveče", BELGRADE, "2026-11-21T17:30"),
        ("subota 10h", BELGRADE, "2026-11-28T09:00"),
        ("понедељак 08:15", BELGRADE, "2026-11-23T07:15"),
        ("неделя 10:00", SOFIA, "2026-11-22T08:00"),
        ("5. mart 18h", BELGRADE, "2027-03-05T17:00"),
        ("5 март 18 ч", SOFIA, "2027-03-05T16:00"),
        ("10.1. 17:00", BELGRADE, "2027-01-10T16:00"),
        ("29.2. 17:00", BELGRADE, "2028-02-29T16:00"),
        ("sutra 05:00", BELGRADE, "2026-11-22T04:00"),
        ("sutra 12 am", BELGRADE, "past-midnight"),
    ],
)
def test_days_from_now_and_months_ahead(words: str, zone: str, expected: str) -> None:
    wanted = at("2026-11-21T23:00") if expected == "past-midnight" else at(expected)
    assert read_when(words, NOW, zone) == wanted


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ("", "unknown"),
        ("kad bude", "unknown"),
        ("x" * 500, "unknown"),
        ("17:00", "no_day"),
        ("četvrtak", "no_time"),
        ("26.11.", "no_time"),
        ("утре", "no_time"),
        ("četvrtak u 5", "half"),
        ("sutra 5:30", "half"),
        ("20.11. 17:00", "past"),
        ("1.1.2026 17:00", "past"),
        ("danas 10:00", "past"),
        ("31.2. 17:00", "unknown"),
        ("1.1.2031 17:00", "far"),
        ("0000-00-00_0000", "unknown"),
        ("99.99. 17:00", "unknown"),
    ],
)
def test_what_is_missing_is_named(words: str, trouble: str) -> None:
    assert read_when(words, NOW, BELGRADE) == trouble


@pytest.mark.parametrize(
    ("zone", "words"),
    [(BELGRADE, "28.3.2027 02:30"), (SOFIA, "28.3.2027 03:30"), (SOFIA, "28 март 2027 03:00")],
)
def test_a_wall_time_that_does_not_exist_is_refused(zone: str, words: str) -> None:
    assert read_when(words, NOW, zone) == "gap"


@pytest.mark.parametrize(
    ("zone", "words", "expected"),
    [
        (BELGRADE, "31.10.2027 02:30", "2027-10-31T00:30"),
        (SOFIA, "31.10.2027 03:30", "2027-10-31T00:30"),
        (BELGRADE, "28.3.2027 03:00", "2027-03-28T01:00"),
        (SOFIA, "28.3.2027 04:00", "2027-03-28T01:00"),
        (BELGRADE, "28.3.2027 01:59", "2027-03-28T00:59"),
    ],
)
def test_a_wall_time_that_comes_twice_is_the_first(zone: str, words: str, expected: str) -> None:
    assert read_when(words, NOW, zone) == at(expected)


def test_a_deadline_may_be_a_day_alone() -> None:
    assert read_when("5.12.", NOW, BELGRADE, end_of_day=True) == at("2026-12-05T22:59")
    assert read_when("5. декември 12:00", NOW, SOFIA, end_of_day=True) == at("2026-12-05T10:00")
