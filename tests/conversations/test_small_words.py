"""Greetings, thanks, a thumb up, a number that is not there: no answer, no search, and never a dead end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from bot.language.tongue import tongue
from conversations.engine.engine import Engine
from conversations.facts import Facts, Me
from conversations.menu import menu
from conversations.offers.find import find
from conversations.outings.report import place_words
from conversations.script import Conversation
from conversations.speech import Heard, NotUnderstood, verbatim
from conversations.steps import Browse, Choose, End, Here, Item, Page
from tests.conversations.talks import ALL, Player


@pytest.mark.parametrize("words", ["zdravo", "Добър ден!", "hello", "ĆAO", "zdraveite"])
def test_a_greeting_is_answered_and_the_question_asked_again(words: str) -> None:
    player = Player()
    player.says("/enrol")
    player.says("piano")
    assert player.says(words) == ["Hello! 👋\nWhich grade?"]
    assert player.state.frames[-1].misses == 0
    assert player.says("0") == ["What do you want to learn?"]


@pytest.mark.parametrize("words", ["hvala", "Хвала!", "много благодаря", "thank you"])
def test_thanks_are_answered_where_nothing_is_asked_and_at_the_menu(words: str) -> None:
    player = Player()
    assert player.says(words) == ["You are welcome! 👋", "Where to?"]
    assert player.says(words) == ["You are welcome! 👋\nWhere to?"]


def test_in_a_letter_or_a_name_they_are_what_was_written() -> None:
    player = Player()
    player.says("/enrol")
    player.says("hello")
    assert player.state.frames[-1].answers == {"what": "hello"}


def test_whoever_is_not_welcomed_yet_is_welcomed() -> None:
    newcomer = Player(me=Me(2, "en", welcomed=False))
    assert newcomer.says("zdravo") == ["Hello! Shall we begin?"]
    assert newcomer.says("hi") == ["Hello! Shall we begin?"]


@pytest.mark.parametrize("words", ["👍", "❤️❤️", "ok", "ne", "?"])
def test_at_the_menu_what_asks_for_nothing_shows_the_menu_and_counts_as_no_slip(words: str) -> None:
    player = Player()
    player.opens()
    assert player.says(words) == ["Where to?"]
    assert player.state.frames[-1].misses == 0


def test_elsewhere_a_picture_alone_is_told_what_can_be_written() -> None:
    player = Player()
    for words in ("/enrol", "piano"):
        player.says(words)
    assert "1 to 2" in player.says("👍")[0]


def test_these_words_are_known_in_every_language_and_script() -> None:
    known = {"ћао": "hello", "cao": "hello", "привет": "hello", "фала": "thanks", "mersi": "thanks"}
    assert {words: tongue("en").word(words) for words in known} == known
    assert tongue("sr-Latn").word("ne hvala") == "no"


@pytest.mark.parametrize("words", ["7", "12.", "2026"])
def test_a_number_that_is_not_on_offer_is_not_searched_for(words: str) -> None:
    known = SimpleNamespace(
        help=SimpleNamespace(rather=lambda _words: False, wishes=lambda _words: ()),
        offers=SimpleNamespace(only_a_day=lambda _words: False),
    )
    here = Here(cast(Facts, known), {})
    for talk, name in ((menu, "where"), (find, "words"), (find, "found"), (find, "nothing")):
        step = talk.step(name)
        assert isinstance(step, Choose | Browse)
        assert step.typed is not None
        assert step.typed(here, words) is None
        assert step.typed(here, "8. razred") is not None


def test_no_is_the_way_that_changes_nothing() -> None:
    keep = Conversation(
        name="keep",
        title=verbatim("K"),
        command="keep",
        steps=(
            Choose(name="what", question=verbatim("What?"), choices={"all": verbatim("All"), "nothing": verbatim("-")}),
            End(name="end", text=lambda here: verbatim(here["what"])),
        ),
    )
    player = Player(Engine((*ALL, keep)))
    player.says("/keep")
    assert player.says("не")[0] == "nothing"


@pytest.mark.parametrize(("words", "sought"), [("ne", False), ("да", False), ("👍", False), ("ne znam", True)])
def test_yes_no_and_pictures_are_never_searched_for(words: str, *, sought: bool) -> None:
    seek = Conversation(
        name="seek_it",
        title=verbatim("S"),
        command="seek_it",
        steps=(
            Choose(
                name="what", question=verbatim("What?"), choices={"a": verbatim("A")}, typed=lambda _here, said: said
            ),
            End(name="end", text=lambda here: verbatim(f"sought {here['what']}")),
        ),
    )
    player = Player(Engine((*ALL, seek)))
    player.says("/seek_it")
    assert (player.says(words)[0] == f"sought {words}") == sought


def test_a_way_that_there_was_once_leads_back_to_the_question() -> None:
    player = Player()
    player.says("/enrol")
    turn = player.engine.turn(player.state, Heard(tap="w.long_gone"), player.facts, tongue("en"))
    assert player.follow(turn)[0].endswith("What do you want to learn?")


def test_a_label_that_several_have_chooses_none_of_them() -> None:
    def cards(_here: Here, offset: int, size: int) -> Page:
        items = [Item(str(n), verbatim(f"Card {n}"), verbatim("Open")) for n in range(3)]
        return Page(tuple(items[offset : offset + size]), 3)

    talk = Conversation(
        name="cards",
        title=verbatim("C"),
        command="cards",
        steps=(
            Browse(name="which", question=verbatim("Which?"), items=cards, empty="end"),
            End(name="end", text=lambda here: verbatim(f"chosen {here['which']}")),
        ),
    )
    player = Player(Engine((*ALL, talk)))
    player.says("/cards")
    assert "1 to 3" in player.says("open")[0]
    assert player.says("2")[0] == "chosen 1"


@pytest.mark.parametrize("words", ["👍", "12", "?!", "5 B"])
def test_what_leads_nobody_there_is_no_place(words: str) -> None:
    with pytest.raises(NotUnderstood):
        place_words(words, Here(cast(Facts, None), {}))
    assert place_words("иза пијаце", Here(cast(Facts, None), {})) == "иза пијаце"
