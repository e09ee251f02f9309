"""Topics end with the person and with time, and outlast what happens to their group."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.telling import queue
from conversations.speech import Spoken
from models.caring import desk
from models.messages.message import Outgoing
from models.messages.sending import gone
from models.who import erasure
from models.who.people import Address
from tests.bot.desk.desk_kit import COMMON, DeskHouse
from tests.bot.desk_topics.kit import MARK, asks


def test_erasing_the_person_deletes_their_topic(house: DeskHouse) -> None:
    asks(house)
    mila = house.person_id("mila")
    with Session(house.database) as session:
        erasure.erase(session, house.now, mila)
        session.commit()
    house.look()
    assert house.done[-1].startswith("delete")
    assert house.topics() == [("", "gone")]
    house.look()
    assert [act.split()[0] for act in house.done] == ["open", "delete"]


def test_a_topic_is_deleted_ninety_days_after_its_request_was_closed(house: DeskHouse) -> None:
    asks(house)
    house.presses("ana", "Close")
    house.look()
    house.now += timedelta(days=89)
    house.look()
    assert house.topics()[0][1] == "closed"
    house.now += timedelta(days=2)
    house.look()
    assert house.topics() == [("", "gone")]


def test_a_topic_that_somebody_deleted_is_made_anew_with_everything(house: DeskHouse) -> None:
    thread = asks(house)
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.external_id == f"{COMMON}/{thread}")).one()
        waiting = queue(session, house.now, address.id, Spoken(MARK), "reply")
        assert gone(session, address.id, "desk: message thread not found") == [], "it moves to no other place"
        assert session.get_one(Outgoing, waiting).state == "cancelled"
        session.commit()
    house.look()
    new = house.thread()
    assert new != thread
    assert house.texts(new)[-1] == f"👤 {MARK}"


def test_a_bot_put_out_of_the_group_waits_and_posts_what_was_missed_when_it_is_back(house: DeskHouse) -> None:
    thread = asks(house)
    house.changes("out")
    assert house.group().trouble == "not a member"
    house.hear("mila", "Još nešto")
    assert house.look() == []
    with Session(house.database) as session:
        group = desk.group_at(session, COMMON)
        assert group is not None
        desk.well_again(session, group)
        session.commit()
    house.look()
    assert house.texts(thread)[-1] == "👤 Još nešto"


def test_a_group_with_a_new_number_keeps_its_topics(house: DeskHouse) -> None:
    thread = asks(house)
    house.says("ana", "/today")
    house.changes("moved", moved_to=-1007)
    house.says("ana", "Zdravo", thread=thread, chat=-1007)
    assert house.people["mila"].shown[-1].text.endswith("Zdravo")
    house.hear("mila", "Hej")
    house.look()
    assert house.texts(thread, chat=-1007)[-1] == "👤 Hej"
    assert len(house.topics()) == 1
