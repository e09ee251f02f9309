"""One person, several chats: both sides say yes, codes work once, and nobody is swallowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.chats import JoinChats, RefuseChat
from models.attending.attendance import Attendance
from models.audit import Audit
from models.offers.listing import Session as Meeting
from models.places import taking
from models.places.booking import Booking
from models.who.people import Address
from tests.bot.people.chats.kit import NO, YES, ask, book, bookings, code_of, link, texts
from tests.house import House


def test_a_code_that_was_passed_on_swallows_nobody(house: House) -> None:
    book(house, "other")
    ask(house, "other", code_of(house, "mila"))
    assert house.person_id("mila") != house.person_id("other"), "nothing is joined before the first chat has said yes"
    assert bookings(house, "mila") == []
    house.tap("mila", NO)
    assert house.person_id("mila") != house.person_id("other")
    assert bookings(house, "other") == ["booked"]


def test_a_question_is_answered_once_whichever_way(house: House) -> None:
    ask(house, "other", code_of(house, "mila"))
    refused = texts(house.tap("mila", NO), "other")
    assert "said no" in refused
    again = house.tap("mila", NO)
    assert "answered already" in texts(again, "mila")
    assert texts(again, "other") == "", "the other chat hears it once"
    house.tap("mila", YES)
    assert house.person_id("mila") != house.person_id("other"), "a yes after the no joins nothing"


def test_nobody_refuses_or_joins_what_was_not_asked(house: House) -> None:
    """Where no question waits, or one about another chat, a deed that names a chat says nothing to it."""
    ask(house, "other", code_of(house, "mila"))
    mila, other = house.person_id("mila"), house.person_id("other")
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.person_id == other)).one()
        for who, deed in (
            (mila, RefuseChat(other, address.id + 99, mila)),
            (mila, RefuseChat(mila, address.id, mila)),
            (mila, JoinChats(other, address.id, other)),
            (other, RefuseChat(other, address.id, mila)),
            (other, JoinChats(other, address.id, mila)),
        ):
            doing = Doing(session, house.now, house.rules, who, 1, "console")
            assert perform(doing, deed).outcome == "gone"
            assert doing.outgoing == []
        late = Doing(session, house.now + timedelta(hours=2), house.rules, mila, 1, "console")
        assert perform(late, RefuseChat(other, address.id, mila)).outcome == "gone"
        session.rollback()
    assert "said no" in texts(house.tap("mila", NO), "other"), "the question itself still waits"


def test_what_would_be_joined_is_told_to_both_before_it_is(house: House) -> None:
    book(house, "other")
    code = code_of(house, "mila")
    first = texts(house.hear("other", f"/start {code}"), "other")
    assert "1 booking" in first
    assert "whoever has it sees all of this" in first
    asked = house.tap("other", "Yes")
    assert "1 booking" in texts(asked, "mila")
    house.tap("mila", YES)
    assert bookings(house, "mila") == ["booked"]
    assert house.person_id("mila") == house.person_id("other")


def test_a_role_and_children_are_named_before_they_are_handed_over(house: House) -> None:
    house.person("boss", "en", organisation="kokoro", role="admin")
    shown = house.hear("boss", f"/start {code_of(house, 'mila')}")
    assert "administrator" in texts(shown, "boss")


def test_a_newcomers_chat_joins_only_after_the_yes_and_starts_without_its_half_a_welcome(house: House) -> None:
    house.hear("tablet", "/start")
    house.tap("tablet", "English")
    ask(house, "tablet", code_of(house, "mila"))
    assert "Which" not in texts(house.tap("mila", YES), "tablet")
    assert "What would you like" in texts(house.hear("tablet", "/menu"), "tablet")
    assert house.person_id("tablet") == house.person_id("mila")


def test_the_question_is_for_the_chat_that_made_the_code_and_for_an_hour(house: House) -> None:
    ask(house, "tablet", code_of(house, "mila"))
    yes = house.button("mila", YES).tap
    house.hear("other", tap=yes)
    assert house.person_id("tablet") != house.person_id("mila"), "a stranger's tap on it does nothing"
    house.now += timedelta(hours=2)
    house.hear("mila", tap=yes)
    assert house.person_id("tablet") != house.person_id("mila")


def test_saying_yes_twice_joins_once(house: House) -> None:
    link(house, "mila", "other")
    house.tap("mila", YES)
    with Session(house.database) as session:
        joined = session.scalar(select(func.count()).select_from(Audit).where(Audit.action == "chats joined"))
        assert joined == 1


def test_old_buttons_still_work_after_joining(house: House) -> None:
    book(house, "other")
    shown = house.advance(hours=24)
    assert "A reminder" in texts(shown, "other")
    button = house.button("other", "👍 I'm coming").tap
    link(house, "mila", "other")
    assert "See you there" in texts(house.hear("other", tap=button), "other")
    with Session(house.database) as session:
        assert session.scalars(select(Attendance.state)).all() == ["coming"]


@pytest.mark.parametrize("clash", [True, False])
def test_two_bookings_at_the_same_time_are_said(house: House, clash: bool) -> None:
    book(house, "mila")
    other = house.person_id("other")
    with Session(house.database) as session:
        mine = session.scalars(select(Meeting).join(Booking, Booking.session_id == Meeting.id)).one()
        shift = timedelta(minutes=15 if clash else 600)
        meeting = Meeting(
            listing_id=mine.listing_id, starts_at=mine.starts_at + shift, ends_at=mine.ends_at + shift,
            zone=mine.zone, capacity=3,
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        taking.book(session, house.now, session_id=meeting.id, person_id=other, booked_by_id=other)
        session.commit()
    link(house, "mila", "other")
    assert ("same time" in house.people["mila"].shown[-1].text) is clash
