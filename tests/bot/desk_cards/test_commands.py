"""Commands in the group: everybody has a conversation of their own there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.programme import Organisation
from models.who.staff import StaffRole
from tests.bot.desk.desk_kit import COMMON, DeskHouse


def test_commands_work_in_the_group_and_answer_where_they_were_written(house: DeskHouse) -> None:
    house.says("ana", "/today")
    house.says("petra", "/listings", thread=77)
    assert [one.to for one in house.posted] == [f"301@{COMMON}", f"302@{COMMON}/77"]


def test_everybody_has_a_conversation_of_their_own(house: DeskHouse) -> None:
    house.says("ana", "/new")
    asked = house.posted[-1]
    house.presses("petra", asked.labels[0], asked)
    assert house.answer == "A colleague began this. Write the command yourself to have your own."
    assert len(house.posted) == 1
    house.presses("ana", asked.labels[0], asked)
    assert house.answer == ""
    assert house.posted[-1].to == f"301@{COMMON}"
    assert len(house.posted) == 2


def test_where_others_read_along_no_button_leads_to_what_is_told_alone(house: DeskHouse) -> None:
    house.says("ana", "/broadcast")
    assert "Back" in house.posted[-1].labels
    assert "Ask a person" not in house.posted[-1].labels
    house.says("ana", "/broadcast", private=True)
    assert "Ask a person" in house.posted[-1].labels


def test_colleagues_may_talk_while_somebody_is_asked_something(house: DeskHouse) -> None:
    house.says("ana", "/new")
    house.says("petra", "good morning")
    house.says("petra", "stop")
    assert len(house.posted) == 1
    house.now += timedelta(hours=2)
    house.says("ana", "lunch?")
    assert len(house.posted) == 1, "hours later plain words are not taken for an answer"
    house.says("ana", "Internship", answers=True)
    assert len(house.posted) == 2, "a reply to the bot is"


def test_a_conversation_at_the_desk_does_not_move_the_one_on_the_public_bot(house: DeskHouse) -> None:
    house.hear("ana", "/menu")
    before = len(house.people["ana"].shown)
    house.says("ana", "/new")
    house.says("ana", "/today", private=True)
    assert len(house.people["ana"].shown) == before
    assert [one.to for one in house.posted] == [f"301@{COMMON}", "301"]


def test_who_works_for_two_organisations_acts_for_the_groups_own_there(house: DeskHouse) -> None:
    """Others read along in the group: what is the other organisation's stays out of it, and is there in private."""
    ana = house.person_id("ana")
    with Session(house.database) as session:
        other = session.scalars(select(Organisation.id).where(Organisation.code == "kazanlak")).one()
        session.add(StaffRole(person_id=ana, organisation_id=other, role="staff", given_at=house.now))
        session.commit()
    asked = "For which organisation?"
    for private in (True, False):
        house.says("ana", "/new", private=private)
        house.says("ana", "🎉 One event", private=private)
        assert (house.posted[-1].text == asked) is private, house.posted[-1].text


def test_unknown_commands_in_a_group_are_somebody_elses(house: DeskHouse) -> None:
    house.says("ana", "/dice")
    house.says("ana", "hello all")
    assert house.posted == []


def test_what_a_member_is_told_in_person_never_comes_to_the_group(house: DeskHouse) -> None:
    """A place in the group is nobody's address: reminders and the like go to the member's own."""
    from models.who.people import Address

    house.says("ana", "/today")
    ana = house.person_id("ana")
    with Session(house.database) as session:
        own = session.scalars(select(Address.external_id).where(Address.person_id == ana)).all()
    assert sorted(own) == ["301", "console-ana"]
