"""Two who were joined by mistake are two again, when both chats say so."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.chats import GoApart
from models.audit import Audit
from models.messages.conversation import Standing
from models.who.people import Address, Person
from tests.bot.people.chats.kit import ALL_MINE, TWO, WE_ARE_TWO, asks_to_be_two, book, bookings, link, texts
from tests.house import House


def joined_by_mistake(house: House) -> tuple[int, int]:
    """Two sisters, each with a booking, one of whom gave the other a code."""
    one, two = house.person_id("mila"), house.person_id("other")
    with Session(house.database) as session:
        session.get_one(Person, two).called = "Eva DEMO"
        session.commit()
    book(house, "other")
    link(house, "mila", "other")
    assert house.person_id("other") == one
    assert len(bookings(house, "mila")) == 1
    return one, two


@pytest.mark.parametrize(("asks", "answers"), [("mila", "other"), ("other", "mila")])
def test_two_sisters_are_two_again_when_both_chats_say_so(house: House, asks: str, answers: str) -> None:
    one, two = joined_by_mistake(house)
    seen = len(house.people[answers].shown)
    said = asks_to_be_two(house, asks)
    assert "Each gets back what they had before." in said
    keeps = "What is new since then stays in this chat." in said
    assert keeps == (asks == "mila"), "who keeps what is new is said before"
    assert house.person_id("other") == one, "nothing has changed yet"
    assert "we are two people and were joined by mistake" in house.people[answers].shown[seen].text
    assert ("stays in this chat" in house.people[answers].shown[seen].text) == (answers == "mila")
    shown = house.tap(answers, TWO)
    assert "two people again" in texts(shown, answers)
    assert "two people again" in texts(shown, asks), "the chat that asked is told"
    assert (house.person_id("mila"), house.person_id("other")) == (one, two)
    assert (bookings(house, "mila"), len(bookings(house, "other"))) == ([], 1)
    with Session(house.database) as session:
        assert session.get_one(Person, two).called == "Eva DEMO"
        acts = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert acts[-2:] == ["asked to be apart", "chats apart"]
    # each goes on alone, and what was said in the chat while they were one leads nowhere
    assert "Maths" in str(house.hear("other", "/bookings"))
    assert "Maths" not in str(house.hear("mila", "/bookings"))
    house.hear("mila", "/settings")
    assert WE_ARE_TWO not in str(house.tap("mila", "📱 Another phone or app"))


def test_a_no_of_the_other_side_leaves_everything(house: House) -> None:
    one, _two = joined_by_mistake(house)
    asks_to_be_two(house, "other")
    shown = house.tap("mila", ALL_MINE)
    assert "everything stays as it is" in texts(shown, "mila")
    assert "said no" in texts(shown, "other")
    assert house.person_id("other") == one


def test_the_chat_that_asked_cannot_answer_for_the_other_side(house: House) -> None:
    one, _two = joined_by_mistake(house)
    asks_to_be_two(house, "other")
    button = house.button("mila", TWO)
    with Session(house.database) as session:
        standing = session.get_one(Standing, button.tap.removeprefix("s."))
        about = dict(standing.about)
        asked_by = session.scalars(select(Address).where(Address.id == about["address"])).one()
        for address_id in (asked_by.id, 0):
            doing = Doing(session, house.now, house.rules, one, address_id, "console")
            assert perform(doing, GoApart(about["joining"], about["address"])).outcome == "gone"
    assert house.person_id("other") == one
    with Session(house.database) as session:
        session.execute(update(Address).where(Address.id != about["address"]).values(active=False))
        session.commit()
    house.hear("other", "/settings")
    house.advance(hours=2)
    assert "cannot be reached" in asks_to_be_two(house, "other")


def test_after_a_month_nobody_is_asked_any_more(house: House) -> None:
    joined_by_mistake(house)
    asks_to_be_two(house, "other")
    house.advance(days=31)
    house.hear("mila", "/settings")
    assert WE_ARE_TWO not in str(house.tap("mila", "📱 Another phone or app"))
