"""Weaker signs: meanings shared by all languages, weighed together; what weighed can be read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Set
from itertools import chain
from pathlib import Path

import pytest

import bot.language
from bot.language import alarms
from bot.language.__main__ import main
from bot.language.doubts import Doubts, fitting, weighed
from tests.bot.language.spelt import LANGUAGES, phrases

MEANINGS = Path(bot.language.__file__).with_name("meanings.toml")
LEARNT = ("veiled", "alike", "plain", "chats", "worries", "traces", "fair", "said")
DENIES = ("~not", "not~hit")


def _means(said: str) -> list[frozenset[tuple[str, str]]]:
    return [word.means for word in chain.from_iterable(alarms._sentences(said))]


def _named(said: str) -> tuple[str, Set[str]]:
    return next((language, named) for language, named, _said in weighed(_means(said), dict.fromkeys(LANGUAGES)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sr", "tata me udario kaišem"),
        ("sr", "тата ме ударио каишем"),
        ("bg", "баща ми ме удари с колан"),
        ("bg", "ba6ta mi me udari s kolan"),
        ("en", "my dad hit me with a belt"),
    ],
)
def test_the_same_thing_weighs_the_same_in_every_language(language: str, said: str) -> None:
    heard, named = _named(said)
    assert heard == language
    assert {"~father", "~hit", "~weapon_home", "~father~hit", "~hit~weapon_home"} <= named
    assert "~hit~father" not in named
    of_this_alone = dict.fromkeys(LANGUAGES, 3)
    assert Doubts({"~father~hit": 3}, of_this_alone).beyond(_means(said), frozenset()) >= 0
    assert Doubts({"~hit~father": 3}, of_this_alone).beyond(_means(said), frozenset()) < 0


@pytest.mark.parametrize("said", ["tata me ne udara", "баща ми не ме удря", "dad does not hit me"])
def test_what_is_denied_is_weighed_as_denied(said: str) -> None:
    assert set(DENIES) <= _named(said)[1]


@pytest.mark.parametrize("said", ["tata me udara", "баща ми ме удря", "dad hits me"])
def test_what_is_not_denied_is_not(said: str) -> None:
    assert not set(DENIES) & _named(said)[1]


def test_the_longest_known_word_gives_the_meaning() -> None:
    park, parking = frozenset({("sr", "~station"), ("sr", "threat")}), frozenset({("sr", "~transport_daily")})
    found = fitting("parking", [(4, park), (7, parking)])
    assert ("sr", "~transport_daily") in found
    assert ("sr", "~station") not in found
    assert ("sr", "threat") in found


def test_a_message_is_weighed_in_the_language_whose_longest_words_it_holds() -> None:
    either = [(4, frozenset({("sr", "~wait")})), (4, frozenset({("bg", "~wait")}))]
    assert {of for of, name in fitting("чака", either) if name == "fits"} == {"sr", "bg"}
    assert {of for of, name in fitting("чакай", either) if name == "fits"} == {"bg"}
    assert {of for of, name in fitting("чекај", either) if name == "fits"} == {"sr"}


def test_every_meaning_has_words_in_every_language_and_in_its_letters() -> None:
    stored = tomllib.loads(MEANINGS.read_text("utf-8"))
    assert set(stored) == set(LANGUAGES)
    assert {frozenset(stored[language]) for language in LANGUAGES} == {frozenset(stored["en"])}
    for language, of_others in (("sr", "[a-z]"), ("bg", "[a-z]"), ("en", "[а-яђјљњћџ]")):
        words = " ".join(stored[language].values()).split()
        assert [word for word in words if re.search(of_others, word)] == []


def test_why_it_asks_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    said = "she hides and cries every night"
    heaviest_first = [abs(weight) for _name, weight in alarms.why(said)]
    assert heaviest_first == sorted(heaviest_first, reverse=True)
    found = dict(alarms.why(said))
    assert found["cries"] > 0
    assert main(["why", *said.split()]) == 0
    assert f"{found['cries']:+5} cries\n" in capsys.readouterr().out


def test_phrases_written_for_the_weights_are_not_those_of_the_blind_sets() -> None:
    """Only equal ones are counted: nobody reads the blind ones."""
    for language in LANGUAGES:
        learnt = {phrase for name in LEARNT for _kind, phrase in phrases(f"{language}.{name}.txt")}
        assert len(learnt) > 2900
        for name in ("blind", "second", "last"):
            assert learnt.isdisjoint(phrase for _kind, phrase in phrases(f"{language}.{name}.txt"))
