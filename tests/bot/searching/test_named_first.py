"""What is named by its title comes before what is merely of that kind; for one word the own town still comes first."""

from __future__ import annotations

from pathlib import Path

from tests.house import House


def test_what_is_named_comes_first(tmp_path: Path) -> None:
    house = House(tmp_path)
    for name, tag, band, town in (
        ("sam", "bg", "15-17", "kazanlak"),
        ("ema", "sr-Latn", "18+", "kazanlak"),
        ("mira", "sr-Latn", "18+", "vranje"),
        ("boro", "sr-Latn", "15-17", "bor"),
    ):
        house.person(name, tag, band=band, town=town)
        house.hear(name, "/menu")
    for name, words, first in (
        ("sam", "ekskurziq", "Екскурзия до Копринка\n"),  # visits to firms go by that word too
        ("ema", "kuca porodice", "Kuće porodice"),
        ("mira", "zajedno u skoli", "Zajedno u školi\n📍 Niš"),  # of two words, wherever it is
        ("boro", "izlet", "Upoznaj "),  # of one word there is one of its kind in the own town
    ):
        card = house.hear(name, words)[-1][1].cards[0]
        assert card.text.startswith(first), (words, card.text)
