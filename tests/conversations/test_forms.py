"""Forms ask one question after the other, check each, and can be gone back in."""

from __future__ import annotations

from conversations.speech import Attachment
from tests.conversations.talks import Player


def test_back_in_a_form_takes_back_one_question() -> None:
    player = Player()
    player.opens()
    for words in ("A form", "Art", "Done", "15"):
        player.says(words)
    assert player.shown[-1].text == "A pet?"
    assert player.taps("Back") == ["How old?"]


def test_something_of_another_kind_is_not_asked_for_once_more_as_if_nothing_had_come() -> None:
    player = Player()
    player.opens()
    for words in ("A form", "Art", "Done", "15", "Cat"):
        player.says(words)
    assert player.says("hello")[0].startswith("Please send it here")
    assert player.sends(Attachment("other"))[0].startswith("That does not fit here.")


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
