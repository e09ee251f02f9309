"""A topic's request is taken, handed over, closed and opened again, and who waits too long is told of."""

from __future__ import annotations

from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_topics.kit import asks, request_of


def test_taking_handing_over_closing_and_opening_again(house: DeskHouse) -> None:
    thread = asks(house)
    house.presses("ana", "I take it")
    assert house.texts(thread)[-1] == "✋ Ana takes care of this."
    house.presses("ana", "Hand over")
    petra = f"Colleague {house.person_id('petra')}"
    house.presses("ana", petra)
    assert house.texts(thread)[-1] == f"✋ {petra} takes care of this."
    house.says("petra", "/close", thread=thread)
    house.look()
    assert (request_of(house).state, house.topics()[0][1]) == ("closed", "closed")
    before = len(house.people["mila"].shown)
    house.says("petra", "Još nešto", thread=thread)
    assert "Nothing was sent" in house.texts(thread)[-1]
    assert len(house.people["mila"].shown) == before
    house.presses("petra", "Open again")
    house.look()
    assert (request_of(house).state, house.topics()[0][1]) == ("taken", "open")
    house.says("petra", "Još nešto", thread=thread)
    assert house.people["mila"].shown[-1].text.endswith("Još nešto")


def test_a_closed_request_is_not_opened_again_beside_a_new_one(house: DeskHouse) -> None:
    thread = asks(house)
    house.presses("ana", "Close")
    house.look()
    new = asks(house, "opet ja")
    assert new != thread
    house.presses("ana", "Open again")
    assert house.answer == "The person has written again: go on in the new topic."
    assert [state for _name, state in house.topics()] == ["closed", "open"]


def test_back_to_everybody(house: DeskHouse) -> None:
    thread = asks(house)
    house.says("ana", "/take", thread=thread)
    house.says("ana", "/hand", thread=thread)
    house.presses("ana", "Back to everybody")
    assert house.texts(thread)[-1] == "🕗 Nobody has taken this yet."


def test_somebody_who_waits_too_long_is_told_of_in_hours_only(house: DeskHouse) -> None:
    thread = asks(house)
    house.advance(minutes=15)
    assert not [text for text in house.texts(thread) if text.startswith("⏳")]
    house.advance(minutes=30)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 1
    house.advance(minutes=30)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 1, "not again so soon"
    house.says("ana", "Tu sam.", thread=thread)
    house.now = house.now.replace(hour=21)
    house.tap("mila", "Odgovori timu")
    house.hear("mila", "Kad?")
    house.advance(hours=3)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 1, "nobody is nudged at night"
    house.advance(hours=10)
    assert len([text for text in house.texts(thread) if text.startswith("⏳")]) == 2
