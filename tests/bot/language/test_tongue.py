"""Texts spoken in each language: placeholders, plurals, words of staff, whole bubbles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import tongue as module
from bot.language.catalogue import PLACEHOLDER, load
from bot.language.languages import BY_TAG, TAGS
from bot.language.tongue import Speaker, spoken, tongue
from conversations.outings import words as outings
from conversations.speech import (
    Button,
    Card,
    Document,
    Joined,
    Moment,
    Say,
    Text,
    Tongue,
    Venue,
    Words,
    lines,
    n_,
    said,
    verbatim,
)

PLACES = n_("one {n} place", "{n} places")
FORMS = {
    "sr": ("{n} место", "{n} места", "{n} места (много)"),
    "bg": ("{n} място", "{n} места"),
}


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> dict[str, Speaker]:
    """All languages with a small catalogue of their own."""

    def small(folder: str, script: str = "") -> dict[tuple[str, str], tuple[str, ...]]:
        texts = {(PLACES.msgid, PLACES.plural or ""): FORMS.get(folder, ())} if folder else {}
        if folder == "sr":
            texts["Hello, {name}!", ""] = ("Здраво, {name}!",) if script != "Latn" else ("Zdravo, {name}!",)
        return texts

    monkeypatch.setattr(module, "load", small)
    return {tag: Speaker(BY_TAG[tag]) for tag in TAGS}


def test_a_tongue_is_what_conversations_expect() -> None:
    voice: Tongue = tongue("bg")
    assert voice.tag == "bg"
    assert tongue("bg") is voice
    with pytest.raises(KeyError):
        tongue("xx")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("sr-Cyrl", ["0 места (много)", "1 место", "2 места", "5 места (много)", "11 места (много)", "21 место"]),
        ("bg", ["0 места", "1 място", "2 места", "5 места", "11 места", "21 места"]),
        ("en", ["0 places", "one 1 place", "2 places", "5 places", "11 places", "21 places"]),
    ],
)
def test_plural_texts(voices: dict[str, Speaker], tag: str, expected: list[str]) -> None:
    assert [voices[tag].speak(PLACES.of(n=n)) for n in (0, 1, 2, 5, 11, 21)] == expected


def test_an_unknown_plural_text_stays_english_in_the_right_form(voices: dict[str, Speaker]) -> None:
    hours = n_("one hour", "{n} hours")
    for tag in TAGS:
        assert [voices[tag].speak(hours.of(n=n)) for n in (21, 1, 2, 1)] == [
            "21 hours",
            "one hour",
            "2 hours",
            "one hour",
        ]


def test_an_unknown_text_stays_english(voices: dict[str, Speaker]) -> None:
    assert voices["bg"].speak(Text("Nobody translated {this}").of(this="това")) == "Nobody translated това"


@given(st.text())
def test_values_are_never_read_as_a_template(value: str) -> None:
    voice = tongue("sr-Latn")
    assert voice.speak(Text("<{a}|{b}>").of(a=value, b="{a}")) == f"<{value}|{{a}}>"
    assert voice.speak(verbatim(value)) == value


def test_only_plain_names_are_placeholders() -> None:
    trick = "{a.__class__} {a[0]} {} {0} {a!r} {{a}}"
    assert tongue("en").speak(Text(trick).of(a="x")) == trick.replace("{a}", "x")


def test_a_missing_value_leaves_its_name_to_be_seen() -> None:
    assert tongue("en").speak(Text("Hello, {name}!")) == "Hello, {name}!"


def test_names_are_shown_as_they_were_typed(voices: dict[str, Speaker]) -> None:
    greeting = Text("Hello, {name}!").of(name="Ђура {n}")
    assert voices["sr-Latn"].speak(greeting) == "Zdravo, Ђура {n}!"
    assert voices["sr-Cyrl"].speak(Text("Hello, {name}!").of(name="đURA")) == "Здраво, đURA!"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"sr": "Час"}, {"sr-Cyrl": "Час", "sr-Latn": "Čas", "bg": "Час", "en": "Час"}),
        ({"sr": "Čas"}, {"sr-Cyrl": "Čas", "sr-Latn": "Čas", "bg": "Čas", "en": "Čas"}),
        ({"bg": "Урок", "sr": "Час"}, {"sr-Cyrl": "Час", "sr-Latn": "Čas", "bg": "Урок", "en": "Час"}),
        ({"bg": "Урок"}, {"sr-Cyrl": "Урок", "sr-Latn": "Урок", "bg": "Урок", "en": "Урок"}),
        ({"en": "Lesson", "sr": ""}, {"sr-Cyrl": "Lesson", "sr-Latn": "Lesson", "bg": "Lesson", "en": "Lesson"}),
        ({"tr": "Ders"}, {"sr-Cyrl": "Ders", "sr-Latn": "Ders", "bg": "Ders", "en": "Ders"}),
        ({}, {"sr-Cyrl": "", "sr-Latn": "", "bg": "", "en": ""}),
        (
            {"sr-Latn": "Čas kod Ane", "sr": "Час код Ане"},
            {"sr-Cyrl": "Час код Ане", "sr-Latn": "Čas kod Ane", "bg": "Час код Ане", "en": "Час код Ане"},
        ),
    ],
)
def test_words_of_staff_in_the_nearest_language(words: dict[str, str], expected: dict[str, str]) -> None:
    assert {tag: tongue(tag).speak(said(Words.of(words))) for tag in TAGS} == expected


def test_quotation_marks_within_others_are_the_inner_ones() -> None:
    title = Words.of({"sr": "Семинар „Перспективе“", "bg": "Семинар „Перспективи“", "en": "Seminar “Perspectives”"})
    named = outings.buddy_found(title, "")
    said = {tag: tongue(tag).speak(named) for tag in TAGS}
    assert "„Семинар ’Перспективе’“" in said["sr-Cyrl"]
    assert "„Seminar ’Perspektive’“" in said["sr-Latn"]
    assert "„Семинар ’Перспективи’“" in said["bg"]
    assert "“Seminar ‘Perspectives’”" in said["en"]
    assert "“Seminar “" not in said["en"] + said["bg"]
    assert tongue("bg").words(title) == "Семинар „Перспективи“", "alone they stay"


def test_several_values_joined() -> None:
    parts = ("А", Words.of({"sr": "Б"}), 3)
    assert tongue("sr-Cyrl").value(Joined(parts, "and")) == "А, Б и 3"
    assert tongue("sr-Latn").value(Joined(parts, "or")) == "А, B ili 3"
    assert tongue("bg").value(Joined(parts[:2], "or")) == "А или Б"
    assert tongue("en").value(Joined(parts, "and")) == "А, Б and 3"
    assert tongue("en").value(Joined(("x",), "and")) == "x"
    assert tongue("en").value(Joined((), "or")) == ""
    assert tongue("en").value(Joined(("x", "", "y"), "commas")) == "x, y"
    assert tongue("en").speak(lines(Text("One"), None, Text("Two"))) == "One\nTwo"


def test_numbers_are_plain() -> None:
    assert tongue("bg").speak(Text("{n}").of(n=12345)) == "12345"


def test_a_whole_bubble() -> None:
    document = Document("a.ics", "text/calendar", b"x")
    at = Moment(datetime(2026, 3, 5, 17, 30, tzinfo=UTC), "Europe/Belgrade")
    venue = Venue(Words.of({"sr": "Дом"}), Words.of({"sr": "Улица 7"}), 44.1, 22.1)
    say = Say(
        Text("{when}").of(when=at),
        (Button(said(Words.of({"sr": "Да"})), "1.yes"), Button(Text("{x}").of(x="q"), url="https://x", quiet=True)),
        (Card(said(Words.of({"sr": "Карта"})), (Button(verbatim("п"), "t", asks="phone"),)),),
        venue,
        document,
        relay=7,
        replaces=True,
    )
    done = spoken(say, tongue("sr-Latn"))
    assert (done.text, done.language) == ("četvrtak, 5. mart, 18:30", "sr-Latn")
    assert [(b.label, b.tap, b.url, b.asks, b.quiet) for b in done.buttons] == [
        ("Da", "1.yes", "", "", False),
        ("q", "", "https://x", "", True),
    ]
    assert done.cards[0].text == "Karta"
    assert done.cards[0].buttons[0].asks == "phone"
    assert done.venue is not None
    assert (done.venue.name, done.venue.address, done.venue.latitude) == ("Dom", "Ulica 7", 44.1)
    assert (done.document, done.relay, done.replaces) == (document, 7, True)


def test_derived_latin_keeps_placeholders() -> None:
    cyrillic, latin = load("sr"), load("sr", "Latn")
    assert cyrillic.keys() == latin.keys()
    for key, forms in latin.items():
        for before, after in zip(cyrillic[key], forms, strict=True):
            assert PLACEHOLDER.findall(before) == PLACEHOLDER.findall(after)
            assert not any("\u0400" <= c <= "\u04ff" for c in after)
