"""Somebody with a chat, a tablet that nobody has used yet, and somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="18+", town="bor")
    made.person("tablet", "en")
    made.person("other", "en", band="18+", town="bor")
    return made
