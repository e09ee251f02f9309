"""Buttons that are from before, tapped twice or forged never act."""

from __future__ import annotations

import pytest

from bot.language.tongue import tongue
from conversations.speech import Heard
from tests.conversations.talks import Player


def test_an_old_button_never_acts_and_says_where_the_person_is_now() -> None:
    player = Player()
    player.opens()
    menu = player.shown[-1]
    player.taps("Sign up")
    said = player.taps("Towns", of=menu)
    assert said == ["That button is from before. We are here now:\nWhat do you want to learn?"]
    assert player.state.frames[-1].conversation == "enrol"


def test_a_double_tap_is_answered_once() -> None:
    player = Player()
    player.opens()
    menu = player.shown[-1]
    player.taps("Sign up")
    assert player.taps("Sign up", of=menu) == []
    assert player.state.frames[-1].step == "what"


@pytest.mark.parametrize(
    "tap", ["x", "1", "99999.enrol", "1.", ".", "w.", "w.nothing", "s", "-1.enrol", "1.~enrol", "٣.enrol"]
)
def test_a_forged_tap_never_acts(tap: str) -> None:
    player = Player()
    player.opens()
    before = [(frame.conversation, frame.step, frame.answers) for frame in player.state.frames]
    player.follow(player.engine.turn(player.state, Heard(tap=tap), player.facts, tongue("en")))
    assert [(frame.conversation, frame.step, frame.answers) for frame in player.state.frames] == before
    assert player.deeds == []
