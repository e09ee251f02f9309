"""A house with a young person, and staff of two organisations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "sr-Latn", band="15-17", town="bor")
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("eva", "en", organisation="asb", town="krusevac")
    return made
