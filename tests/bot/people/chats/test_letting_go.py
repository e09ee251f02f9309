"""A chat that is taken away learns nothing more, and its buttons do nothing any more."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.conversation import Standing
from models.messages.message import Outgoing
from models.places.booking import Booking
from models.who.people import Address, Person
from tests.bot.people.chats.kit import book, bookings, link, texts
from tests.house import House

MARK = "DEMOmarker"


def waits_for(house: House, name: str, kind: str, rank: int) -> None:
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.external_id == f"console-{name}")).one()
        session.add(
            Outgoing(
                address_id=address.id, kind=kind, rank=rank, body={"text": f"{MARK} {kind}", "language": "en"},
                due_at=house.now + timedelta(hours=1), created_at=house.now,
            )
        )  # fmt: skip
        session.commit()


def let_go(house: House, of: str, which: str) -> None:
    house.hear(of, "/settings")
    house.tap(of, "📱 Another phone or app")
    house.tap(of, which)
    house.tap(of, "❌ Take this chat away")
    house.tap(of, "Yes")


@pytest.mark.parametrize("by", ["mila", "tablet"])
def test_after_unlinking_nothing_of_the_person_goes_to_the_old_address(house: House, by: str) -> None:
    link(house, "mila", "tablet")
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mila")).called = MARK
        session.commit()
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    for kind, rank in (("reminder", 1), ("broadcast", 2), ("reply", 0)):
        waits_for(house, "tablet", kind, rank)
    mine = house.person_id("mila")
    let_go(house, by, "Console (this one)" if by == "tablet" else "Console")
    house.people["tablet"].shown.clear()
    house.people["mila"].shown.clear()
    seen = house.advance(hours=26)
    assert [name for name, message in seen if MARK in message.text] == ["mila", "mila"], "each once, but no answers"
    assert "A reminder" in texts(seen, "mila")
    assert not house.people["tablet"].shown
    for words in ("my data", "/menu", "my bookings", "hello"):
        shown = texts(house.hear("tablet", words), "tablet")
        assert MARK not in shown
        assert "Number" not in shown
    with Session(house.database) as session:
        left = session.scalars(
            select(Outgoing).join(Address).where(Address.external_id == "console-tablet", Outgoing.body.is_not(None))
        )
        assert MARK not in json.dumps([row.body for row in left])
        assert session.scalars(select(Address.person_id).where(Address.external_id == "console-tablet")).all() != [mine]
        assert session.scalars(select(Booking.person_id)).all() == [mine], "the person keeps everything"


def test_buttons_on_a_lost_phone_do_nothing_any_more(house: House) -> None:
    link(house, "mila", "tablet")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    house.advance(hours=24)
    button = house.button("tablet", "I can't come").tap
    let_go(house, "mila", "Console")
    house.hear("tablet", tap=button)
    assert bookings(house, "mila") == ["booked"]
    with Session(house.database) as session:
        assert session.scalars(select(Standing.used_at).where(Standing.token == button[2:])).all() == [None]


def test_the_only_chat_cannot_be_taken_away(house: House) -> None:
    house.hear("mila", "/settings")
    house.tap("mila", "📱 Another phone or app")
    shown = house.tap("mila", "Console (this one)")
    assert "❌ Take this chat away" not in [button.label for _name, message in shown for button in message.buttons]


def test_erasing_reaches_every_chat_and_what_was_joined(house: House) -> None:
    link(house, "mila", "other")
    house.hear("other", "delete me")
    for label in ("🗑 Delete everything", "Yes, delete", "Delete everything now"):
        house.tap("other", label)
    house.advance(minutes=15)
    with Session(house.database) as session:
        assert session.scalars(select(Address)).all() == []
        assert all(person.erased_at is not None for person in session.scalars(select(Person)) if person.merged_into_id)
