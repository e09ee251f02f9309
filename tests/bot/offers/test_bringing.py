""" "What do I bring": with one booking that is answered at once, with several it is asked of which."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House


def _books(house: House, code: str) -> None:
    house.hear("mila", f"/start {code}")
    house.hear("mila", "1")
    house.tap("mila", "Yes, please")


@pytest.mark.parametrize("words", ["what do I bring", "sta da ponesem", "kade e avtobusut"])
def test_the_only_booking_is_opened(tmp_path: Path, words: str) -> None:
    house = House(tmp_path)
    house.person("mila", "en", band="15-17", town="bor")
    assert "Nothing is booked" in house.hear("mila", words)[0][1].text
    _books(house, "bor-matematika")
    ((_name, said),) = house.hear("mila", words)
    assert "🎒 Bring: a notebook and a pencil" in said.text
    _books(house, "bor-fizika")
    assert "2" in house.hear("mila", words)[0][1].text.splitlines()[0], "which of them is meant is not guessed"
