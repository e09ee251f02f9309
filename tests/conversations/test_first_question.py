"""The first question a newcomer meets: there is nothing to go back to, and so no way back is offered."""

from __future__ import annotations

import pytest

from bot.language.tongue import tongue
from conversations.engine.engine import Engine
from conversations.engine.state import State
from conversations.facts import Me
from conversations.script import Conversation
from conversations.speech import verbatim
from conversations.steps import Choose, End
from tests.conversations.talks import ALL, Player, welcome

NEWCOMER = Me(1, "en", welcomed=False)
linked = Conversation(
    name="linked",
    title=verbatim("By a link"),
    open_to_all=True,
    steps=(
        welcome.steps[0],
        Choose(name="next", question=verbatim("And next?"), choices={"ok": verbatim("All right")}),
        End(name="end"),
    ),
)
"""A conversation that begins with the question the welcome begins with, as those behind links do."""


def labels(player: Player) -> list[str]:
    return [button.label for button in player.shown[-1].buttons]


def test_the_welcome_begins_without_a_way_back_and_back_asks_it_again() -> None:
    player = Player(me=NEWCOMER)
    assert player.says("hi") == ["Hello! Shall we begin?"]
    assert labels(player) == ["Begin", "Ask a person"]
    assert player.says("back") == ["Hello! Shall we begin?"]
    assert player.says("0") == ["Hello! Shall we begin?"]


def test_behind_a_link_a_newcomer_is_not_led_back_to_the_same_question() -> None:
    player = Player(Engine((*ALL, linked)), me=NEWCOMER)
    player.follow(player.engine.open(State(), "linked", player.facts, tongue("en")))
    assert labels(player) == ["Begin", "Ask a person"]
    player.says("back")
    assert player.taps("Begin") == ["And next?"], "the link is not lost by going back"
    assert "Back" in labels(player)


@pytest.mark.parametrize("name", ["stop", "talk"])
def test_whatever_lies_on_the_welcome_leads_back_to_it(name: str) -> None:
    player = Player(me=NEWCOMER)
    player.says("hi")
    player.says("stop" if name == "stop" else "person")
    assert "Back" in labels(player)
    assert player.taps("Back") == ["Hello! Shall we begin?"]
    assert "Back" not in labels(player)


def test_the_first_question_of_a_member_leads_back_to_the_menu() -> None:
    player = Player()
    player.says("menu")
    player.taps("A form")
    assert "Back" in labels(player)
    assert player.taps("Back") == ["Where to?"]
