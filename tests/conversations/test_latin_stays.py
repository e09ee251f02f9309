"""What staff write in Latin letters stays so, and the preview of a listing says it (docs/decisions/0006)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.language.tongue import tongue
from conversations.facts import Facts
from conversations.speech import Words
from conversations.staff.publishing.drafts import preview
from conversations.steps import Here

HINT = "letters is shown in Latin to all"


def _preview(tag: str = "sr", **answers: Any) -> str:
    """How the preview of a grant reads in English."""
    staff = SimpleNamespace(organisations=lambda: (), language=lambda: tag, tongue=lambda: tag)
    facts = cast(Facts, SimpleNamespace(staff=staff, me=SimpleNamespace(tag=f"{tag}-Latn")))
    return tongue("en").speak(preview(Here(facts, {"what": "grant", **answers})).text)


@pytest.mark.parametrize(
    ("title", "hinted"),
    [("Mali fond", True), ("Мали фонд", False), ("Мали фонд „Good Start“", False), ("2026", False)],
)
def test_the_preview_tells_of_serbian_in_latin_letters(title: str, hinted: bool) -> None:
    assert (HINT in _preview(title=title, language="sr")) == hinted


def test_of_other_languages_it_says_nothing() -> None:
    assert HINT not in _preview("bg", title="Малък фонд", language="bg")


def test_latin_is_shown_in_latin_to_everybody_and_cyrillic_to_each_in_their_own() -> None:
    latin, cyrillic = Words.of({"sr": "Canva za početnike"}), Words.of({"sr": "Час гитаре"})
    assert {tongue(tag).words(latin) for tag in ("sr-Latn", "sr-Cyrl")} == {"Canva za početnike"}
    assert [tongue(tag).words(cyrillic) for tag in ("sr-Latn", "sr-Cyrl")] == ["Čas gitare", "Час гитаре"]
