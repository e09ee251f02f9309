"""Trouble and long waiting lists as cards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.caring.desk import DeskCard
from models.messages.message import Note, Outgoing
from models.messages.sending import note
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.taking import book
from models.who.people import Person
from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_cards.kit import card, registers


def noted(house: DeskHouse, kind: str = "quarantined", about: str = "telegram: KeyError") -> None:
    with Session(house.database) as session:
        note(session, house.now, kind, about)
        session.commit()


def test_a_message_in_doubt_is_sent_again_by_an_administrator_only(house: DeskHouse) -> None:
    house.hear("mila", "/menu")
    house.in_doubt("mila")
    with Session(house.database) as session:
        row = session.scalars(select(Outgoing).where(Outgoing.state == "unsure")).one()
        row.kind, unsure = "reminder", row.id
        session.commit()
    house.look()
    post = card(house, "It is not known whether this message arrived")
    house.presses("ana", "Send it again", post)
    assert house.answer == "Only administrators of the organisation can do this."
    assert post.labels == ["Send it again", "Ask whether it came", "Leave it"]
    before = len(house.people["mila"].shown)
    house.presses("dora", "Send it again", post)
    assert "🔁 sent again" in post.text
    assert len(house.people["mila"].shown) == before + 1
    with Session(house.database) as session:
        assert session.get_one(Outgoing, unsure).state == "sent"


def test_a_quarantined_message_and_a_stopped_channel_are_cards_that_anybody_settles(house: DeskHouse) -> None:
    noted(house)
    noted(house, "stopped", "viber: token refused")
    house.look()
    house.presses("ana", "I have seen it", card(house, "could not be handled"))
    house.presses("petra", "I have seen it", card(house, "A channel has stopped"))
    with Session(house.database) as session:
        assert session.scalars(select(Note.seen_at)).all() == [house.now, house.now]
    assert "👀 seen · Ana" in card(house, "could not be handled").text


def test_trouble_of_the_desk_itself_brings_forth_no_cards(house: DeskHouse) -> None:
    noted(house, "stopped", "desk: token refused")
    registers(house)
    house.look()
    with Session(house.database) as session:
        row = session.scalars(select(Outgoing).order_by(Outgoing.id.desc())).first()
        assert row is not None
        note(session, house.now, "refused", "reply: desk: too long", row.id)
        session.commit()
    house.look()
    assert [one.text.splitlines()[0] for one in house.posted] == [
        f"🆕 Application number {4000 + house.person_id('mila')} waits for a decision."
    ]


def test_many_troubles_come_a_few_at_a_time(house: DeskHouse) -> None:
    for number in range(20):
        noted(house, "reminder", f"trouble {number}")
    with Session(house.database) as session:
        from bot.desk.look import look
        from bot.doing import Doing

        doing = Doing(session, house.now, house.rules)
        look(doing)
        look(doing)
        look(doing)
        assert session.query(DeskCard).count() == 6, "no more than six wait to be sent"
        session.rollback()


def meeting(house: DeskHouse, *, waiting: int) -> int:
    """A full meeting of the desk's organisation, with so many people in line."""
    mine = house.group().organisation_id
    with Session(house.database) as session:
        row = session.scalars(
            select(Meeting)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(Listing.organisation_id == mine, Meeting.starts_at > house.now)
            .order_by(Meeting.id)
        ).first()
        assert row is not None
        row.capacity, found = 1 + row.taken, row.id
        for number in range(waiting + 1):
            person = Person(called=f"=DEMO {number}", band="18+", created_at=house.now, welcomed_at=house.now)
            session.add(person)
            session.flush()
            book(session, house.now, session_id=found, person_id=person.id, booked_by_id=person.id)
        session.commit()
    return found


def test_a_long_waiting_list_is_a_card_and_a_short_one_is_not(house: DeskHouse) -> None:
    meeting(house, waiting=2)
    assert house.look() == []
    meeting(house, waiting=3)
    house.look()
    post = card(house, "people wait for a place")
    assert post.labels == ["Look", "I have seen it"]
    house.presses("ana", "Look", post)
    assert "DEMO" in house.posted[-1].text
    house.presses("ana", "I have seen it", post)
    assert "👀 seen · Ana" in post.text
