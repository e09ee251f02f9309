"""Words of an emergency come before everything, and the talk goes on where it was."""

from __future__ import annotations

from bot.language.tongue import tongue
from conversations.engine.engine import Engine
from conversations.facts import Me
from conversations.script import Conversation
from conversations.speech import _, verbatim
from conversations.steps import End, Write
from tests.conversations.talks import ALL, Player


def test_an_emergency_comes_before_everything_and_the_talk_goes_on() -> None:
    player = Player(tag="sr-Latn")
    player.opens()
    said = player.says("hocu da se ubijem")
    assert said == ["card: self_harm"], "nothing pushes the numbers off a small screen"
    assert player.taps("Sign up", of=player.shown[-2]) == ["What do you want to learn?"], "what was asked still is"
    assert player.says("hocu da se ubijem") == ["card: self_harm", "Which grade?"]


def test_no_menu_comes_below_a_card_and_no_hint_that_words_were_no_answer() -> None:
    player = Player(tag="sr-Latn")
    player.opens()
    player.says("/person")
    assert player.says("hocu da se ubijem") == ["card: self_harm", "passed on hocu da se ubijem"]
    player.opens()
    for label in ("A form", "Art", "Gotovo"):
        player.taps(label)
    assert player.shown[-1].text == "How old?"
    assert player.says("hocu da se ubijem") == ["card: self_harm"], "the card is the answer"
    assert player.says("15") == ["A pet?"]


def test_an_emergency_stops_what_must_keep_nothing_of_it_until_the_person_says_that_it_was_none() -> None:
    steps = (Write(name="words", question=_("Which box?"), check=lambda words, _here: words), End(name="end"))
    box = Conversation(name="box", title=verbatim("Box"), command="box", steps=steps, halts=True)
    wrong = Conversation(
        name="wrong",
        title=verbatim("Wrong"),
        command="wrong",
        steps=(End(name="end", text=_("I see.")),),
        takes_up=True,
    )
    player = Player(Engine((*ALL, box, wrong)), tag="sr-Latn")
    player.says("/box")
    assert player.says("hocu da se ubijem") == ["card: self_harm"]
    assert player.says("molim")[-1] != "Which box?"
    assert player.state.stopped is not None
    assert "hocu" not in str(player.stored)
    assert "molim" not in str(player.stored)
    player.says("/enrol")
    assert player.state.frames[-1].conversation == "enrol", "meanwhile everything else goes on"
    assert player.says("/wrong")[-1] == tongue("sr-Latn").speak(_("Which box?"))
    assert player.state.stopped is None
    player.says("hocu da se ubijem")
    player.says("/box")
    assert player.state.stopped is None, "begun anew, there is nothing to go back to"
    assert player.says("/wrong")[-1] == tongue("sr-Latn").speak(_("Which box?"))


def test_an_emergency_is_seen_before_the_welcome() -> None:
    player = Player(tag="sr-Latn", me=Me(1, "sr-Latn", welcomed=False))
    assert player.says("хоћу да се убијем")[0] == "card: self_harm"
