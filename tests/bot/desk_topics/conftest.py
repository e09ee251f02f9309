"""A desk with the staff of two organisations, and somebody who asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_topics.kit import made


@pytest.fixture
def house(tmp_path: Path) -> DeskHouse:
    return made(tmp_path)
