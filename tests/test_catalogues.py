"""Every text is said in every language: nothing missing, unsure, left in English, or too long."""

from __future__ import annotations

import pytest

from bot.language.messages import extract
from bot.language.proofread import problems


def test_every_text_is_translated() -> None:
    found = problems()
    listed = "\n".join(str(problem) for problem in found)
    if found:
        pytest.fail(f"{len(found)} problems (`make messages` adds what is missing):\n{listed}", pytrace=False)


def test_texts_are_found_at_all() -> None:
    assert len(extract()["common"]) > 20
