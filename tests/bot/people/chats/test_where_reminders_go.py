"""Of several chats, the one that reminders go to: a wish, money, the last word, and what is left."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.message import Outgoing
from models.messages.money import Tariff
from models.messages.reminder import Reminder
from models.who import linking
from models.who.people import Address
from models.who.reaching import places as ways
from tests.bot.people.chats.kit import book, link
from tests.house import House


def reminded(house: House, **by: float) -> list[str]:
    return [name for name, message in house.advance(**by) if "A reminder" in message.text]


def test_reminders_go_where_they_are_wanted_not_where_one_wrote_last(house: House) -> None:
    link(house, "mila", "tablet")
    house.hear("mila", "/settings")
    house.tap("mila", "📱 Another phone or app")
    house.tap("mila", "Console (this one)")
    house.tap("mila", "🔔 Reminders to this chat")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    assert reminded(house, hours=24) == ["mila"]
    assert reminded(house, hours=6) == ["mila"]


def test_a_wish_counts_more_than_money_and_money_more_than_the_last_word(house: House) -> None:
    link(house, "mila", "tablet")
    person_id = house.person_id("mila")
    tariffs = (Tariff("viber", "Viber"),)
    later = house.now + timedelta(days=3)
    with Session(house.database) as session:
        paid, free = session.scalars(select(Address).where(Address.person_id == person_id)).all()
        paid.channel = "viber"
        paid.last_heard_at, free.last_heard_at = house.now, house.now - timedelta(days=1)
        session.flush()
        assert [one.id for one in ways(session, [person_id], later, tariffs)[person_id]] == [free.id, paid.id]
        assert linking.prefer(session, house.now, person_id, paid.id)
        assert [one.id for one in ways(session, [person_id], later, tariffs)[person_id]] == [paid.id, free.id]
        assert not linking.prefer(session, house.now, person_id + 1, paid.id), "nobody chooses for somebody else"
        paid.active = False
        session.flush()
        assert [one.id for one in ways(session, [person_id], later, tariffs)[person_id]] == [free.id]


def test_without_a_wish_they_go_where_one_wrote_last(house: House) -> None:
    link(house, "mila", "tablet")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    assert reminded(house, hours=24) == ["tablet"]


def test_a_chat_that_is_blocked_hands_on_what_waits_once(house: House) -> None:
    link(house, "mila", "tablet")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    with Session(house.database) as session:
        reminder = session.scalars(select(Reminder).order_by(Reminder.due_at)).first()
        address = session.scalars(select(Address).where(Address.external_id == "console-tablet")).one()
        assert reminder is not None
        reminder.state = "queued"
        session.add(
            Outgoing(
                address_id=address.id, kind="reminder", rank=1, body={"text": "A reminder", "language": "en"},
                due_at=house.now + timedelta(hours=2), reminder_id=reminder.id, created_at=house.now,
            )
        )  # fmt: skip
        session.commit()
    house.event("tablet", "left")
    assert reminded(house, hours=4) == ["mila"]
    house.event("tablet", "returned")
    assert reminded(house, hours=4) == []


def test_a_stop_said_in_one_chat_counts_in_all_and_leaving_one_in_that_one_alone(house: House) -> None:
    link(house, "mila", "tablet")
    book(house, "mila")
    house.hear("tablet", "stop")
    house.tap("tablet", "🔕 Stop messages")
    assert reminded(house, hours=24) == [], "also not in the chat where nobody said so"
    house.hear("tablet", "start")
    house.tap("tablet", "Yes")
    house.event("tablet", "left")
    assert reminded(house, hours=6) == ["mila"], "who leaves one app has stopped nothing in the other"
