"""One key for all spellings of a word, and what is taken out of incoming text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.fold import clean, fold


@pytest.mark.parametrize(
    "group",
    [
        ["škola", "skola", "школа", "ŠKOLA", "s\u030ckola", "shkola", "Школа!"],
        ["Ђорђевић", "Đorđević", "Djordjevic", "Dordevic", "DJORDJEVIĆ"],
        ["џеп", "džep", "dzep", "ǆep", "dzhep", "ЏЕП"],
        ["Крушевац", "Kruševac", "Krusevac", "Krushevac", "KRUŠEVAC"],
        ["Жељко", "Željko", "Zeljko", "Zheljko", "Zhelyko"],
        ["Казанлък", "Kazanlak", "KAZANLAK", "казанлък"],
        ["София", "Sofia", "Sofiya", "Sofija", "Софија"],
        ["Ваљево", "Valjevo", "Valyevo", "Waljewo"],
        ["Нови Пазар", "novi pazar", "Novi  Pazar", "NOVI-PAZAR"],
        ["щастие", "shtastie", "штастие"],
        ["час математике", "čas matematike", "cas matematike", "CAS   MATEMATIKE."],
    ],
)
def test_all_spellings_of_a_word_have_one_key(group: list[str]) -> None:
    assert len({fold(word) for word in group}) == 1


def test_different_words_have_different_keys() -> None:
    words = ["Бор", "Бар", "Ниш", "Пирот", "Ваљево", "Врање", "математика", "физика", "српски", "енглески"]
    assert len({fold(word) for word in words}) == len(words)


@given(st.text())
def test_a_key_is_its_own_key_and_holds_only_words(text: str) -> None:
    key = fold(text)
    assert key == " ".join(key.split())
    assert all(c == " " or c.isalnum() for c in key)


CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200e\u200f\u2060\ufeff\x00\x07"


def test_controls_that_hide_or_reverse_are_taken_out() -> None:
    assert clean("Ма" + CONTROLS + "ра") == "Мара"


def test_the_joiner_stays_inside_an_emoji_only() -> None:
    family = "👨\u200d👩\u200d👧"
    assert clean(f"{family} a\u200db \u200d") == f"{family} ab"
    assert clean("🏳\ufe0f\u200d🌈") == "🏳\ufe0f\u200d🌈"


def test_lone_surrogates_are_replaced() -> None:
    assert clean("a\ud800b") == "a\ufffdb"
    clean("\udfff").encode()


def test_towers_of_marks_are_cut_to_two() -> None:
    tower = "š" + "\u0301" * 50 + "!"
    cleaned = clean(tower)
    assert sum(unicodedata.combining(c) > 0 for c in cleaned) == 2
    assert cleaned.endswith("!")


def test_text_is_trimmed_composed_and_cut() -> None:
    assert clean("  s\u030ckola \r\n drugi red\t ") == "škola \n drugi red"
    assert clean("a" * 5000) == "a" * 4096
    assert clean("я" * 50, most=10) == "я" * 10


@given(st.text(), st.integers(1, 50))
def test_cleaning_twice_changes_nothing_and_can_always_be_stored(text: str, most: int) -> None:
    once = clean(text, most)
    assert len(once) <= most
    assert clean(once, most) == once
    once.encode("utf-8")
    assert not set(once) & set(CONTROLS)
