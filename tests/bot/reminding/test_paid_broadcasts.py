"""What a broadcast costs is told before it is sent, and it is not sent where there is no money for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.campaigns.judging import count
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts.helping.costs import euros
from conversations.deeds import Deed
from conversations.deeds.offers import Book, CancelBooking
from conversations.deeds.staff import CancelSession
from conversations.speech import Attachment, Done, Spoken
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.claiming import claim
from models.messages.message import Note, Outgoing
from models.messages.money import Spending, Tariff
from models.messages.reminder import Reminder
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places.booking import Booking
from models.who.people import Address, Person
from tests.house import MONDAY, House

YOUNG = Audience(roles=("young",))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    for number in range(12):
        made.person(f"p{number}", "sr-Latn", band="15-17", town="bor")
    set_tariff(made, budget=100_000)
    silent(made, [f"p{number}" for number in range(4)])
    yield made


def set_tariff(house: House, *, budget: int, prices: tuple[tuple[str, int], ...] = (("RS", 20_000),)) -> None:
    tariff = Tariff("console", "Paid app", prices=prices, budget=budget)
    house.rules = house.dialogue.rules = replace(house.rules, tariffs=(tariff,))


def silent(house: House, names: list[str], since: datetime = MONDAY - timedelta(days=2)) -> None:
    """So many days without a word of theirs: writing to them costs."""
    addresses = [house.people[name].external_id for name in names]
    with Session(house.database) as session:
        session.execute(update(Address).where(Address.external_id.in_(addresses)).values(last_heard_at=since))
        session.commit()


def spend(house: House, micros: int, month: str = "2026-03") -> None:
    with Session(house.database) as session:
        session.add(Spending(channel="console", month=month, micros=micros, messages=1, unsent=0))
        session.commit()


def draft(house: House) -> Spoken:
    """Up to the preview."""
    house.hear("ana", "/broadcast")
    house.tap("ana", "✏️ Write a new one")
    house.tap("ana", "Young people")
    house.hear("ana", "The club begins on Friday.")
    house.tap("ana", "Done")
    return house.tap("ana", "No button")[-1][1]


def labels(message: Spoken) -> list[str]:
    return [button.label for button in message.buttons if not button.quiet]


def test_the_preview_says_what_is_free_and_what_costs(house: House) -> None:
    shown = draft(house)
    assert (
        "💶 8 free of charge, 4 people by paid messages on Paid app: about 0.08 EUR. Left this month: 0.10 EUR."
        in shown.text
    )
    ways = ["🕗 Send later", "✏️ Change the text", "🎙 Add a voice note"]
    assert labels(shown) == ["📤 Send now", *ways, "🗑 Throw away"]
    house.tap("ana", "🎙 Add a voice note")
    with_voice = house.hear("ana", attachment=Attachment("voice", size=4, content=b"DEMO"))[-1][1]
    assert "about 0.16 EUR" in with_voice.text, "words and voice are two messages there"
    assert "more than may be spent" in with_voice.text


def test_sums_are_written_as_in_the_language() -> None:
    assert euros(1_005_000, "en") == "1.01"
    assert euros(1_005_000, "sr-Cyrl") == euros(1_005_000, "bg") == "1,01"


def test_where_nothing_costs_nothing_is_said_of_money(house: House) -> None:
    silent(house, [f"p{number}" for number in range(12)], since=MONDAY)
    assert "💶" not in draft(house).text


def test_a_price_that_is_not_known_is_said_to_be_unknown(house: House) -> None:
    set_tariff(house, budget=1_000_000, prices=())
    shown = draft(house)
    assert "about 0.20 EUR" in shown.text
    assert "The price is not known for 4 of them: reckoned with 0.05 EUR each." in shown.text


def test_what_is_more_than_is_left_goes_where_it_is_free(house: House) -> None:
    spend(house, 50_000)
    shown = draft(house)
    assert "Left this month: 0.05 EUR." in shown.text
    assert "⚠️ That is more than may be spent." in shown.text
    assert labels(shown) == [
        "📤 Send where it is free",
        "🕗 Send later",
        "✏️ Change the text",
        "🎙 Add a voice note",
        "👥 Choose other people",
        "🗑 Throw away",
    ]
    asked = house.tap("ana", "📤 Send where it is free")[-1][1]
    assert asked.text == "Send it to 8 people now?"
    house.tap("ana", "Yes, send it")
    house.advance(minutes=1)
    with Session(house.database) as session:
        told = dict(
            session.execute(
                select(Address.external_id, Outgoing.state)
                .join(Outgoing, Outgoing.address_id == Address.id)
                .where(Outgoing.kind == "broadcast")
            ).all()
        )
        left = session.scalars(select(Recipient.reason).where(Recipient.state == "left")).all()
        assert session.scalars(select(Broadcast.free_only)).one() is True
    assert sorted(told) == sorted(f"console-p{number}" for number in range(4, 12))
    assert list(left) == ["paid"] * 4
    seen = house.hear("ana", "/broadcast")
    house.tap("ana", "📜 Earlier ones")
    assert seen
    progress = house.tap("ana", "Look")[-1][1]
    assert "could only be written to for money: 4" in progress.text


def test_money_that_was_spent_meanwhile_is_noticed_when_it_is_sent(house: House) -> None:
    draft(house)
    house.tap("ana", "📤 Send now")
    spend(house, 90_000)
    said = [message.text for _name, message in house.tap("ana", "Yes, send it")]
    assert said[0] == "There is not enough money left for that. Nothing was sent."
    assert "📤 Send where it is free" in labels(house.people["ana"].shown[-1])
    with Session(house.database) as session:
        assert session.scalars(select(Broadcast.id)).all() == []


def test_a_broadcast_of_next_month_has_the_money_of_next_month(house: House) -> None:
    spend(house, 100_000)
    with Session(house.database) as session:
        now = count(session, house.rules, MONDAY, YOUNG)
        later = count(session, house.rules, MONDAY + timedelta(days=31), YOUNG, now=MONDAY)
    assert not now.affordable
    assert later.costs[0].left == 100_000
    assert later.costs[0].people == 12, "nobody's free hours last as long"
    assert later.reached == 12


def test_other_people_can_be_chosen(house: House) -> None:
    spend(house, 100_000)
    draft(house)
    shown = house.tap("ana", "👥 Choose other people")[-1][1]
    assert shown.text == "Who should get it?"


def test_staff_see_what_was_not_sent_and_who_was_not_reminded(house: House) -> None:
    person_id = house.person_id("p0")
    with Session(house.database) as session:
        meeting = session.scalars(
            select(Meeting)
            .join(Listing, Listing.id == Meeting.listing_id)
            .join(Organisation, Organisation.id == Listing.organisation_id)
            .where(Meeting.starts_at > MONDAY, Organisation.code == "kokoro")
            .limit(1)
        ).one()
        booking = Booking(session_id=meeting.id, person_id=person_id, booked_by_id=person_id, number=4711)
        booking.state = "booked"
        booking.created_at = booking.changed_at = MONDAY
        session.add(booking)
        session.flush()
        for before in (1440, 120):
            reminder = Reminder(about="booking", about_id=booking.id, recipient_id=booking.person_id)
            reminder.session_id, reminder.before_minutes, reminder.due_at = meeting.id, before, MONDAY
            reminder.state, reminder.reason = "missed", "budget"
            session.add(reminder)
        session.add(Spending(channel="console", month="2026-03", micros=100_000, messages=5, unsent=3))
        session.add(Note(kind="budget", about="console 2026-03", created_at=MONDAY))
        session.commit()
    house.hear("ana", "/desk")
    listed = house.tap("ana", "🔔 1 note")[-1][1]
    assert "💶 The money for paid messages on Paid app is used up (0.10 EUR a month)." in str(listed)
    shown = house.tap("ana", "Look")[-1][1]
    assert "3 messages were not sent." in shown.text
    assert shown.text.count("(4711)") == 1
    assert "Please reach them in another way." in shown.text
    house.tap("ana", "I have seen it")


def unaffordable(house: House) -> list[int]:
    """The outbox takes everything that waits, and there is no money: what was dropped."""
    with Session(house.database) as session:
        waiting = session.scalars(select(Outgoing.id).where(Outgoing.state == "waiting").order_by(Outgoing.id)).all()
        claim(session, house.now, waiting, house.rules.tariffs)
        session.commit()
        dropped = session.scalars(select(Outgoing).where(Outgoing.id.in_(waiting), Outgoing.reason == "budget"))
        return [row.id for row in dropped]


def note_of(house: House, name: str) -> str:
    """What somebody of the staff reads of the only note there is."""
    house.hear(name, "/desk")
    house.tap(name, "🔔 1 note")
    return house.tap(name, "Look")[-1][1].text


def test_staff_see_who_could_not_be_told_of_what_so_that_they_can_phone(house: House) -> None:
    house.person("ema", "en", organisation="kazanlak", town="bor")
    set_tariff(house, budget=0)
    mila = house.person_id("p2")
    with Session(house.database) as session:
        meeting = session.scalars(
            select(Meeting)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(Listing.code == "bor-matematika", Meeting.starts_at > MONDAY + timedelta(days=1))
            .order_by(Meeting.id)
        ).first()
        assert meeting is not None
        meeting.capacity = 1
        called_off = meeting.id
        session.get_one(Person, mila).called = "Mila DEMO"
        session.commit()

    def does(name: str, deed: Deed) -> Done:
        with Session(house.database) as session:
            done = perform(Doing(session, house.now, house.rules, house.person_id(name), channel="console"), deed)
            session.commit()
        return done

    booked = does("p1", Book(called_off, (house.person_id("p1"),)))
    assert does("p2", Book(called_off, (house.person_id("p2"),))).outcome == "waiting"
    house.advance(minutes=1)
    silent(house, ["p1", "p2"])
    bookings = booked.details["bookings"]
    assert isinstance(bookings, list)
    does("p1", CancelBooking(bookings[0]))  # the place is held for p2, who cannot be told
    assert len(unaffordable(house)) == 1
    told = note_of(house, "ana")
    with Session(house.database) as session:
        number = session.scalars(select(Booking.number).where(Booking.person_id == mila)).one()
    assert f"Waiting for news that was not sent:\nMila DEMO ({number}): Maths: help with learning" in told
    assert "Mila" not in note_of(house, "ema"), "each team sees its own"
    # a colleague has looked; a day later more is not sent: they hear of it again, and of each person once
    house.hear("ana", "/desk")
    house.tap("ana", "🔔 1 note")
    house.tap("ana", "Look")
    house.tap("ana", "I have seen it")
    house.advance(hours=24)
    assert does("p2", Book(called_off, (mila,))).outcome == "booked", "what was held lapsed meanwhile"
    house.advance(minutes=1)
    silent(house, ["p2"])
    does("ana", CancelSession(called_off, "ill", urgent=True))
    assert unaffordable(house)
    told = note_of(house, "ana")
    assert told.count("Mila DEMO") == 1
    # whoever writes was answered, and needs no call
    with Session(house.database) as session:
        theirs = house.people["p2"].external_id
        session.execute(update(Address).where(Address.external_id == theirs).values(last_heard_at=house.now))
        session.commit()
    assert "Mila" not in note_of(house, "ana")
