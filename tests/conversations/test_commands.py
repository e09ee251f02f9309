"""Commands: what newcomers come to, what is for staff alone, and those that are none."""

from __future__ import annotations

from conversations.facts import Me
from tests.conversations.talks import Player


def test_a_newcomer_is_welcomed_first_and_then_comes_to_what_was_wanted() -> None:
    player = Player(me=Me(1, "en", welcomed=False))
    player.says("/enrol")
    assert player.shown[-1].text == "Hello! Shall we begin?"
    player.known.me = Me(1, "en", welcomed=True)
    assert player.taps("Begin") == ["What do you want to learn?"]


def test_staff_conversations_are_not_there_for_others() -> None:
    unknown = ["I do not know that command.\nWhere to?"]
    player = Player()
    player.opens()
    assert player.says("/desk") == player.says("/nothing") == player.says("/desk@some_bot now") == unknown
    assert Player(me=Me(1, "en", welcomed=True, roles=("staff",))).says("/desk")[0] == "Staff only."


def test_an_unknown_command_is_never_an_answer_and_leaves_everything_where_it_is() -> None:
    player = Player()
    player.says("/enrol")
    assert player.says("/guitar") == ["I do not know that command.\nWhat do you want to learn?"]
    assert player.says("/") == ["Which grade?"], "a stroke alone is no command"
    assert player.state.frames[-1].answers == {"what": "/"}


def test_an_unknown_command_before_anything_else_leads_to_where_one_begins() -> None:
    assert Player().says("/nothing") == ["I do not know that command.", "Where to?"]
    assert Player(me=Me(1, "en", welcomed=False)).says("/desk")[-1] == "Hello! Shall we begin?"
