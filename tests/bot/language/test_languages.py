"""The table of languages: plural forms and what platforms report."""

from __future__ import annotations

import pytest

from bot.language.languages import BY_TAG, DEFAULT, guess

COUNTS = (0, 1, 2, 3, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112)


@pytest.mark.parametrize(
    ("tag", "forms"),
    [
        ("sr-Cyrl", (2, 0, 1, 1, 1, 2, 2, 2, 2, 0, 1, 2, 0, 2, 2)),
        ("sr-Latn", (2, 0, 1, 1, 1, 2, 2, 2, 2, 0, 1, 2, 0, 2, 2)),
        ("bg", (1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
        ("en", (1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
    ],
)
def test_plural_forms(tag: str, forms: tuple[int, ...]) -> None:
    assert tuple(BY_TAG[tag].plural(n) for n in COUNTS) == forms


@pytest.mark.parametrize(
    ("reported", "tag"),
    [
        ("sr", DEFAULT), ("sr-Latn-RS", "sr-Latn"), ("sr_Latn", "sr-Latn"), ("sr-Cyrl-RS", "sr-Cyrl"),
        ("sr-ME", "sr-Latn"), ("bs", "sr-Latn"), ("hr-HR", "sr-Latn"), ("sh", "sr-Latn"), ("bg-BG", "bg"),
        ("bg_RS", "bg"), ("BG", "bg"), ("en-US-x-twain", "en"), ("en", "en"), ("sr-x-latn", DEFAULT),
        ("", DEFAULT), (None, DEFAULT), ("rom", DEFAULT), ("rmy-RS", DEFAULT), ("-", DEFAULT), ("🙂", DEFAULT),
        (17, DEFAULT), ("hu_RS", DEFAULT),
    ],
)  # fmt: skip
def test_a_tag_is_guessed_from_what_a_platform_reports(reported: object, tag: str) -> None:
    assert guess(reported) == tag


def test_the_default_can_be_chosen() -> None:
    assert guess("sr", default="sr-Cyrl") == "sr-Cyrl"
    assert guess("sr", default="bg") == "sr-Cyrl"
    assert guess("rom", default="bg") == "bg"
