"""What comes unasked is seen last: a number right after it counts in it, and never in the question above it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.last_shown import shown_since
from bot.doing import Doing
from conversations.offers import words
from conversations.speech import Say, verbatim
from models.messages.conversation import Talk
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from models.who.people import Address
from tests.house import House, buttons

AHEAD = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Mila has a place, and is looking at the menu."""
    house = House(tmp_path)
    house.person("mila", "en", band="15-17", town="bor")
    mila = house.person_id("mila")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).first()
        meetings = select(Meeting).where(Meeting.starts_at > AHEAD).order_by(Meeting.starts_at)
        if listing is not None:
            meetings = meetings.where(Meeting.listing_id == listing.id)
        for meeting in session.scalars(meetings):
            if book(session, house.now, session_id=meeting.id, person_id=mila, booked_by_id=mila).outcome == "booked":
                break
        session.commit()
    house.hear("mila", "/menu")
    return house


def _booking(house: House) -> Booking:
    with Session(house.database) as session:
        return session.scalars(select(Booking)).one()


def _reminded(house: House) -> None:
    """A reminder with its two buttons comes, an hour after whatever was said last."""
    house.advance(hours=1)
    mine = _booking(house)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules)
        coming = doing.button(mine.person_id, words.COMING, "coming", {"bookings": [mine.id]})
        not_coming = doing.button(mine.person_id, words.NOT_COMING, "not_coming", {"booking": mine.id})
        doing.tell(mine.person_id, Say(verbatim("Tomorrow at five."), (coming, not_coming)), "reminder")
        session.commit()
    assert [message.text for _name, message in house._deliver()] == ["Tomorrow at five."]
    house.advance(minutes=5)


def test_a_number_after_a_reminder_counts_its_buttons(house: House) -> None:
    _reminded(house)
    assert [message.text for _name, message in house.hear("mila", "2")] == [
        "It is cancelled. Thank you for telling us: somebody else can come."
    ]
    assert _booking(house).state == "cancelled"


def test_what_it_does_not_offer_brings_the_question_back_and_does_nothing(house: House) -> None:
    house.hear("mila", "/find")
    asked = house.people["mila"].shown[-1]
    _reminded(house)
    for said in ("5", "0", "back"):
        ((_name, shown),) = house.hear("mila", said)
        assert [button.label for button in buttons(shown)] == [button.label for button in buttons(asked)]
        assert _booking(house).state == "booked"
        if said != "back":
            _reminded(house)


def test_after_its_answer_a_second_number_chooses_nothing_in_the_question_above(house: House) -> None:
    _reminded(house)
    house.hear("mila", "1")
    ((_name, shown),) = house.hear("mila", "1")
    assert len(buttons(shown)) >= 6, "the menu, to be seen again before anything of it is chosen"


def test_words_written_to_somebody_who_is_asked_for_words_are_theirs(house: House) -> None:
    house.hear("mila", "person")
    _reminded(house)
    ((_name, shown),) = house.hear("mila", "2")
    assert _booking(house).state == "booked", "it may have been meant for the letter"
    assert "mixed up" in shown.text
    assert "mixed up" not in house.hear("mila", "2 of us cannot come")[0][1].text


def test_an_apology_with_no_more_than_the_menu_is_seen_last_as_well(house: House) -> None:
    house.hear("mila", "/find")
    asked = house.people["mila"].shown[-1]
    house.advance(minutes=5)
    house.trouble("mila")
    house.advance(minutes=5)
    ((_name, shown),) = house.hear("mila", "1")
    assert [button.label for button in buttons(shown)] == [button.label for button in buttons(asked)]


def test_once_the_question_was_asked_after_it_or_nothing_with_buttons_came_numbers_count_the_question(
    house: House,
) -> None:
    _reminded(house)
    mila = house.person_id("mila")
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.person_id == mila)).one()
        asked_at = session.get_one(Talk, address.id).changed_at
        came = shown_since(session, address.id)
        assert came is not None
        assert len(came.taps) == 2
        on_its_way = {"kind": "reply", "rank": 0, "state": "waiting", "body": {}, "due_at": asked_at}
        session.add(Outgoing(address_id=address.id, created_at=asked_at, **on_its_way))
        session.flush()
        assert shown_since(session, address.id) is None, "the question itself has not been shown yet"
        session.rollback()
    house.hear("mila", "/menu")
    house.advance(hours=1)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules)
        doing.tell(mila, Say(verbatim("Only so that you know.")), "reminder")
        session.commit()
    house._deliver()
    house.advance(minutes=5)
    house.hear("mila", "2")
    assert "book" in house.people["mila"].shown[-1].text.lower()
    assert _booking(house).state == "booked"
