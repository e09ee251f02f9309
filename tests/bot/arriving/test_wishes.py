"""What people write who want something: it opens by itself, beside a search, and never out of a letter."""

from __future__ import annotations

from pathlib import Path

from bot.language.wishes import spoken_of
from tests.house import House, buttons


def test_a_wish_opens_what_it_means(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mira", "sr-Latn", band="18+", town="nis")
    for words, shown in (
        ("otkaži", "Nema nijedne prijave"),
        ("vesti", "O čemu da pišem?"),
        ("smece", "🧹 Gde ima smeća?"),
    ):
        house.hear("mira", "meni")
        assert house.hear("mira", words)[0][1].text.startswith(shown), words


def test_a_letter_to_the_team_stays_a_letter(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mira", "bg", band="18+", town="kazanlak")
    house.hear("mira", "човек")
    assert "записвания" not in house.hear("mira", "не мога да дойда")[0][1].text


def test_a_longer_text_shows_the_way_beside_what_is_found(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mira", "bg", band="18+", town="kazanlak")
    found = house.hear("mira", "детето няма да дойде утре")[0][1]
    assert "📅 Моите записвания" in [button.label for button in buttons(found)]
    assert house.tap("mira", "📅 Моите записвания")[0][1].text.startswith("Няма записвания")
    house.hear("mira", "меню")
    asked = house.hear("mira", "в парка има много боклук")  # words that may be a cry: both are shown
    assert "🧹 Място за почистване" in [button.label for _, message in asked for button in buttons(message)]


def test_beginnings_stand_in_order_in_every_script() -> None:
    assert spoken_of("ne mogu sutra da dođem") == spoken_of("не могу сутра да дођем") == ("not_coming",)
    assert spoken_of("da dođem ne mogu") == ()
    assert spoken_of("kade e avtobusut za ekskurziqta") == ("what_to_bring",)
    assert spoken_of("математика петак") == ()
