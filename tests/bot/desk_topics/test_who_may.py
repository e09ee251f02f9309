"""Who may answer in the staff's group, and how one becomes a colleague there."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.who.people import Address, Person
from models.who.staff import StaffRole, invite
from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_topics.kit import asks, request_of


def test_somebody_without_a_role_in_the_organisation_sends_nothing(house: DeskHouse) -> None:
    thread = asks(house)
    before = len(house.people["mila"].shown)
    for who in ("boris", "999"):
        house.says(who, "Ja ću", thread=thread)
        assert house.answer == "Only colleagues with a role can answer here. This was not sent."
        house.presses(who, "Close")
        assert house.answer == "Only colleagues with a role can do this."
    house.says("ana", "Ja ću", thread=thread, member=False)
    assert "was not sent" in house.answer, "who is not in the group does not act, whatever role they have"
    assert len(house.people["mila"].shown) == before
    assert request_of(house).state == "open"


def test_a_role_that_ended_ends_at_once(house: DeskHouse) -> None:
    thread = asks(house)
    ana = house.person_id("ana")
    with Session(house.database) as session:
        session.execute(update(StaffRole).where(StaffRole.person_id == ana).values(ended_at=house.now))
        session.commit()
    house.presses("ana", "I take it")
    assert house.answer == "Only colleagues with a role can do this."
    house.says("ana", "Zdravo", thread=thread)
    assert request_of(house).state == "open"


def test_a_stranger_in_a_private_chat_is_refused_once_and_leaves_no_trace(house: DeskHouse) -> None:
    with Session(house.database) as session:
        before = session.query(Address).count(), session.query(Person).count()
    house.says("999", "/today", private=True, member=False)
    assert house.answer.startswith("This chat is for the team.")
    house.says("999", "/start abc", private=True, member=False)
    assert house.answer == ""
    with Session(house.database) as session:
        assert (session.query(Address).count(), session.query(Person).count()) == before
    assert house.posted == []


def test_a_code_redeemed_at_the_desk_makes_a_colleague_but_only_of_a_member_of_the_group(house: DeskHouse) -> None:
    mine = house.group().organisation_id
    with Session(house.database) as session:
        code = invite(session, house.now, mine, "staff")
        session.commit()
    house.says("555", link=code, private=True, member=False)
    assert house.answer.startswith("This chat is for the team.")
    house.says("555", link=code, private=True)
    house.presses("555", "English")
    house.presses("555", "Yes")
    assert house.posted[-1].text.startswith("Welcome to the team!")
    thread = asks(house)
    house.says("555", "Tu sam", thread=thread)
    assert house.people["mila"].shown[-1].text.endswith("Tu sam")
