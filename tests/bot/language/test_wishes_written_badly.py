"""Wishes as a clumsy hand writes them: other Latin letters, "not" joined to its word, the day before what is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.wishes import spoken_of
from tests.house import House, as_line

NOT_COMING = (
    "ne moga da doida v sriada",
    "niama da doida utre",
    "nqma da moga da doida",
    "немога да дойда утре",
    "в сряда няма да мога",
    "nemogu da dodjem u sredu",
    "nemogu doci sutra",
    "u sredu ne mogu",
    "im not comming tomorow",
    "i wont be there wednesday",
)
NOTHING_OF_THE_KIND = (
    "не могу да чекам да почне",
    "ne mogu da nadjem skolu",
    "искам да дойда в сряда",
    "има ли място в сряда",
    "mogu u sredu",
)


@pytest.mark.parametrize("words", NOT_COMING)
def test_who_cannot_come_is_understood_however_it_is_spelt(words: str) -> None:
    assert spoken_of(words) == ("not_coming",)


@pytest.mark.parametrize("words", NOTHING_OF_THE_KIND)
def test_who_wants_to_come_is_not_taken_for_somebody_who_cannot(words: str) -> None:
    assert "not_coming" not in spoken_of(words)


def test_what_only_looks_like_an_offer_is_asked_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("sara", "sr-Latn", band="18+", town="bor")
    house.person("boro", "bg", band="18+", town="kazanlak")

    def hears(name: str, words: str) -> str:
        return "\n".join(as_line(message) for _name, message in house.hear(name, words))

    said = hears("sara", "kad je emisija na tv")  # "hemija" is nearest to it of all that is on offer
    assert "[📺 Na TV i događaji]" in said and "Hemija" not in said
    assert "tematska emisija" in hears("sara", "1")
    house.hear("sara", "menu")
    assert "[📮" in hears("sara", "imam pitanje za studio")
    for words in ("vurnah se ot germaniq kakvo mi se polaga", "imam li pravo na pomosht", "полагат ли ми се помощи"):
        assert "[📖 Отговори по теми] [🔎 Потърси това]" in hears("boro", words)
    assert "[📄 Документи]" in hears("boro", "1")


def test_where_something_is_to_be_looked_for_it_can_be_written_at_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mato", "bg", band="15-17", town="bor")
    assert "Да потърсим ли нещо?" in as_line(house.hear("mato", "otkazvam")[-1][1])
    assert "Химия" in as_line(house.hear("mato", "pomogni mi s domashnoto po himia")[-1][1])
    house.hear("mato", "кога е предаването")
    assert "[📮" in as_line(house.hear("mato", "iskam da popitam neshto studioto")[-1][1])
