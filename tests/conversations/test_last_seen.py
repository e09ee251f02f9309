"""A number counts what was seen last: a card and not the question above it, a list as shown and not as it is by now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.language.fold import fold
from bot.language.tongue import Speaker
from conversations.deeds.safety import WriteHere
from conversations.engine.engine import Engine
from conversations.engine.shown import numbered
from conversations.engine.state import State
from conversations.facts.help import Readers
from conversations.help.emergency import all_well, card
from conversations.help.numbers import LASTING
from conversations.help.quiet import delete_chat, here_no, here_yes
from conversations.script import Conversation
from conversations.speech import MAYBE, Moment, NotUnderstood, Say, Text, verbatim
from conversations.steps import Browse, Choose, ChooseMany, Confirm, Each, End, Here, Item, Page, Question, Write
from tests.conversations.talks import ALL, CardFacts, Enrol, KnownFacts, Player

READERS = Readers(True, Moment(datetime(2026, 3, 2, 9, tzinfo=UTC), "Europe/Belgrade"), 8, 16)
DANGER, UNSURE = "hocu da se ubijem", "bojim se i plačem svaku noć"


@pytest.fixture(autouse=True)
def _unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """These words are uncertain, whatever is learnt about them."""
    heard = Speaker.alarm
    monkeypatch.setattr(Speaker, "alarm", lambda self, words: MAYBE if words == UNSURE else heard(self, words))


class RealCard(CardFacts):
    """Facts whose card is the one that people see."""

    somebody = True

    def safety_card(self, kind: str) -> tuple[Say, ...]:
        return card(kind, LASTING[:3], READERS, somebody=self.somebody)


class Offers:
    """What is on offer, and what becomes of it while somebody looks at it."""

    def __init__(self) -> None:
        self.now = {f"k{n}": name for n, name in enumerate(("Chess", "Guitar", "Robots", "Singing", "Dance"))}
        self.form = [("a", "One?"), ("b", "Two?")]

    def page(self, _here: Here, offset: int, size: int) -> Page:
        items = [Item(key, verbatim(name), verbatim(name)) for key, name in self.now.items()]
        return Page(tuple(items[offset : offset + size]), len(items))

    def choices(self, _here: Here) -> dict[str, Text]:
        return {key: verbatim(name) for key, name in self.now.items()}

    def questions(self, _here: Here) -> tuple[Question, ...]:
        ways = (("yes", verbatim("Yes")), ("no", verbatim("No")))
        return tuple(Question(key, verbatim(text), ways if key == "b" else ()) for key, text in self.form)


def _amount(words: str, _here: Here) -> int:
    if not words.isdigit():
        raise NotUnderstood(verbatim("A number, please."))
    return int(words)


def _engine(offers: Offers) -> Engine:
    end = End(name="end", text=lambda here: verbatim(str(here["pick"])))
    kinds = (
        Conversation(
            name="browse",
            title=verbatim("B"),
            command="browse",
            steps=(
                Browse(name="pick", question=verbatim("Which?"), items=offers.page, empty="none", page=3),
                end,
                End(name="none", text=verbatim("Nothing left.")),
            ),
        ),
        Conversation(
            name="choose",
            title=verbatim("C"),
            command="choose",
            steps=(Choose(name="pick", question=verbatim("Which?"), choices=offers.choices, page=3), end),
        ),
        Conversation(
            name="many",
            title=verbatim("M"),
            command="many",
            steps=(ChooseMany(name="pick", question=verbatim("Which?"), choices=offers.choices), end),
        ),
        Conversation(
            name="ask",
            title=verbatim("F"),
            command="ask",
            steps=(Each(name="pick", over=offers.questions), end),
        ),
        Conversation(
            name="amount",
            title=verbatim("A"),
            command="amount",
            steps=(
                Write(name="pick", question=verbatim("How many?"), check=_amount),
                Confirm(name="sure", question=verbatim("Sure?"), goto={"no": "pick"}),
                end,
            ),
        ),
        Conversation(name="safety", title=verbatim("Numbers"), word="safety", steps=(End(name="end"),)),
    )
    return Engine((*ALL, *kinds, here_yes, here_no, delete_chat, all_well))


def _player(offers: Offers | None = None, *before: str, outcome: str = "noted") -> Player:
    player = Player(_engine(offers or Offers()), tag="sr-Latn", outcome=outcome)
    player.known = KnownFacts(player.known.me, RealCard())
    for words in before:
        player.says(words)
    return player


def _top(player: Player) -> tuple[str, str]:
    top = player.state.frames[-1]
    return top.conversation, top.step


# ------------------------------------------------------------ after a card


@pytest.mark.parametrize(("word", "answer"), [("1", "yes"), ("2", "no"), ("3.", "delete"), ("da", "yes"), ("Ne", "no")])
def test_a_number_yes_or_no_after_the_card_answers_what_the_card_asks(word: str, answer: str) -> None:
    player = _player(None, "/browse", DANGER)
    player.says(word)
    assert player.deeds[-1:] == [WriteHere(answer)]
    assert _top(player) == ("browse", "pick"), "and the question above it is not answered"
    assert player.says("1")[0] == "k0", "it was asked again: now a number counts for it"


@pytest.mark.parametrize("word", ["5", "0", "nazad"])
def test_what_the_card_does_not_show_asks_the_question_again_and_chooses_nothing(word: str) -> None:
    player = _player(None, "/amount", "7", DANGER)
    said = player.says(word)
    assert said[-1].endswith("Sure?")
    assert player.deeds == []
    assert _top(player) == ("amount", "sure")
    assert player.says("da") == ["7"]


def test_a_card_that_asks_nothing_counts_its_own_ways() -> None:
    player = _player(None, "/choose")
    player.known.help.somebody = False  # type: ignore[attr-defined]  # a RealCard
    player.says(DANGER)
    player.says("1")
    assert _top(player)[0] == "talk"


def test_where_a_number_may_be_meant_for_the_question_too_it_is_asked_again() -> None:
    player = _player(None, "/amount")
    assert len(player.says(DANGER)) == 2, "the card is the answer"
    assert player.says("3")[-1].endswith("How many?")
    assert player.deeds == [], "neither is the chat emptied nor is three taken"
    player.says("3")
    assert _top(player) == ("amount", "sure")
    outside = _player(None, "/amount", DANGER)
    outside.says("12")
    assert _top(outside) == ("amount", "sure"), "no way under the card has that number"


@pytest.mark.parametrize(("word", "shows"), [("1", "card"), ("da", "card"), ("2", "well"), ("ne", "well"), ("3", "?")])
def test_a_number_yes_or_no_after_the_gentle_question_answers_that(word: str, shows: str) -> None:
    player = _player(None, "/amount", "7", UNSURE)
    said = player.says(word)
    assert ("192" in said[0], "Ako nekad" in said[0], said[0].endswith("Sure?")) == (
        shows == "card",
        shows == "well",
        shows == "?",
    )
    assert _top(player) == ("amount", "sure")


def test_after_the_quiet_list_numbers_count_in_it() -> None:
    player = _player(None, "/browse", "crveni kišobran")
    player.says("2")
    assert _top(player)[0] == "talk"


def test_without_a_question_a_number_shows_the_menu_and_chooses_nothing_in_it() -> None:
    player = _player(None, "hide")
    assert player.says("1") == ["Kuda?"] or _top(player) == ("menu", "where")
    assert player.deeds == []
    assert len(player.state.frames) == 1


def test_a_number_counts_the_buttons_below_the_answers_too() -> None:
    player = _player(None, "/amount", "7", "menu")
    assert player.labels[-1].endswith("A")
    player.says(str(len(player.labels)))
    assert _top(player) == ("amount", "sure")


# ------------------------------------------------------------ a list that has changed


@pytest.mark.parametrize("kind", ["browse", "choose"])
def test_a_number_counts_the_list_as_it_was_shown(kind: str) -> None:
    offers = Offers()
    player = _player(offers, f"/{kind}")
    offers.now = {"k9": "Swimming", **offers.now}
    assert player.says("2")[0] == "k1", "what was shown as the second"
    moved = _player(offers, f"/{kind}")
    offers.now = {f"n{n}": "New" for n in range(3)} | offers.now
    assert moved.says("3")[0] == "k1", "also where it stands on another page by now"


@pytest.mark.parametrize("kind", ["browse", "choose"])
def test_what_is_gone_is_said_to_be_gone_and_the_list_is_shown_as_it_is(kind: str) -> None:
    offers = Offers()
    player = _player(offers, f"/{kind}")
    del offers.now["k1"]
    said = player.says("2")
    assert said == ["To više ne može da se izabere.\nWhich?"]
    assert player.labels[:3] == ["Chess", "Robots", "Singing"]
    assert player.state.frames[-1].misses == 0, "it was no slip of theirs"
    assert player.says("2")[0] == "k2"


def test_of_a_list_that_is_empty_by_now_it_is_said_too() -> None:
    offers = Offers()
    player = _player(offers, "/browse")
    offers.now = {}
    assert player.says("2")[:2] == ["To više ne može da se izabere.", "Nothing left."]


def test_an_old_button_of_the_list_takes_what_has_moved_to_another_page() -> None:
    offers = Offers()
    player = _player(offers, "/browse")
    offers.now = {f"n{n}": "New" for n in range(3)} | offers.now
    assert player.taps("Robots")[0] == "k2"


def test_several_numbers_count_the_list_as_it_was_shown() -> None:
    offers = Offers()
    player = _player(offers, "/many")
    offers.now = {"k9": "Swimming", **offers.now}
    player.says("1, 3")
    assert player.state.frames[-1].draft["ticked"] == ["k0", "k2"]
    del offers.now["k4"]
    assert player.says("6")[0].startswith("To više")
    assert player.state.frames[-1].draft["ticked"] == ["k0", "k2"]


def test_an_answer_to_a_question_of_a_form_that_is_gone_is_not_taken_for_the_next() -> None:
    offers = Offers()
    player = _player(offers, "/ask")
    offers.form = [("b", "Two?")]
    assert player.says("yes")[0].endswith("Two?")
    assert player.says("2") == ["{'b': 'no'}"]
    last = _player(offers, "/ask")
    offers.form = [("c", "Three?")]
    assert last.taps("No")[0].endswith("Three?"), "nor by a tap"
    offers.form = [("c", "Three?"), ("d", "Four?")]
    ended = _player(offers, "/ask", "three")
    offers.form = [("c", "Three?")]
    assert ended.says("stop") != []
    assert ended.says("nazad")[-1] == "{'c': 'three'}", "all that is asked by now is answered: it goes on"


# ------------------------------------------------------------ yes, to the only thing


@pytest.mark.parametrize("words", ["da", "može", "prijavi me", "запиши ме"])
@pytest.mark.parametrize("kind", ["browse", "choose"])
def test_yes_to_the_only_thing_that_was_found_is_that_thing_and_to_several_nothing(kind: str, words: str) -> None:
    offers = Offers()
    several = _player(offers, f"/{kind}")
    assert several.says(words)[-1].endswith("Which?")
    assert _top(several) == (kind, "pick")
    offers.now = {"k1": "Guitar"}
    only = _player(offers, f"/{kind}")
    assert only.says("ne")[-1].endswith("Which?"), "no is not an answer"
    assert only.says(words)[0] == "k1"


def test_of_two_ways_of_which_one_declines_yes_and_no_choose() -> None:
    offers = Offers()
    offers.now = {"ask": "Ask my mother", "later": "Not now"}
    assert _player(offers, "/choose").says("da")[0] == "ask"
    assert _player(offers, "/choose").says("ne")[0] == "later"
    offers.now["go"] = "Go on"
    assert _player(offers, "/choose").says("da")[-1].endswith("Which?"), "of three it is not known which"


def test_words_that_stand_in_one_label_alone_are_asked_about_alone_and_yes_chooses_it() -> None:
    offers = Offers()
    offers.now = {f"k{n}": f"utorak, {n}. mart, 17:00" for n in (3, 10, 17)}
    player = _player(offers, "/choose")
    player.says("уторак 10 март")
    assert player.labels[0] == "utorak, 10. mart, 17:00"
    assert not player.labels[1].startswith("utorak")
    assert player.says("da")[0] == "k10"
    both = _player(offers, "/choose", "utorak mart")
    assert [label[:6] for label in both.labels[:3]] == ["utorak"] * 3
    assert _top(both) == ("choose", "pick")
    assert both.says("da")[-1] != "k3"


# ------------------------------------------------------------ words under a card


def test_the_label_of_a_way_under_the_card_counts_too() -> None:
    for typed in (str, fold):
        player = _player(None, "/browse", DANGER)
        player.says(typed(next(one.label for one in player.shown[-1].buttons if one.tap == "w.delete_chat")))
        assert player.deeds[-1:] == [WriteHere("delete")]


# ------------------------------------------------------------ kept


def test_what_was_shown_is_kept_and_older_states_are_read() -> None:
    player = _player(None, "/browse", DANGER)
    kept = player.state.to_json()
    assert State.from_json(kept) == player.state
    assert kept["shown"] == list(numbered(player.shown[-1].buttons))
    assert kept["aside"] is True
    for name in ("shown", "aside", "form"):
        del kept[name]
    player.stored = kept
    assert player.says("2")[0] == "k1", "a state of before counts what is on offer"


@pytest.mark.parametrize("key", ["1️⃣", " 1) ", "1."])
def test_a_number_may_be_a_picture_of_a_key(key: str) -> None:
    assert _player(None, "/browse").says(key)[0] == "k0"


def test_enrolling_by_numbers_alone_still_works() -> None:
    player = _player(None, "/menu", outcome="in")
    for words in ("1", "guitar", "2", "2", "1"):
        player.says(words)
    assert player.deeds == [Enrol("guitar")]
