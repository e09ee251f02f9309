"""After a stop nothing unasked is written, and the word works at any point."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.doing import Doing
from conversations.speech import Say, verbatim
from tests.house import House


def test_after_stop_nothing_unasked_is_written_until_it_is_asked_for_again(house: House) -> None:
    house.person("ann", "en", band="18+", town="bor")

    def told(kind: str) -> bool:
        with Session(house.database) as session:
            doing = Doing(session, house.now, house.rules)
            return doing.tell(ann, Say(verbatim("DEMO")), kind) is not None

    ann = house.person_id("ann")
    assert told("reminder")
    house.hear("ann", "СТОП")
    house.tap("ann", "🔕 Stop messages")
    house.hear("ann", "hello")
    assert [told(kind) for kind in ("reminder", "broadcast", "invitation", "reply")] == [False, False, False, True]
    house.hear("ann", "start")
    house.tap("ann", "Yes")
    assert told("reminder")


def test_stop_works_for_a_newcomer_in_the_middle_of_the_welcome(house: House) -> None:
    house.person("ann", "en")
    house.hear("ann", "/start")
    house.tap("ann", "English")
    shown = house.hear("ann", "спри")
    assert [button.label for button in shown[0][1].buttons][:3] == [
        "🔕 Stop messages",
        "🗑 Delete everything",
        "No change",
    ]
