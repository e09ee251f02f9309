"""Serbian in two scripts: what changes, what stays, and what cannot be told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.script import to_cyrillic, to_latin

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("ЊЕГОШ", "NJEGOŠ"),
        ("ЉУБАВ", "LJUBAV"),
        ("Љубав", "Ljubav"),
        ("КРАЉ", "KRALJ"),
        ("ЏЕП, Џеп, џеп", "DŽEP, Džep, džep"),
        ("Њ", "Nj"),
        ("Ђорђевић", "Đorđević"),
        ("инјекција", "injekcija"),
        ("Танјуг", "Tanjug"),
        ("надживети", "nadživeti"),
    ],
)
def test_digraphs_follow_the_case_of_their_neighbours(cyrillic: str, latin: str) -> None:
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize(
    "kept",
    [
        "www.kokoro-bor.org", "https://путоказ.срб/помоћ", "помоћ@путоказ.срб", "e-mail", "Facebook", "/мени", "А4",
        "путоказ.срб",
        "{име}", '<a href="љ">', "18ч",
    ],
)  # fmt: skip
def test_codes_addresses_and_placeholders_stay(kept: str) -> None:
    assert to_latin(f"пре {kept} после") == f"pre {kept} posle"


def test_the_rest_of_the_sentence_changes() -> None:
    assert to_latin("ICT курс у Бору.") == "ICT kurs u Boru."
    assert to_latin("Пиши на www.kokoro-bor.org, важи?") == "Piši na www.kokoro-bor.org, važi?"
    assert to_latin("Здраво, {name}! Место: {place}.") == "Zdravo, {name}! Mesto: {place}."
    assert to_latin("<b>Њива</b> и <i>шума</i>") == "<b>Njiva</b> i <i>šuma</i>"


def test_a_full_stop_makes_no_word_a_code() -> None:
    assert to_latin("То је све. Крај.") == "To je sve. Kraj."
    assert to_latin("(Крај.) „Крај.“ Крај...") == "(Kraj.) „Kraj.“ Kraj..."
    assert to_latin("Крај.Почетак") == "Kraj.Početak"
    assert to_latin("Јави се SMS-ом.") == "Javi se SMS-om."


def test_parts_around_a_hyphen_are_judged_apart() -> None:
    assert to_latin("SMS-ом, 15-годишњак, Facebook-у") == "SMS-om, 15-godišnjak, Facebook-u"
    assert to_latin("и/или") == "i/ili"


EXCEPTIONS = {
    "injekcija": "инјекција", "konjugacija": "конјугација", "konjunktura": "конјунктура",
    "konjunktivitis": "конјунктивитис", "Tanjug": "Танјуг", "vanjezički": "ванјезички", "nadživeti": "надживети",
    "podžanr": "поджанр", "nadžnjevati": "наджњевати", "odžaliti": "оджалити", "predživot": "предживот",
    "injurija": "инјурија", "anjon": "анјон",
}  # fmt: skip


@pytest.mark.parametrize(("latin", "cyrillic"), EXCEPTIONS.items())
def test_two_sounds_are_not_joined(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


def test_digraphs_are_joined_in_every_case() -> None:
    assert to_cyrillic("LJUBAV Ljubav ljubav NJEGOŠ njiva DŽEP džep") == "ЉУБАВ Љубав љубав ЊЕГОШ њива ЏЕП џеп"
    assert to_cyrillic("www.kokoro-bor.org wifi") == "www.kokoro-bor.org wifi"


@given(st.lists(st.text(CYRILLIC + CYRILLIC.upper(), min_size=1), min_size=1))
def test_no_cyrillic_letter_is_left_and_words_keep_their_places(words: list[str]) -> None:
    latin = to_latin(" ".join(words))
    assert not any("\u0400" <= c <= "\u04ff" for c in latin)
    assert len(latin.split(" ")) == len(words)


@given(st.text(CYRILLIC, min_size=1).filter(lambda w: not any(x in w for x in ("нј", "лј", "дж"))))
def test_there_and_back_is_the_same_where_nothing_is_ambiguous(word: str) -> None:
    latin = to_latin(word)
    if not any(start in latin for start in ("njuri", "njekc")):
        assert to_latin(to_cyrillic(latin)) == latin


@given(st.text())
def test_any_text_passes(text: str) -> None:
    to_cyrillic(to_latin(text))


@pytest.mark.parametrize(
    "nasty", ["{" * 99_999, "<" * 99_999, "<а" * 50_000, "а." * 50_000, "а-" * 50_000, "“" * 99_999]
)
def test_long_nasty_input_takes_no_time(nasty: str) -> None:
    fastest = min(_seconds(nasty) for _ in range(3))
    assert fastest < 0.2


def _seconds(nasty: str) -> float:
    start = time.thread_time()
    to_latin(nasty)
    return time.thread_time() - start
