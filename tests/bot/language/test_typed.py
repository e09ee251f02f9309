"""Labels and global words found again in what people type."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import alarms, typed
from bot.language.reading import Trie, letters
from bot.language.tongue import match_names, tongue
from bot.language.typed import Vocabulary, word
from conversations.speech import Text, Words, said

TOWNS = tuple(
    Words.of(names)
    for names in (
        {"sr": "Бор", "en": "Bor"},
        {"bg": "Казанлък"},
        {"sr": "Крушевац"},
        {"sr": "Ваљево"},
        {"sr": "Нови Пазар"},
        {"sr": "Димитровград", "bg": "Цариброд"},
        {"sr": "Ниш"},
        {"sr": "Vranje"},
    )
)


@pytest.mark.parametrize(
    ("heard", "town"),
    [
        ("Bor", 0), ("бор", 0), ("BOR", 0), ("bor.", 0), ("Kazanlak", 1), ("Казанлък", 1), ("kazanlik", 1),
        ("kazanluk", 1), ("kazanlyk", 1), ("KAZANLAK", 1), ("krusevac", 2), ("Kruševac", 2), ("Valjevo", 3),
        ("ваљево", 3),
        ("novi pazar", 4), ("Caribrod", 5), ("tsaribrod", 5), ("Dimitrovgrad", 5), ("nis", 6), ("Niš", 6),
        ("ni6", 6), ("ВРАЊЕ", 7), ("vranye", 7),
    ],
)  # fmt: skip
def test_towns_are_found_in_every_spelling(heard: str, town: int) -> None:
    assert match_names(heard, TOWNS)[0] == town


@pytest.mark.parametrize(
    ("heard", "town"), [("krusevc", 2), ("valevo", 3), ("pazar", 4), ("kazanlek", 1), ("dimitrov", 5)]
)
def test_a_letter_wrong_or_a_part_is_asked_about(heard: str, town: int) -> None:
    exact, near = match_names(heard, TOWNS)
    assert exact is None
    assert near[0] == town


@pytest.mark.parametrize("heard", ["Beograd", "xyz", "1", "b", "", "🙂", "da", "a" * 100_000])
def test_what_is_no_town_is_none(heard: str) -> None:
    assert match_names(heard, TOWNS) == (None, ())


WORDS = [
    "чат", "човек", "училище", "щастие", "жена", "ябълка", "език", "български", "английски", "математика", "помощ",
    "съобщение", "още", "живот", "юли", "чай", "шах", "къща", "час", "запиши", "джоб", "Мария", "синьо", "фейсбук",
]  # fmt: skip
SHLYOKAVITSA = {
    "4at": "чат", "chat": "чат", "4ovek": "човек", "chovek": "човек", "covek": "човек", "u4ili6te": "училище",
    "uchilishte": "училище", "uchili6te": "училище", "u4ilishte": "училище", "6tastie": "щастие",
    "shtastie": "щастие", "jena": "жена", "zhena": "жена", "qbalka": "ябълка", "yabalka": "ябълка", "iabylka": "ябълка",
    "qbulka": "ябълка", "ezik": "език", "bylgarski": "български", "balgarski": "български", "bulgarski": "български",
    "angliyski": "английски", "angliiski": "английски", "anglijski": "английски", "matematika": "математика",
    "pomo6t": "помощ", "pomosht": "помощ", "pomo6": None, "saob6tenie": "съобщение", "syobshtenie": "съобщение",
    "suobshtenie": "съобщение", "o6te": "още", "oshte": "още", "jivot": "живот", "zhivot": "живот", "yuli": "юли",
    "iuli": "юли", "juli": "юли", "4ai": "чай", "chay": "чай", "chaj": "чай", "6ah": "шах", "shah": "шах", "6ax": "шах",
    "kashta": "къща", "ka6ta": "къща", "ky6ta": "къща", "kushta": "къща", "4as": "час", "chas": "час",
    "zapi6i": "запиши", "zapishi": "запиши", "djob": "джоб", "dzhob": "джоб", "job": "джоб", "Maria": "Мария",
    "Mariq": "Мария", "Mariya": "Мария", "Marija": "Мария", "sinyo": "синьо", "sinio": "синьо", "feisbuk": "фейсбук",
    "feysbuk": "фейсбук", "angliski": None,
}  # fmt: skip


@pytest.mark.parametrize(("heard", "meant"), SHLYOKAVITSA.items())
def test_bulgarian_in_latin_letters_is_read(heard: str, meant: str | None) -> None:
    vocabulary = Vocabulary([[known] for known in WORDS])
    found = typed.reads(heard, vocabulary)
    assert (WORDS[found] if found is not None else None) == meant


def test_a_true_misspelling_is_near() -> None:
    vocabulary = Vocabulary([[known] for known in WORDS])
    assert WORDS[typed.near("angliski", vocabulary)[0]] == "английски"
    assert WORDS[typed.near("u4ilite", vocabulary)[0]] == "училище"


def test_my_language_wins_over_another() -> None:
    vocabulary = Vocabulary([["да", "no"], ["no", "yes"]])
    assert typed.reads("no", vocabulary) == 1
    assert typed.reads("yes", vocabulary) == 1
    assert typed.reads("sax", Vocabulary([["шах"], ["друго", "сах"]])) == 0
    assert typed.reads("sax", Vocabulary([["шах"], ["сах"]])) is None


def test_two_labels_with_one_key_are_told_apart_by_accents_or_asked_about() -> None:
    vocabulary = Vocabulary([["Kovač"], ["Kovać"], ["Petrović"]])
    assert typed.reads("kovač", vocabulary) == 0
    assert typed.reads("KOVAĆ", vocabulary) == 1
    assert typed.reads("kovac", vocabulary) is None
    assert typed.near("kovac", vocabulary) == (0, 1)


def test_a_number_is_a_label_only_if_the_label_is_that_number() -> None:
    vocabulary = Vocabulary([["час 1"], ["2"], ["ч"], ["ш"]])
    assert typed.reads("2", vocabulary) == 1
    assert typed.reads("4", vocabulary) is None
    assert typed.reads("6", vocabulary) is None
    assert typed.near("1", vocabulary) == ()


def test_labels_are_heard_in_every_language_they_can_be_said_in() -> None:
    labels = (said(TOWNS[5]), Text("Menu"), said(Words.of({"sr": "Час математике", "en": "Maths"})))
    for tag in ("sr-Cyrl", "sr-Latn", "bg", "en"):
        voice = tongue(tag)
        assert voice.reads("caribrod", labels) == 0
        assert voice.reads("мени", labels) == 1
        assert voice.reads("menyu", labels) == 1
        assert voice.reads("cas matematike", labels) == 2
        assert voice.reads("maths", labels) == 2
        assert voice.near("matematik", labels) == (2,)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("/menu", "menu"), ("/menu@putokaz_bot", "menu"), ("meni", "menu"), ("МЕНИ", "menu"), ("меню", "menu"),
        ("menyu", "menu"), ("nachalo", "menu"), ("na4alo", "menu"), ("помоћ", "help"), ("pomoć", "help"),
        ("pomoc", "help"), ("помощ", "help"), ("pomo6t", "help"), ("pomosht", "help"), ("SOS!", "safety"),
        ("назад", "back"), ("nazad", "back"), ("вратi се", "back"), ("стоп", "stop"), ("STOP", "stop"),
        ("одјави ме", "stop"),
        ("odjavi", "stop"), ("spri", "stop"), ("спри", "stop"), ("језик", "language"), ("jezik", "language"),
        ("ezik", "language"), ("language", "language"), ("човек", "person"), ("čovek", "person"), ("4ovek", "person"),
        ("person", "person"), ("moji podaci", "mydata"), ("моите данни", "mydata"), ("my data", "mydata"),
        ("moja deca", "children"), ("моје дете", "children"), ("moite deca", "children"), ("deca", None),
        ("pokaži šta ima", "find"), ("покажи какво има", "find"), ("pokaji kakvo ima", "find"),
        ("podešavanja", "settings"), ("podesavanja", "settings"), ("настройки", "settings"),
        ("да", "yes"), ("da", "yes"), ("ne", "no"), ("не", "no"), ("No", "no"), ("сакриј", "hide"), ("sakrij", "hide"),
        ("skrii", "hide"), ("скрий", "hide"), ("hide", "hide"), ("/start", "start"), ("/start abc123", "start"),
        ("/", None), ("/unknown", None), ("", None), ("🙂", None), ("1", None), ("4", None),
        ("otkaži", "not_coming"), ("otkazi", "not_coming"), ("не мога да дойда", "not_coming"),
        ("I can't come", "not_coming"),
        ("sta da ponesem", "what_to_bring"), ("kude e avtobusut", "what_to_bring"),
        ("where is the bus?", "what_to_bring"),
        ("vesti", "news"), ("novini", "news"), ("smece", "rubbish"), ("боклук", "rubbish"), ("predloži priču", "box"),
        ("kad je emisija", "on_tv"), ("/cancel", "not_coming"),
        ("stop vesti", "stop"), ("ne salji mi vise vesti", "stop"), ("не ми пращайте повече новини", "stop"),
        ("no more news", "stop"),
        ("zdravo svima", "hello"), ("zdravo, kad je čas", None),
        ("имам питање о меню", None),
    ],
)  # fmt: skip
def test_global_words_are_understood_in_every_language_and_script(heard: str, meant: str | None) -> None:
    assert word(heard) == meant


def test_every_global_word_means_one_thing_in_all_languages() -> None:
    names, vocabulary, commands = typed._global_words()
    assert {"menu", "back", "help", "stop", "language", "person", "mydata", "yes", "no", "hide", "start"} <= set(names)
    for number, keys in enumerate(vocabulary.keys):
        for key in keys:
            assert vocabulary.find(key) == number, key
    for command, name in commands.items():
        assert word(f"/{command}") == name


def test_random_words_mean_nothing() -> None:
    chance = random.Random(7)
    syllables = [a + b for a in "bcdfghjklmnprstvzčšž46" for b in "aeiouqy"]
    heard = {"".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(22_000)}
    heard = set(sorted(heard)[:20_000])
    hits = [w for w in heard if word(w)]
    assert len(heard) > 19_000
    assert len(hits) <= 8, hits


ALPHABET = "абвгдежзийклмнопрстуфхцчшщъьюя"
SOUNDS = ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
          "f", "h", "ts", "ch", "sh", "sht", "a", "y", "yu", "ya"]  # fmt: skip
OFFICIAL = dict(zip(ALPHABET, SOUNDS, strict=True))
PHONE = OFFICIAL | {"ч": "4", "ш": "6", "щ": "6t", "я": "q", "ж": "j", "ъ": "y", "й": "i", "ц": "c", "ю": "iu"}


@given(st.text(ALPHABET.replace("ь", ""), min_size=2), st.randoms(use_true_random=False))
def test_any_word_is_found_again_however_its_letters_are_mixed(written: str, chance: random.Random) -> None:
    heard = "".join(chance.choice((OFFICIAL, PHONE))[c] for c in written)
    assert Trie([(written, 3)]).find(letters(heard)) == {3}


@pytest.fixture(scope="module")
def read_once() -> None:
    """The packs are read when first asked: that is no part of what any single text costs."""
    alarms.kinds()


@pytest.mark.usefixtures("read_once")
@given(st.text(max_size=300))
def test_anything_may_be_typed(heard: str) -> None:
    voice = tongue("sr-Latn")
    labels = tuple(said(town) for town in TOWNS)
    found = voice.reads(heard, labels)
    assert found is None or 0 <= found < len(labels)
    assert all(0 <= i < len(labels) for i in voice.near(heard, labels))
    voice.word(heard)
    voice.alarm(heard)


@pytest.mark.parametrize("nasty", ["a" * 100_000, "cz6t4" * 20_000, "dzh" * 33_000, "да " * 33_000, "\u0301" * 100_000])
@pytest.mark.parametrize("what", [word, lambda h: match_names(h, TOWNS), alarms.alarm])
def test_long_nasty_input_takes_no_time(nasty: str, what: Callable[[str], object]) -> None:
    what("x")
    fastest = min(_seconds(what, nasty) for _ in range(3))
    assert fastest < 0.1


def _seconds(what: Callable[[str], object], heard: str) -> float:
    start = time.thread_time()
    what(heard)
    return time.thread_time() - start


def test_the_trie_grows_with_the_length_of_what_was_typed() -> None:
    trie = Trie((w, i) for i, w in enumerate(WORDS))
    assert trie.find("jdzh" * 1000) == set()
