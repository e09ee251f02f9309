"""How a broadcast goes, on one post that changes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns.broadcast import Broadcast, Recipient
from models.who.people import Person
from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_cards.kit import card


def broadcast(house: DeskHouse, people: int) -> int:
    mine, ana = house.group().organisation_id, house.person_id("ana")
    with Session(house.database) as session:
        row = Broadcast(
            organisation_id=mine,
            author_id=ana,
            audience={},
            texts={"en": "Come!"},
            state="sending",
            due_at=house.now,
            counted=people,
            queued_at=house.now,
            created_at=house.now,
        )
        session.add(row)
        session.flush()
        for _number in range(people):
            person = Person(created_at=house.now)
            session.add(person)
            session.flush()
            session.add(Recipient(broadcast_id=row.id, person_id=person.id))
        session.commit()
        return row.id


def reached(house: DeskHouse, broadcast_id: int, many: int) -> None:
    with Session(house.database) as session:
        rows = session.scalars(select(Recipient).where(Recipient.broadcast_id == broadcast_id)).all()
        for row in rows[:many]:
            row.state = "sent"
        if many == len(rows):
            session.get_one(Broadcast, broadcast_id).state = "sent"
        session.commit()


def test_the_progress_of_a_broadcast_changes_its_own_post_and_not_too_often(house: DeskHouse) -> None:
    found = broadcast(house, 8)
    house.look()
    post = card(house, "📣 Come!")
    assert post.text.endswith("It is going out: 0 of 8.")
    reached(house, found, 3)
    house.look()
    assert post.edits == 0, "the platform takes 20 changes a minute in a group, with all else"
    house.now += timedelta(seconds=20)
    house.look()
    assert post.text.endswith("It is going out: 3 of 8.")
    reached(house, found, 8)
    house.look()
    assert post.text.endswith("✅ It went out to 8 of 8.")
    assert post.labels == ["See how it went"]
    assert post.edits == 2
    assert len(house.posted) == 1


def test_a_broadcast_is_stopped_by_the_button_of_its_post(house: DeskHouse) -> None:
    found = broadcast(house, 8)
    house.look()
    house.presses("ana", "⏹ Stop it")
    with Session(house.database) as session:
        assert session.get_one(Broadcast, found).state == "stopped"
    assert "It was stopped after 0 of 8." in house.posted[0].text
    house.presses_data("petra", card(house, "📣").message.buttons[0], house.posted[0])
