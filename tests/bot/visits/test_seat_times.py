"""A seat's time can be written whenever the day or the time is asked for, as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House

ASKED = "🗓 Tuesday 3 March\nAt what time?"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = House(Path(tmp_path_factory.mktemp("seats")))
    made.person("tea", "en", band="15-17", town="bor")
    return made


def _after(house: House, *written: str) -> str:
    house.hear("tea", "/start bor-racunari")
    house.tap("tea", "🖥 Take a seat")
    for words in written:
        house.hear("tea", words)
    return house.people["tea"].shown[-1].text


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("at 17", "Tuesday 3 March, 17:00"),
        ("5 pm", "Tuesday 3 March, 17:00"),
        ("tomorrow at 16:00", "Tuesday 3 March, 16:00"),
        ("Wednesday at 16", "Wednesday 4 March, 16:00"),
    ],
)
def test_the_time_may_be_written_with_another_day_too(house: House, written: str, when: str) -> None:
    assert _after(house, "tomorrow") == ASKED
    house.hear("tea", written)
    assert f"🗓 {when}\n" in house.people["tea"].shown[-1].text
    assert "Shall we book this?" in house.people["tea"].shown[-1].text


def test_a_time_at_which_it_is_shut_shows_the_times_of_that_day(house: House) -> None:
    assert _after(house, "tomorrow at 10") == ASKED
    assert _after(house, "tomorrow", "at 10").endswith(ASKED)
    assert _after(house, "tomorrow", "on Thursday") == "🗓 Thursday 5 March\nAt what time?"


def test_a_time_may_be_said_before_anything_is_asked(house: House) -> None:
    house.hear("tea", "/start bor-racunari")
    house.hear("tea", "computer tomorrow at 4")
    assert "🗓 Tuesday 3 March, 16:00\n" in house.people["tea"].shown[-1].text
    house.hear("tea", "/start bor-racunari")
    assert house.hear("tea", "tomorrow")[0][1].text == ASKED
