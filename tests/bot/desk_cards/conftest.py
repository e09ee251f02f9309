"""A desk with one group, its staff, and somebody who applies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.desk.desk_kit import DeskHouse


@pytest.fixture
def house(tmp_path: Path) -> DeskHouse:
    made = DeskHouse(tmp_path)
    made.person("mila", "en", band="15-17", town="bor")
    made.person("luka", "en", band="18+", town="bor")
    made.colleague("ana", 301)
    made.colleague("petra", 302)
    made.colleague("dora", 303, role="admin")
    made.calls_themself("ana")
    return made
