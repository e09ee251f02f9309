"""A child that gets a phone of its own keeps what it had, and only who speaks for it says which."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.chats import IssueAddressCode
from models.who import linking
from models.who.people import Guardianship, Person
from tests.bot.people.chats.kit import NO, SHORT, ask, texts
from tests.house import House


def a_child(house: House, parent: str = "mila") -> int:
    """A child without a phone, added by a parent, with a place booked."""
    house.hear(parent, "/settings")
    house.tap(parent, "👪 My children")
    house.tap(parent, "➕ Add a child")
    house.hear(parent, "Una")
    for label in ("Under 14", "Go on", "Mother", "🙋 Taking part", "Done", "Yes"):
        house.tap(parent, label)
    with Session(house.database) as session:
        return session.scalars(select(Person.id).where(Person.called == "Una")).one()


def code_for(house: House, parent: str, label: str) -> str:
    house.hear(parent, "/settings")
    house.tap(parent, "👪 My children")
    house.tap(parent, label)
    house.tap(parent, OWN_PHONE)
    shown = house.tap(parent, "Yes")
    return next(found[0] for _name, message in shown if (found := SHORT.search(message.text)))


OWN_PHONE, ITS_PHONE = "📱 Has their own phone now", "✅ Yes, that is the phone"


def test_a_child_that_gets_a_phone_keeps_what_it_had_and_its_parent(house: House) -> None:
    child = a_child(house)
    code = code_for(house, "mila", "Una")
    asked = ask(house, "tablet", code)
    assert "look at the other phone" in asked, "nothing is said of one person with two chats"
    assert "Una's own phone" in house.people["mila"].shown[-1].text
    shown = house.tap("mila", ITS_PHONE)
    assert "Una writes from their own phone now" in texts(shown, "mila")
    assert "this is your chat now" in texts(shown, "tablet")
    assert house.person_id("tablet") == child, "who wrote from the new phone is the child that was known"
    house.hear("mila", "/settings")
    house.tap("mila", "👪 My children")
    assert "Una" in house.people["mila"].shown[-1].text + str(house.people["mila"].shown[-1].cards)
    house.tap("mila", "Una")
    assert OWN_PHONE not in [button.label for button in house.people["mila"].shown[-1].buttons]


def test_a_phone_that_the_parent_does_not_know_gets_nothing(house: House) -> None:
    child = a_child(house)
    ask(house, "tablet", code_for(house, "mila", "Una"))
    house.tap("mila", NO)
    assert house.person_id("tablet") != child
    assert linking.chats_of(Session(house.database), child) == []


def test_only_who_speaks_for_a_child_says_which_phone_is_its_own(house: House) -> None:
    child = a_child(house)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, house.person_id("mila"))
        assert perform(doing, IssueAddressCode(child)).outcome == "made"
    other = house.person_id("other")
    with Session(house.database) as session:
        assert perform(Doing(session, house.now, house.rules, other), IssueAddressCode(child)).outcome == "refused"
    mila = house.person_id("mila")
    with Session(house.database) as session:
        refused = perform(Doing(session, house.now, house.rules, other), IssueAddressCode(mila))
        assert refused.outcome == "refused", "somebody with a chat is asked in it"


def test_a_link_that_ended_meanwhile_lets_nobody_answer_for_the_child(house: House) -> None:
    child = a_child(house)
    ask(house, "tablet", code_for(house, "mila", "Una"))
    with Session(house.database) as session:
        for link in session.scalars(select(Guardianship).where(Guardianship.child_id == child)):
            link.ended_at = house.now
        session.commit()
    house.tap("mila", ITS_PHONE)
    assert house.person_id("tablet") != child
