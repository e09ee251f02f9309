"""Where words are uncertain, a gentle question: once a day, in every state, and nobody hears of it without a yes."""

from __future__ import annotations

import pytest

from conversations.engine.state import State
from conversations.facts import Me
from tests.conversations.talks import Player

UNSURE = "bojim se i plačem svaku noć"
QUESTION = "Može li jedno pitanje? Da li Vas neko povređuje ili je neko u opasnosti?"


def _player(*, welcomed: bool = True) -> Player:
    return Player(tag="sr-Latn", me=Me(1, "sr-Latn", welcomed=welcomed))


@pytest.mark.parametrize("before", [(), ("/enrol",), ("/enrol", "guitar")])
def test_it_is_asked_in_every_state_and_nobody_is_told(before: tuple[str, ...]) -> None:
    player = _player()
    for words in before:
        player.says(words)
    assert player.says(UNSURE)[0] == QUESTION
    assert not any("card" in say.text for say in player.shown)


def test_it_is_asked_before_the_welcome_too() -> None:
    assert _player(welcomed=False).says(UNSURE) == [QUESTION]


def test_it_is_asked_once_a_day() -> None:
    player = _player()
    assert QUESTION in player.says(UNSURE)
    assert QUESTION not in player.says(UNSURE)


def test_at_the_menu_what_is_on_offer_is_shown_all_the_same_above_the_question() -> None:
    player = _player()
    player.says("/menu")
    said = player.says(f"guitar {UNSURE}")
    assert len(said) > 1
    assert said[-1] == QUESTION
    lost = _player()
    lost.says("/menu")
    assert lost.says(UNSURE) == [QUESTION], "a search that finds nothing is no answer to fear"
    assert "pla" not in str(lost.state.to_json()), "only the day is kept"


def test_words_of_an_emergency_are_not_asked_about() -> None:
    player = _player()
    player.says(UNSURE)
    assert player.says("hocu da se ubijem")[0] == "card: self_harm"


def test_yes_brings_the_card_and_only_then_a_concern() -> None:
    player = _player()
    player.says(UNSURE)
    assert player.says("da, pokaži pomoć")[0] == "card: asked"


def test_only_the_day_is_kept() -> None:
    player = _player()
    player.says(UNSURE)
    kept = player.state.to_json()
    assert kept["wondered"] == "2026-03-02"
    assert "pla" not in str(kept)
    assert State.from_json(kept) == player.state
    assert State.from_json({**{key: kept[key] for key in kept if key != "wondered"}}).wondered == ""
