"""Plain forms of words: the same however typed, shared by the two Slavic languages; what is weighed of them."""

from __future__ import annotations

from itertools import chain

import pytest

from bot.language import alarms
from bot.language.doubts import Doubts
from bot.language.reading import letters
from bot.language.sounds import ENGLISH, SLAVIC, plain, spoken


@pytest.mark.parametrize(
    "typed",
    [
        ("čujem", "чујем", "cujem"),
        ("щастлива", "shtastliva", "6tastliva"),
        ("плача", "placha", "pla4a", "плaчa"),
        ("я", "ya", "q"),
        ("tata", "тата", "tатa"),
        ("drži", "држи", "drzi"),
    ],
)
def test_a_word_has_one_plain_form_however_it_is_typed(typed: tuple[str, ...]) -> None:
    assert len({plain(letters(one))[0] for one in typed}) == 1


def test_related_words_of_two_languages_begin_alike() -> None:
    serbian, bulgarian = (spoken([plain(letters(one))[0]]) for one in ("udario", "удари"))
    assert "udari*" in serbian & bulgarian


def test_english_keeps_its_letters_and_numbers_stay() -> None:
    assert plain("joy") == ("o", "joy")
    assert plain("16") == ("16", "16")
    assert plain("hеll")[1] == "hell"  # the second letter is Cyrillic


def test_words_are_weighed_with_their_beginnings_and_with_those_near_them() -> None:
    assert spoken(["tata", "me", "udario"]) == {
        "tata", "tata*", "me", "udario", "udar*", "udari*",
        "^_tata", "^_me", "tata_me", "tata_udar", "me_udar", "me_$", "udar_$",
    }  # fmt: skip


def test_what_is_learnt_of_one_slavic_language_weighs_in_the_other_and_not_in_english() -> None:
    doubts = Doubts({}, dict.fromkeys(("sr", "bg", "en"), 5), {SLAVIC: {"udari*": 5}, ENGLISH: {"hits": 5}})

    def asks(said: str) -> bool:
        return doubts.beyond([word.means for word in chain.from_iterable(alarms._sentences(said))], frozenset()) >= 0

    assert asks("otac me udario juče")
    assert asks("баща ми ме удари вчера")
    assert asks("my father hits me")
    assert not asks("my father waits for me")
    assert not asks("otac me čeka")
