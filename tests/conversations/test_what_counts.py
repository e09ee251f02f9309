"""What counts as an answer: taps, labels, digits, what was nearly written, and what is done with the rest."""

from __future__ import annotations

import pytest

from conversations.engine.engine import Engine
from conversations.facts import Me
from conversations.script import Conversation
from conversations.speech import Attachment, NotUnderstood, verbatim
from conversations.steps import End, Here, Write
from tests.conversations.talks import ALL, Enrol, Player


def test_a_conversation_leads_to_its_deed_and_says_how_it_ended() -> None:
    player = Player()
    assert player.opens() == ["Where to?"]
    assert player.taps("Sign up") == ["What do you want to learn?"]
    player.says("guitar")
    player.says("2")
    player.says("Bor")
    assert player.says("yes") == ["You are in, number 4711.", "Where to?"]
    assert player.deeds == [Enrol("guitar")]


def test_another_outcome_takes_another_way() -> None:
    player = Player(outcome="full")
    for words in ("/enrol", "guitar", "1", "Bor", "yes"):
        said = player.says(words)
    assert said[0] == "It is full."


@pytest.mark.parametrize("words", ["Sign up", "sign up", "1", "1.", "SIGN UP"])
def test_a_label_in_any_case_and_a_digit_count_like_a_tap(words: str) -> None:
    player = Player()
    player.opens()
    assert player.says(words) == ["What do you want to learn?"]


@pytest.mark.parametrize("words", ["Niš", "nis", "НИШ", "ниш", "2"])
def test_a_label_counts_in_any_script_with_or_without_accents(words: str) -> None:
    player = Player()
    for earlier in ("/enrol", "guitar", "1"):
        player.says(earlier)
    player.says(words)
    assert player.state.frames[-1].answers["town"] == "t1"


def test_a_label_wins_over_a_position() -> None:
    player = Player()
    player.says("/enrol")
    player.says("guitar")
    player.says("1")
    assert player.state.frames[-1].answers["grade"] == "one"


def test_more_than_a_page_of_choices_is_paged_and_all_of_them_count() -> None:
    player = Player()
    for words in ("/enrol", "guitar", "1"):
        player.says(words)
    assert player.labels == ["Bor", "Niš", "Pirot", "Vranje", "Valjevo", "Kruševac", "More", "Skip"]
    player.taps("More")
    assert player.labels == ["Novi Pazar", "Kazanlak", "Earlier ones", "Skip"]
    player.says("Bor")
    assert player.state.frames[-1].answers["town"] == "t0"


def test_a_number_that_cannot_be_the_answer_counts_the_suggestions() -> None:
    def date(words: str, _here: Here) -> str:
        if words.isdigit():
            raise NotUnderstood(verbatim("A date, please."))
        return words

    def many(words: str, _here: Here) -> int:
        return int(words)

    asks = Conversation(
        name="asks",
        title=verbatim("A"),
        command="asks",
        steps=(
            Write(name="when", question=verbatim("When?"), check=date, suggestions={"mon": verbatim("Monday")}),
            Write(name="many", question=verbatim("How many?"), check=many, suggestions={"8": verbatim("8")}),
            Write(name="last", question=verbatim("?"), check=lambda words, _here: words, otherwise="end"),
            End(name="end"),
        ),
    )
    player = Player(Engine((*ALL, asks)))
    player.says("/asks")
    player.says("1")
    player.says("1")
    assert player.state.frames[-1].answers == {"when": "mon", "many": 1}


def test_what_was_nearly_written_is_asked_about_never_assumed() -> None:
    player = Player()
    for words in ("/enrol", "guitar", "1"):
        player.says(words)
    player.says("Kazanlik")
    assert player.labels == ["Kazanlak", "None of these"]
    assert "town" not in player.state.frames[-1].answers
    player.says("no")
    assert "None of these" not in player.labels, "no is said to what was suggested"
    assert "town" not in player.state.frames[-1].answers
    player.says("Kazanlik")
    player.says("yes")
    assert player.state.frames[-1].answers["town"] == "t7"


def test_what_is_not_understood_says_what_can_be_written_and_then_offers_a_person() -> None:
    player = Player()
    for words in ("/enrol", "guitar"):
        player.says(words)
    first = player.says("%%%")[0]
    assert "1 to 2" in first
    assert "person" in player.says("%%%")[0].lower()
    assert player.state.frames[-1].step == "grade"


def test_words_that_are_no_answer_can_be_looked_for_and_the_question_is_not_lost() -> None:
    player = Player()
    player.says("/enrol")
    player.says("piano")
    assert "guitar" not in player.says("guitar")[0]
    assert "🔎 Look for it" in player.labels
    assert player.taps("🔎 Look for it") == ["Which grade?"]
    assert player.state.frames[-1].answers["what"] == "guitar"
    player.says("menu")
    assert "Go on: Signing up" in player.labels


def test_nothing_is_looked_for_before_the_welcome_at_the_menu_or_of_a_few_signs() -> None:
    player = Player()
    player.says("nowhere at all")
    assert "🔎 Look for it" not in player.labels
    for words in ("/enrol", "piano", "%% 7"):
        player.says(words)
    assert "🔎 Look for it" not in player.labels
    assert "Which grade?" in player.says("look for it")[0], "without words there is nothing to look for"
    newcomer = Player(me=Me(2, "en", welcomed=False))
    newcomer.opens()
    newcomer.says("guitar lessons")
    assert "🔎 Look for it" not in newcomer.labels


@pytest.mark.parametrize("words", ["ok", "да", "sure", "da"])
def test_yes_is_an_answer_to_whatever_can_only_be_agreed_to(words: str) -> None:
    newcomer = Player(me=Me(2, "en", welcomed=False))
    newcomer.opens()
    newcomer.says(words)
    assert [frame.conversation for frame in newcomer.state.frames] != ["welcome"]


def test_cards_are_browsed_page_by_page() -> None:
    player = Player()
    player.opens()
    player.says("Towns")
    assert player.labels == ["Bor", "Niš", "Pirot", "More", "All"]
    player.says("4")
    assert player.labels[:3] == ["Vranje", "Valjevo", "Kruševac"]
    assert player.says("Valjevo")[0] == "picked t4"


def test_a_voice_note_out_of_the_blue_goes_to_a_person() -> None:
    player = Player()
    player.says("/enrol")
    assert player.sends(Attachment("voice", ref="12"))[0] == "passed on 12"
    assert player.state.frames[-1].conversation == "enrol"


def test_typed_words_at_the_menu_may_lead_on() -> None:
    player = Player()
    assert player.says("guitar") == ["Which grade?"]


def test_a_label_within_a_sentence_is_asked_about_never_assumed() -> None:
    player = Player()
    for words in ("/enrol", "guitar", "1"):
        player.says(words)
    player.says("we live in Kazanlak now")
    assert player.labels == ["Kazanlak", "None of these"]
    assert "town" not in player.state.frames[-1].answers
    player.says("yes")
    assert player.state.frames[-1].answers["town"] == "t7"
