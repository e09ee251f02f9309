"""The ways out and on: back, the menu, a day later, a newer program; whatever is done, there is one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conversations.engine.engine import Engine
from conversations.engine.state import DEEPEST
from conversations.script import Conversation
from conversations.speech import TAP_BYTES, verbatim
from conversations.steps import Choose, End, Write
from tests.conversations.talks import ALL, Player, home


def test_back_takes_the_answer_back_and_leads_to_the_question_before() -> None:
    player = Player()
    for words in ("/enrol", "guitar"):
        player.says(words)
    assert player.says("0") == ["What do you want to learn?"]
    assert "what" not in player.state.frames[-1].answers
    assert player.taps("Back") == ["Where to?"]


@pytest.mark.parametrize("words", ["stop", "стоп", "/stop", "STOP"])
def test_global_words_work_in_the_middle_and_lead_back(words: str) -> None:
    player = Player(tag="sr-Latn")
    player.says("/enrol")
    player.says("gitara")
    player.says(words)
    assert player.state.frames[-1].conversation == "stop"
    player.says("ne")
    assert player.state.frames[-1].conversation == "enrol"
    assert player.state.frames[-1].answers["what"] == "gitara", "nothing that was typed is lost"


@pytest.mark.parametrize("words", ["menu", "/menu"])
def test_what_was_left_for_the_menu_can_be_taken_up_again(words: str) -> None:
    player = Player()
    player.says("/enrol")
    player.says("guitar")
    player.says(words)
    assert "Go on: Signing up" in player.labels
    assert player.taps("Go on: Signing up") == ["Which grade?"]
    assert player.state.frames[-1].answers["what"] == "guitar"


def test_somebody_who_comes_back_after_a_day_is_asked_whether_to_go_on() -> None:
    player = Player()
    player.says("/enrol")
    player.says("guitar")
    assert "go on" in player.says("hello again", idle=True)[0].lower()
    assert player.taps("Go on") == ["Which grade?"]
    assert "go on" in player.opens()[0].lower()


def test_an_answer_after_a_day_still_counts() -> None:
    player = Player()
    player.says("/enrol")
    player.says("guitar")
    player.says("1", idle=True)
    assert player.state.frames[-1].answers["grade"] == "one"


def test_a_step_that_is_no_more_restarts_with_the_answers_that_still_fit() -> None:
    player = Player()
    for words in ("/enrol", "guitar", "1", "Bor"):
        player.says(words)
    newer = Conversation(
        name="enrol",
        title=verbatim("Signing up"),
        steps=(
            Write(name="what", question=verbatim("What?"), check=lambda words, _here: words),
            Choose(name="grade", question=verbatim("Grade?"), choices={"three": verbatim("3")}),
            End(name="end", text=verbatim("done")),
        ),
    )
    player.engine = Engine((home, newer, *ALL[2:]))
    said = player.says("yes")
    assert "start this again" in said[0]
    assert player.state.frames[-1].answers["what"] == "guitar"
    assert "grade" not in player.state.frames[-1].answers, "that grade is not on offer any more"
    assert player.state.frames[-1].step == "grade"


def test_a_conversation_that_is_no_more_leads_to_the_menu() -> None:
    player = Player()
    player.says("/enrol")
    player.engine = Engine(
        (
            Conversation(
                name="menu",
                title=verbatim("M"),
                steps=(Choose(name="a", question=verbatim("Q"), choices={"a": verbatim("A")}), End(name="e")),
            ),
            *ALL[4:],
        )
    )
    assert player.says("hello")[-1].endswith("Q")


def test_conversations_do_not_pile_up_without_end() -> None:
    player = Player()
    for words in ("/enrol", "stop", "person", "/enrol", "stop", "person"):
        player.says(words)
    assert len(player.state.frames) <= DEEPEST


ACTIONS = some.one_of(
    some.sampled_from(
        ["menu", "stop", "person", "back", "0", "1", "2", "3", "7", "yes", "no", "Bor", "guitar", "/enrol", "done"]
    ),
    some.text(max_size=30),
    some.integers(0, 12),
)


@settings(max_examples=150, deadline=None)
@given(some.lists(ACTIONS, max_size=25))
def test_whatever_is_done_there_is_always_a_way_on(actions: list[str | int]) -> None:
    """quality.md H1: any sequence of buttons and words; every state has something to tap, or an end."""
    player = Player()
    player.opens()
    for action in actions:
        message = player.shown[-1]
        every = [b for card in message.cards for b in card.buttons] + list(message.buttons)
        if isinstance(action, int) and every:
            player.taps(every[action % len(every)].label, of=message)
        else:
            player.says(str(action))
        assert player.shown[-1].text
        for button in player.shown[-1].buttons:
            assert len(button.tap.encode()) <= TAP_BYTES
        assert any(button.tap for button in player.shown[-1].buttons)
