"""Staff hear of who registers and books: one notice for each listing, never a name, never at night, only if wanted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds.calls import RegisterInterest, WithdrawInterest
from conversations.deeds.offers import Book, CancelBooking
from conversations.deeds.staff import HearOfRegistrations
from conversations.speech import Done, Spoken
from models.caring.answer import Hotline
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.who.people import Person
from models.who.staff import RegistrationNotice, StaffChoice
from tests.house import House, buttons

MARK = "Zvezdokljun"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro")
    made.person("vera", "en", organisation="kokoro", role="safeguarding")
    made.person("boris", "en", organisation="kazanlak")
    made.person("adi", "en", organisation="valjevo", role="admin")
    for name in ("p0", "p1", "p2", "p3"):
        made.person(name, "en", band="15-17", town="bor")
    first = made.person_id("p0")
    with Session(made.database) as session:
        session.execute(update(Hotline).values(checked_at=made.now))
        session.execute(update(Person).where(Person.id == first).values(called=MARK))
        session.commit()
    return made


def do(house: House, name: str, deed: Deed) -> Done:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id, channel="console"), deed)
        session.commit()
    return done


def sessions(house: House, code: str) -> list[int]:
    with Session(house.database) as session:
        found = select(Meeting.id).join(Listing, Listing.id == Meeting.listing_id).where(Listing.code == code)
        return list(session.scalars(found.order_by(Meeting.starts_at)))


def book(house: House, name: str, nth: int = 0, code: str = "bor-matematika") -> Done:
    return do(house, name, Book(sessions(house, code)[nth], (house.person_id(name),)))


def notices(seen: list[tuple[str, Spoken]], name: str) -> list[str]:
    return [message.text for who, message in seen if who == name and message.text.startswith("🙋")]


def test_the_first_is_told_at_once_and_the_next_ones_an_hour_later_as_one(house: House) -> None:
    book(house, "p0")
    first = house.advance(minutes=5)
    (told,) = notices(first, "ana")
    assert told == "🙋 1 new registration for “Maths: help with learning”, the last at 10:00."
    for name, nth in (("p1", 0), ("p2", 1)):
        book(house, name, nth)
        house.now += timedelta(minutes=10)
    later = house.advance(hours=3)
    assert notices(later, "ana") == ["🙋 2 new registrations for “Maths: help with learning”, the last at 10:15."], (
        "one message for both"
    )


def test_nothing_is_said_at_night_and_all_of_it_in_the_morning(house: House) -> None:
    house.advance(hours=11)
    for name in ("p0", "p1", "p2"):
        book(house, name, 2)
    night = house.advance(hours=10)
    assert notices(night, "ana") == []
    morning = house.advance(hours=2)
    assert notices(morning, "ana") == [
        "🙋 3 new registrations for “Maths: help with learning”, the last at 2 March, 21:00."
    ]


def test_what_was_taken_back_meanwhile_is_not_counted(house: House) -> None:
    house.advance(hours=11)
    booked = book(house, "p0", 2).details["bookings"]
    assert isinstance(booked, list)
    do(house, "p0", CancelBooking(booked[0]))
    book(house, "p1", 2)
    (told,) = notices(house.advance(hours=12), "ana")
    assert told.startswith("🙋 1 new registration")


def test_only_staff_of_the_organisation_hear_of_it_and_no_name_is_said(house: House) -> None:
    book(house, "p0")
    seen = house.advance(minutes=5)
    assert {name for name, message in seen if message.text.startswith("🙋")} == {"ana"}
    assert not any(MARK in message.text for _name, message in seen)


def test_administrators_hear_of_interest_in_their_call_and_see_it_with_one_tap(house: House) -> None:
    with Session(house.database) as session:
        call = session.scalars(select(Listing.id).where(Listing.code == "valjevo-praksa")).one()
    do(house, "p0", RegisterInterest(call, {"why": "DEMO"}))
    (told,) = notices(house.advance(minutes=5), "adi")
    assert "internships" in told
    house.tap("adi", "See who")
    assert "These people registered." in house.people["adi"].shown[-1].text
    do(house, "p0", WithdrawInterest(call))
    assert notices(house.advance(hours=2), "adi") == []


def test_one_tap_leads_to_the_people_of_that_listing_alone(house: House) -> None:
    book(house, "p0")
    house.advance(minutes=5)
    house.tap("ana", "See who")
    cards = [card.text for card in house.people["ana"].shown[-1].cards]
    assert cards
    assert all("Maths" in card for card in cards)


def test_the_button_of_a_member_of_staff_works_for_nobody_else(house: House) -> None:
    book(house, "p0")
    house.advance(minutes=5)
    tap = house.button("ana", "See who").tap
    assert not any(card for message in [m for _n, m in house.hear("p1", tap=tap)] for card in message.cards)


def test_several_listings_have_notices_of_their_own(house: House) -> None:
    with Session(house.database) as session:
        other = session.scalars(
            select(Listing.code)
            .join(Meeting, Meeting.listing_id == Listing.id)
            .where(Listing.code.like("bor-%"), Listing.code != "bor-matematika")
            .order_by(Listing.id)
        ).first()
    assert other is not None
    with Session(house.database) as session:
        session.execute(update(Listing).where(Listing.code == other).values(bands=[]))
        session.commit()
    book(house, "p0")
    assert book(house, "p1", 0, other).outcome == "booked"
    assert len(notices(house.advance(minutes=5), "ana")) == 2


def test_whoever_books_for_themself_is_not_told_of_it(house: House) -> None:
    assert book(house, "ana").outcome in ("booked", "age")
    with Session(house.database) as session:
        session.execute(update(Listing).values(bands=[]))
        session.commit()
    assert book(house, "ana", 1).outcome == "booked"
    assert notices(house.advance(hours=2), "ana") == []


def test_a_switch_turns_it_off_for_one_member_of_staff_and_on_again(house: House) -> None:
    house.person("petra", "en", organisation="kokoro")
    book(house, "p0")
    house.advance(minutes=5)
    house.tap("ana", "🔕 No such notices")
    book(house, "p1", 1)
    seen = house.advance(hours=2)
    assert notices(seen, "ana") == []
    assert len(notices(seen, "petra")) == 1
    assert do(house, "ana", HearOfRegistrations(True)).outcome == "on"
    book(house, "p2", 2)
    assert len(notices(house.advance(hours=2), "ana")) == 1


def test_the_switch_is_for_staff_alone(house: House) -> None:
    assert do(house, "p0", HearOfRegistrations(False)).outcome == "refused"
    with Session(house.database) as session:
        assert session.scalars(select(StaffChoice)).all() == []


def test_a_notice_that_is_being_sent_is_not_changed_any_more(house: House) -> None:
    house.advance(hours=11)
    book(house, "p0", 2)
    with Session(house.database) as session:
        row = session.get_one(Outgoing, session.scalars(select(RegistrationNotice.outgoing_id)).one())
        row.state, body = "sending", row.body
        session.commit()
    book(house, "p1", 2)
    with Session(house.database) as session:
        rows = session.scalars(select(Outgoing).where(Outgoing.kind == "digest").order_by(Outgoing.id)).all()
        assert [row.state for row in rows] == ["sending", "waiting"]
        assert rows[0].body == body


def test_the_buttons_are_ones_own(house: House) -> None:
    book(house, "p0")
    house.advance(minutes=5)
    assert [button.label for button in buttons(house.people["ana"].shown[-1])] == ["See who", "🔕 No such notices"]
