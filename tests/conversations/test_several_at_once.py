"""Questions with several answers: ticked page by page, named in one message, and never by mistake."""

from __future__ import annotations

import pytest

from conversations.engine.engine import Engine
from conversations.script import Conversation
from conversations.speech import verbatim
from conversations.steps import ChooseMany, End, Write
from tests.conversations.talks import ALL, TOWNS, Player


def test_several_can_be_chosen_by_taps_digits_or_words() -> None:
    player = Player()
    player.opens()
    player.says("A form")
    player.taps("Art")
    assert player.shown[-1].replaces, "ticking shows in place where the channel can edit"
    player.says("2, Cooking")
    player.taps("✅ Art")
    player.says("done")
    assert player.state.frames[-1].answers["likes"] == ["b", "c"]


def many() -> Player:
    """Somebody at a question with eight boxes to tick."""
    ticks = Conversation(
        name="ticks",
        title=verbatim("T"),
        command="ticks",
        steps=(
            ChooseMany(
                name="towns",
                question=verbatim("Which towns?"),
                choices={f"t{i}": verbatim(name) for i, name in enumerate(TOWNS)},
                least=1,
            ),
            Write(name="last", question=verbatim("?"), check=lambda words, _here: words),
            End(name="end"),
        ),
    )
    player = Player(Engine((*ALL, ticks)))
    player.says("/ticks")
    return player


def test_more_than_a_page_of_boxes_is_paged_and_done_is_on_every_page() -> None:
    player = many()
    assert player.labels == ["Bor", "Niš", "Pirot", "Vranje", "Valjevo", "Kruševac", "More", "Done"]
    player.taps("More")
    assert player.labels == ["Novi Pazar", "Kazanlak", "Earlier ones", "Done"]


def test_what_is_ticked_stays_ticked_on_every_page() -> None:
    player = many()
    for label in ("Niš", "More", "Kazanlak"):
        player.taps(label)
    assert player.labels == ["Novi Pazar", "✅ Kazanlak", "Earlier ones", "Done"]
    player.taps("Earlier ones")
    assert player.labels[:3] == ["Bor", "✅ Niš", "Pirot"]
    player.taps("Done")
    assert player.state.frames[-1].answers["towns"] == ["t1", "t7"]


def test_a_box_of_another_page_can_be_written_and_digits_count_what_is_shown() -> None:
    player = many()
    player.says("kazanlak, 2")
    assert player.labels[:2] == ["Bor", "✅ Niš"], "writing does not turn the page"
    player.taps("More")
    player.says("1")
    player.says("vranje")
    player.says("done")
    assert player.state.frames[-1].answers["towns"] == ["t7", "t1", "t6", "t3"]


@pytest.mark.parametrize("said", ["1 and 3", "bor i pirot", "1 и 3", "bor & 3", "1, 3", "1 3"])
def test_two_things_can_be_named_with_the_word_between_them(said: str) -> None:
    player = many()
    player.says(said)
    player.says("done")
    assert player.state.frames[-1].answers["towns"] == ["t0", "t2"]


def test_one_word_that_comes_near_to_one_label_ticks_it_and_several_words_do_not() -> None:
    player = many()
    player.says("pazar, valevo")
    assert player.labels[:5] == ["Bor", "Niš", "Pirot", "Vranje", "✅ Valjevo"]
    player.says("not Pirot")
    assert "Pirot" in player.labels, "a no is never taken for a tick"
    player.says("done")
    assert player.state.frames[-1].answers["towns"] == ["t6", "t4"]


def test_of_two_things_one_of_which_is_not_there_nothing_is_ticked() -> None:
    player = many()
    player.says("1 and Sofia")
    assert player.labels[:3] == ["Bor", "Niš", "Pirot"]


def test_too_few_choices_are_not_taken() -> None:
    player = Player()
    player.opens()
    player.says("A form")
    assert "at least one" in player.taps("Done")[0]
