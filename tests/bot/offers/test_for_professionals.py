"""What is for people of institutions: whoever it is not for hears it at once, and has a way on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House, buttons


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.mark.parametrize("band", ["12-14", "15-17"])
def test_a_child_is_not_asked_where_they_work(house: House, band: str) -> None:
    house.person("lea", "en", band=band, town="krusevac")
    ((_name, said),) = house.hear("lea", "/start krusevac-strucnjaci")
    assert said.text.endswith("This one is for another age. We will gladly find something that fits.")
    assert "Where do you work" not in said.text
    assert [one.label for one in buttons(said)] == ["Menu"]


def test_who_works_at_no_institution_looks_for_something_else(house: House) -> None:
    house.person("eda", "en", band="18+", town="krusevac")
    house.hear("eda", "/start krusevac-strucnjaci")
    told = [message.text for _name, message in house.tap("eda", "I do not work at one")]
    assert told[0] == "This is for people who work at an institution. Let us look for something else."
    assert told[1].startswith("What are you looking for?")
    house.hear("eda", "/start krusevac-strucnjaci")
    assert "Where do you work" in house.people["eda"].shown[-1].text, "nothing was kept of it"
