"""Every transcript goes as it is written, and every conversation has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.every import CONVERSATIONS
from tests.transcripts.playing import FOLDER, play, shows

PAGES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_conversation_goes_as_written(page: Path, tmp_path: Path) -> None:
    assert play(page, tmp_path) == page.read_text(encoding="utf-8")


def test_every_conversation_has_a_transcript() -> None:
    assert {talk.name for talk in CONVERSATIONS} - {name for page in PAGES for name in shows(page)} == set()
