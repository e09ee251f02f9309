"""Weekly hours are read as they are typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.times.reading_hours import read_hours


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("пон, сре 9-12", ((0, 540, 720), (2, 540, 720))),
        ("Mon-Wed 9:00-12:30; Fri 14-17", ((0, 540, 750), (1, 540, 750), (2, 540, 750), (4, 840, 1020))),
        ("вт 9-12, 14-17", ((1, 540, 720), (1, 840, 1020))),
        ("utorak 8-10, četvrtak 8-10", ((1, 480, 600), (3, 480, 600))),
        ("пон 12-9", None),
        ("пон 9-12, 11-13", None),
        ("кад стигне", None),
        ("mon 9:02-12", None),
    ],
)
def test_weekly_hours_are_read_as_they_are_typed(typed: str, hours: Any) -> None:
    assert read_hours(typed) == hours
