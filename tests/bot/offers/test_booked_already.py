"""An offer that is looked at once more says what of it is booked already, and for whom."""

from __future__ import annotations

from pathlib import Path

from tests.house import House


def test_who_looks_again_sees_what_is_booked_and_nobody_else_does(tmp_path: Path) -> None:
    house = House(tmp_path)
    for name in ("mila", "vera"):
        house.person(name, "en", band="15-17", town="bor")
        house.hear(name, "/menu")
    for words in ("maths", "1", "1", "yes"):
        house.hear("mila", words)
    house.hear("mila", "maths")
    seen = house.hear("mila", "1")[-1][1].text
    assert "✅ The place is booked. Number 1001." in seen
    assert seen.index("Tuesday 3 March, 17:00") < seen.index("✅")
    house.hear("vera", "maths")
    assert "✅" not in house.hear("vera", "1")[-1][1].text
