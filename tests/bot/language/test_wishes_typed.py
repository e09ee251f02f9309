"""What people write when they want something, in their own words: the wishes of the services, in every language."""

from __future__ import annotations

import pytest

from conversations.speech import Spoken
from tests.house import House, as_line

WISHES = (
    # what is written, the language of whoever writes, and what is then seen
    ("otkazujem", "sr-Latn", "Nema nijedne prijave."),
    ("какво да нося", "bg", "записвания"),
    ("when is the next lesson", "en", "Nothing is booked."),
    ("šta da budem kad porastem", "sr-Latn", "1 od 6."),
    ("какъв мога да стана", "bg", "1 от 6."),
    ("what can i be", "en", "1 of 6."),
    ("hoću da pričam sa nekim", "sr-Latn", "Želim da razgovaram uživo"),
    ("имам нужда да поговоря", "bg", "Искам да говоря на живо"),
    ("i need to talk", "en", "I want to talk, face to face"),
    ("где се налазите", "sr-Cyrl", "Дневни боравак за децу и младе"),
    ("с кой автобус", "bg", "Дневен център за деца и младежи"),
    ("where are you", "en", "Day-care centre"),
    ("можете ли да ме позовете", "sr-Cyrl", "На који број да зовемо?"),
    ("попитай студиото", "bg", "Попитайте студиото"),
    ("hoću da dam mišljenje", "sr-Latn", "Koja kutija?"),
    ("moje potvrde", "sr-Latn", "Još nema potvrde"),
    ("upoznaj električara", "sr-Latn", "Pronađeno: 1."),
    ("запознай се с електротехник", "bg", "Намерено: 1."),
    ("искам да принтирам", "bg", "Компютри и печат"),
    ("помоћ за cv", "sr-Cyrl", "Фасилитатор запошљавања"),
    ("counselling", "en", "Counsellor for young people"),
    ("psiholog", "sr-Latn", "Savetnik za mlade"),
    ("šta se dešava ove nedelje", "sr-Latn", "Izbor zanimanja"),
    ("какво става тази седмица", "bg", "Математика"),
    ("agenda", "en", "Seminar"),
    ("кога е следващият урок", "bg", "Няма записвания."),
    ("kad je sledeće predavanje", "sr-Latn", "Nema nijedne prijave."),
    ("кога е следващият час по математика", "bg", "Намерено: 1."),
    ("hocu da pitam nesto majstora", "sr-Latn", "📅 Moje prijave"),
    ("ne moga da doida, deteto e bolno", "bg", "🚫 Някой не може да дойде"),
    ("ne moga da dojda", "bg", "Няма записвания."),
    ("hoću da pomerim termin kod savetnika", "sr-Latn", "📅 Moje prijave"),
    ("искам да преместя часа", "bg", "📅 Моите записвания"),
    ("kude e", "bg", "Няма записвания."),
    ("кад почиње", "sr-Cyrl", "Нема ниједне пријаве."),
    ("koju srednju da upisem", "sr-Latn", "* Upis posle 7. razreda: stručna škola"),
    ("до кад се предаје за средњу", "sr-Cyrl", "* Упис после 7. разреда: стручна школа"),
    ("искам да се науча да правя сайтове", "bg", "* Web дизайн"),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("wishes"))


def test_who_looks_for_a_course_to_find_work_sees_the_training_for_it(house: House) -> None:
    house.person("petra", "bg", band="18+", town="vranje")
    shown = [card.text for _name, message in house.hear("petra", "tursq rabota, ima li kurs") for card in message.cards]
    assert shown[0].startswith("Обучение: как да търся и намеря работа")


@pytest.mark.parametrize(("words", "tag", "seen"), WISHES)
def test_a_wish_in_ones_own_words_leads_to_what_was_meant(house: House, words: str, tag: str, seen: str) -> None:
    name = f"{tag}-{words}"
    house.person(name, tag, band="15-17", town="bor")
    assert seen in "\n".join(as_line(message) for _name, message in house.hear(name, words))


def test_a_wish_is_part_of_a_letter_where_words_are_asked_for(house: House) -> None:
    house.person("ana", "sr-Latn", organisation="kokoro", town="bor")
    house.person("mila", "sr-Latn", band="15-17", town="bor")
    house.hear("mila", "čovek")
    told = house.hear("mila", "šta da ponesem")
    assert any(name == "ana" for name, _message in told), "the team got it as it was written"


def _labels(shown: list[tuple[str, Spoken]]) -> list[str]:
    return [button.label for _name, message in shown for button in message.buttons]


def test_the_day_that_was_written_comes_first_among_the_dates(house: House) -> None:
    house.person("sara", "sr-Latn", band="15-17", town="bor")
    house.hear("sara", "matematika četvrtak")
    dates = _labels(house.hear("sara", "1"))
    assert dates[0].startswith("četvrtak, 5. mart")
    assert "utorak, 3. mart, 17:00" in "\n".join(_labels(house.tap("sara", "Još"))), "the other days are still there"
    house.hear("sara", "meni")
    house.hear("sara", "matematika")
    assert _labels(house.hear("sara", "1"))[0].startswith("utorak, 3. mart"), "without a day the nearest comes first"
