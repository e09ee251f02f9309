"""A yes that is taken back: what it closes, who may, and what a guardian switches for their child."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doing import Doing
from models.who import consent
from tests.bot.people.kit import code_for, confirm, me
from tests.house import House


def test_a_withdrawn_yes_closes_booking_and_cancels_what_was_booked(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part")
    kid_id = house.person_id("kid")
    with Session(house.database) as session:
        from models.offers.listing import Session as Meeting
        from models.places.booking import Booking
        from models.places.locking import take_place

        meeting = session.scalars(select(Meeting).where(Meeting.starts_at > house.now + timedelta(days=1))).first()
        assert meeting is not None
        meeting_id, before = meeting.id, meeting.taken
        take_place(session, meeting)
        session.add(
            Booking(
                number=990001, session_id=meeting_id, person_id=kid_id, booked_by_id=kid_id, state="booked",
                created_at=house.now, changed_at=house.now,
            )
        )  # fmt: skip
        session.commit()
    house.hear("mum", "withdraw")
    house.tap("mum", "👪 My children")
    house.hear("mum", "1")
    house.tap("mum", "↩️ Take back a yes")
    shown = house.hear("mum", "🙋 Taking part")
    assert any(name == "kid" and "cancelled" in message.text for name, message in shown)
    assert not me(house, "kid").may_book
    with Session(house.database) as session:
        assert session.scalars(select(Booking.state).where(Booking.number == 990001)).one() == "cancelled"
        assert session.get_one(Meeting, meeting_id).taken == before


def test_somebody_elses_child_cannot_be_touched(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    house.person("thief", "en", band="18+")
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part")
    from bot.deeds.every import perform
    from conversations.deeds.people import AgreeForChild, LeaveChild, SetChildReminders, Withdraw

    kid = house.person_id("kid")
    thief = house.person_id("thief")
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, thief, 0, "console")
        assert perform(doing, Withdraw("attend", kid)).outcome == "nothing"
        assert perform(doing, AgreeForChild(kid, "photos")).outcome == "not_yours"
        assert perform(doing, SetChildReminders(kid, False)).outcome == "not_yours"
        assert perform(doing, LeaveChild(kid)).outcome == "not_yours"
        assert consent.stands(session, kid, "attend")
        assert not consent.stands(session, kid, "photos")


def test_ones_own_yes_can_be_taken_back_and_given_again(house: House) -> None:
    house.person("ann", "en", band="18+", town="bor")
    house.hear("ann", "withdraw")
    house.tap("ann", "Booking and taking part")
    assert not me(house, "ann").may_book
    house.hear("ann", "my data")
    house.tap("ann", "👍 Yes to booking")
    house.tap("ann", "Yes")
    assert me(house, "ann").may_book


def test_a_guardians_switch_counts_for_what_is_booked_already(house: House) -> None:
    from bot.deeds.every import perform
    from conversations.deeds.offers import Book
    from conversations.deeds.people import SetChildReminders
    from models.messages.reminder import Reminder
    from models.offers.listing import Listing
    from models.offers.listing import Session as Meeting

    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part", "⏰ Reminders to me")
    kid, mum = house.person_id("kid"), house.person_id("mum")

    def planned() -> set[int]:
        return set(session.scalars(select(Reminder.recipient_id).where(Reminder.state == "planned")))

    with Session(house.database) as session:
        found = select(Meeting.id).join(Listing, Listing.id == Meeting.listing_id)
        meeting = session.scalars(found.where(Listing.code == "bor-matematika").order_by(Meeting.starts_at)).first()
        assert meeting is not None
        doing = Doing(session, house.now, house.rules, mum, 0, "console")
        assert perform(doing, Book(meeting, (kid,))).outcome == "booked"
        assert planned() == {kid, mum}
        perform(doing, SetChildReminders(kid, False))
        assert planned() == {kid}
        perform(doing, SetChildReminders(kid, True))
        assert planned() == {kid, mum}
