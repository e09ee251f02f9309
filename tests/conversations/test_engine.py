"""The engine: what counts as an answer, the ways out, old buttons, and what survives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.language.tongue import tongue
from conversations.engine.engine import Engine
from conversations.engine.state import DEEPEST
from conversations.facts import Me
from conversations.script import Conversation
from conversations.speech import TAP_BYTES, Attachment, Heard, NotUnderstood, _, verbatim
from conversations.steps import Choose, ChooseMany, End, Here, Write
from tests.conversations.talks import ALL, TOWNS, Enrol, Player, home


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
    player.taps("Kazanlak")
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


def test_back_takes_the_answer_back_and_leads_to_the_question_before() -> None:
    player = Player()
    for words in ("/enrol", "guitar"):
        player.says(words)
    assert player.says("0") == ["What do you want to learn?"]
    assert "what" not in player.state.frames[-1].answers
    assert player.taps("Back") == ["Where to?"]


def test_back_in_a_form_takes_back_one_question() -> None:
    player = Player()
    player.opens()
    for words in ("A form", "Art", "Done", "15"):
        player.says(words)
    assert player.shown[-1].text == "A pet?"
    assert player.taps("Back") == ["How old?"]


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


def test_something_of_another_kind_is_not_asked_for_once_more_as_if_nothing_had_come() -> None:
    player = Player()
    player.opens()
    for words in ("A form", "Art", "Done", "15", "Cat"):
        player.says(words)
    assert player.says("hello")[0].startswith("Please send it here")
    assert player.sends(Attachment("other"))[0].startswith("That does not fit here.")


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


def test_a_form_asks_its_questions_one_by_one_and_checks_each() -> None:
    player = Player()
    player.opens()
    for words in ("A form", "Art", "Done"):
        player.says(words)
    assert "number" in player.says("old")[0]
    player.says("15")
    player.taps("Skip")
    assert player.sends(Attachment("photo", ref="7"))[:2] == [
        "Thank you.",
        '[["a"], {"age": 15, "pet": null}, {"attachment": "7", "kind": "photo", "text": ""}]',
    ]


def test_cards_are_browsed_page_by_page() -> None:
    player = Player()
    player.opens()
    player.says("Towns")
    assert player.labels == ["Bor", "Niš", "Pirot", "More", "All"]
    player.says("4")
    assert player.labels[:3] == ["Vranje", "Valjevo", "Kruševac"]
    assert player.says("Valjevo")[0] == "picked t4"


def test_an_old_button_never_acts_and_says_where_the_person_is_now() -> None:
    player = Player()
    player.opens()
    menu = player.shown[-1]
    player.taps("Sign up")
    said = player.taps("Towns", of=menu)
    assert said == ["That button is from before. We are here now:\nWhat do you want to learn?"]
    assert player.state.frames[-1].conversation == "enrol"


def test_a_double_tap_is_answered_once() -> None:
    player = Player()
    player.opens()
    menu = player.shown[-1]
    player.taps("Sign up")
    assert player.taps("Sign up", of=menu) == []
    assert player.state.frames[-1].step == "what"


@pytest.mark.parametrize(
    "tap", ["x", "1", "99999.enrol", "1.", ".", "w.", "w.nothing", "s", "-1.enrol", "1.~enrol", "٣.enrol"]
)
def test_a_forged_tap_never_acts(tap: str) -> None:
    player = Player()
    player.opens()
    before = [(frame.conversation, frame.step, frame.answers) for frame in player.state.frames]
    player.follow(player.engine.turn(player.state, Heard(tap=tap), player.facts, tongue("en")))
    assert [(frame.conversation, frame.step, frame.answers) for frame in player.state.frames] == before
    assert player.deeds == []


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


def test_a_voice_note_out_of_the_blue_goes_to_a_person() -> None:
    player = Player()
    player.says("/enrol")
    assert player.sends(Attachment("voice", ref="12"))[0] == "passed on 12"
    assert player.state.frames[-1].conversation == "enrol"


def test_typed_words_at_the_menu_may_lead_on() -> None:
    player = Player()
    assert player.says("guitar") == ["Which grade?"]


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
