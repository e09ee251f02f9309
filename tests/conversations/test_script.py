"""A script that cannot be held is refused when it is built, and says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.engine.engine import Engine
from conversations.script import Conversation
from conversations.speech import Text, verbatim
from conversations.steps import BadScript, Browse, Choose, Confirm, Do, End, Open, Page, Step, Write
from tests.conversations.talks import ALL, Enrol

Q = verbatim("?")
END = End(name="end", text=Q)


def choose(name: str = "a", **given: Any) -> Choose:
    return Choose(**{"name": name, "question": Q, "choices": {"x": Q, "y": Q}, **given})


def held(*steps: Step) -> Conversation:
    return Conversation(name="t", title=Q, steps=steps)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((choose(goto={"x": "nowhere"}), END), "nowhere"),
        ((choose(goto={"z": "end"}), END), "not among its choices"),
        ((choose(choices={}), END), "offers nothing"),
        ((choose(), choose(), END), "share a name"),
        ((choose(),), "no end"),
        ((END, choose(name="b")), "runs off the end"),
        ((choose(otherwise="end"), choose(name="lost"), END), "no way leads"),
        ((choose(choices={"x" * 60: Q}), END), "does not fit in a button"),
        ((choose(choices={"ћ": Q}), END), "does not fit in a button"),
        ((choose(name="two words"), END), "letters, digits"),
        ((Confirm(name="c", question=Q), END), "where no leads"),
        ((Confirm(name="c", question=Q, goto={"no": "end", "perhaps": "end"}), END), "something else than yes and no"),
        ((Do(name="d", does=Enrol, deed=lambda _h: Enrol(""), goto={"lost": "end"}), END), "never ends in"),
        ((Do(name="d", does=Enrol, deed=lambda _h: Enrol("")), END), "does not route"),
        (
            (Browse(name="b", question=Q, items=lambda _h, _o, _l: Page((), 0), empty="nothing"), END),
            "goes to 'nothing'",
        ),
    ],
)
def test_a_script_that_cannot_be_held_is_refused(steps: tuple[Step, ...], why: str) -> None:
    with pytest.raises(BadScript, match=why):
        held(*steps)


def test_opening_a_conversation_that_is_nowhere_is_refused() -> None:
    lost = Conversation(name="t", title=Q, steps=(choose(goto={"x": Open("nowhere")}), END))
    with pytest.raises(BadScript, match="nowhere"):
        Engine((*ALL, lost))


def test_two_conversations_of_one_name_are_refused() -> None:
    with pytest.raises(BadScript, match="share a name"):
        Engine((*ALL, ALL[0]))


def test_a_deed_without_outcomes_cannot_be_routed() -> None:
    class Quiet(Enrol):
        outcomes = ()

    with pytest.raises(BadScript, match="no outcomes"):
        held(Do(name="d", does=Quiet, deed=lambda _h: Quiet("")), END)


def test_a_good_script_is_held() -> None:
    talk = held(choose(goto={"x": "end"}), Write(name="w", question=Text("q"), check=lambda words, _h: words), END)
    assert talk.step("w") is talk.steps[1]
    assert talk.after("a") == "w"
