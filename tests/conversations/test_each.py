"""A form question by question: chosen, several chosen, written, spoken; back from question to question."""

from __future__ import annotations

import json

import pytest

from conversations.engine.engine import Engine
from conversations.script import Conversation
from conversations.speech import Attachment, _, verbatim
from conversations.steps import BadScript, Choose, Each, End, Open, Question, Write
from tests.conversations.talks import ALL, Player, number

LIKES = (("a", verbatim("Art")), ("b", verbatim("Ball games")), ("c", verbatim("Cooking")))
QUESTIONS = (
    Question("likes", verbatim("What do you like?"), choices=LIKES, many=True, optional=True),
    Question("age", verbatim("How old?"), check=number),
    Question("more", verbatim("What else?"), kinds=("voice",), optional=True),
)
sheet = Conversation(
    name="sheet",
    title=verbatim("A sheet"),
    command="sheet",
    resumes=True,
    steps=(
        Each(name="sheet", over=lambda _here: QUESTIONS),
        Choose(name="send", question=_("Send it?"), choices={"yes": verbatim("Send"), "no": verbatim("Drop")}),
        End(name="end", text=lambda here: verbatim(json.dumps(here["sheet"], sort_keys=True))),
    ),
)
about = Conversation(
    name="about",
    title=verbatim("About"),
    command="about",
    steps=(
        Choose(
            name="which",
            question=_("Which?"),
            choices={"one": verbatim("One"), "two": verbatim("Two"), "none": verbatim("None")},
            goto={"none": "end"},
            otherwise=Open("form2", lambda here: {"form": here["which"]}),
        ),
        End(name="end"),
    ),
)
form2 = Conversation(
    name="form2",
    title=verbatim("Form"),
    resumes=True,
    steps=(
        Write(name="first", question=_("First?"), check=lambda words, _here: words),
        Write(name="second", question=_("Second?"), check=lambda words, _here: words),
        End(name="end", text=lambda here: verbatim(f"{here['form']} {here['first']} {here['second']}")),
    ),
)


@pytest.fixture
def player() -> Player:
    return Player(Engine((*ALL, sheet, about, form2)))


def sent(player: Player) -> object:
    return json.loads(player.taps("Send")[0])


def test_several_are_ticked_and_a_tick_is_taken_back(player: Player) -> None:
    player.says("/sheet")
    player.taps("Art")
    player.taps("Cooking")
    player.taps("✅ Art")
    player.taps("Done")
    player.says("12")
    player.taps("Skip")
    assert sent(player) == {"likes": ["c"], "age": 12, "more": None}


def test_several_are_written_at_once_in_the_order_of_the_form(player: Player) -> None:
    player.says("/sheet")
    player.says("cooking, 1")
    assert player.labels[:3] == ["✅ Art", "Ball games", "✅ Cooking"]
    player.taps("Done")
    player.says("12")
    player.says("swimming")
    assert sent(player) == {"likes": ["a", "c"], "age": 12, "more": "swimming"}


def test_done_without_a_tick_asks_again(player: Player) -> None:
    player.says("/sheet")
    assert "at least one" in player.taps("Done")[0]


def test_a_voice_note_is_an_answer_only_where_it_is_asked_for(player: Player) -> None:
    player.says("/sheet")
    assert player.sends(Attachment("voice", ref="7"))[0] == "passed on 7", "to a person, not into the form"
    player.taps("Skip")
    player.says("12")
    player.sends(Attachment("voice", ref="8"))
    assert sent(player) == {"likes": None, "age": 12, "more": {"attachment": "8", "kind": "voice"}}


def test_back_leads_from_question_to_question_also_from_behind_the_form(player: Player) -> None:
    player.says("/sheet")
    player.taps("Ball games")
    player.taps("Done")
    player.says("12")
    player.taps("Skip")
    assert "What else?" in player.says("back")[0], "the last question, not the first"
    assert "How old?" in player.says("back")[0]
    assert "What do you like?" in player.says("back")[0]
    assert player.labels[1] == "Ball games", "the ticks of an answer that was taken back are gone"
    player.taps("Art")
    assert player.says("back"), "a tick alone is no answer to go back to"


def test_an_emergency_in_words_that_are_asked_for_keeps_the_answer(player: Player) -> None:
    player.says("/sheet")
    player.taps("Skip")
    player.says("12")
    shown = player.says("I want to kill myself")
    assert shown[0].startswith("card:")
    assert "Send it?" in shown[1]
    player.says("/sheet")


def test_what_was_left_is_taken_up_where_it_is_about_the_same(player: Player) -> None:
    player.says("/about")
    player.taps("One")
    player.says("apple")
    player.says("menu")
    player.says("/about")
    assert player.taps("One")[0].startswith("Second?")
    player.says("menu")
    player.says("/about")
    assert player.taps("Two")[0].startswith("First?"), "the other one begins anew"
    player.says("pear")
    assert player.says("plum")[0] == "two pear plum"
    assert player.state.paused is not None
    player.says("/about")
    player.taps("One")
    assert player.says("cherry")[0] == "one apple cherry"
    assert player.state.paused is None, "and nothing is left of it"


def test_questions_that_cannot_be_asked_are_refused() -> None:
    with pytest.raises(BadScript, match="keys"):
        Question("a b", verbatim("?"))
    with pytest.raises(BadScript, match="keys"):
        Question("a", verbatim("?"), choices=(("x", verbatim("1")), ("x", verbatim("2"))))
    with pytest.raises(BadScript, match="offers nothing"):
        Question("a", verbatim("?"), many=True)
