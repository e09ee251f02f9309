"""A member of staff who writes, and a crowd that is written to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "sr-Latn", organisation="kokoro", town="bor")
    return made


@pytest.fixture
def crowd(house: House) -> Iterator[list[str]]:
    names = [f"p{number}" for number in range(7)]
    for name in names:
        house.person(name, "sr-Latn", band="15-17", town="bor")
    yield names
