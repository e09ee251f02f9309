"""Going back in a conversation that was opened with its first answer given."""

from __future__ import annotations

from bot.language.tongue import tongue
from conversations.engine.engine import Engine
from conversations.engine.state import Frame, State
from conversations.script import Conversation
from conversations.speech import _, verbatim
from conversations.steps import Choose, End, Goto, Tell
from tests.conversations.talks import ALL, Player

_GOTO: dict[str, Goto] = {"list": "which", "close": "end"}
case = Conversation(
    name="case",
    title=_("A case"),
    open_to_all=True,
    steps=(
        Choose(
            name="which", question=verbatim("Which one?"), choices={"1": verbatim("First"), "2": verbatim("Second")}
        ),
        Choose(
            name="what",
            question=lambda here: verbatim(f"What of case {here['which']}?"),
            choices={"list": verbatim("All cases"), "close": verbatim("Close it")},
            goto=_GOTO,
        ),
        End(name="end", text=verbatim("Closed.")),
    ),
)


def test_back_after_leaving_a_seeded_answer_finds_it_again() -> None:
    """The list was never asked, so "back" from it leads to the step that looks the seeded answer up."""
    player = Player(Engine((*ALL, case)))
    opened = player.engine.open(
        State(frames=(Frame("menu", "where"),)), "case", player.facts, tongue("en"), {"which": "1"}
    )
    assert player.follow(opened) == ["What of case 1?"]
    assert player.says("All cases") == ["Which one?"]
    assert player.says("back") == ["What of case 1?"]
    player.says("All cases")
    assert player.says("Second") == ["What of case 2?"]


def test_back_from_a_list_that_something_was_said_above_leads_out_of_it() -> None:
    """What was said on the way back to the list is no step of the way: one "back" leaves the list."""
    told = Conversation(
        name="told",
        title=_("A list"),
        command="told",
        steps=(
            *case.steps[:1],
            Choose(
                name="what",
                question=verbatim("What?"),
                choices={"tell": verbatim("Tell me")},
                goto={"tell": "told"},
                otherwise="end",
            ),
            Tell(name="told", text=verbatim("So it is."), otherwise="which"),
            End(name="end"),
        ),
    )
    player = Player(Engine((*ALL, told)))
    for words in ("/menu", "/told", "First"):
        player.says(words)
    assert player.says("Tell me") == ["So it is.", "Which one?"]
    assert player.says("back") == ["Where to?"]
