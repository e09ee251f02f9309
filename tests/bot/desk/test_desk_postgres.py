"""Two colleagues press at once, on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.taking import Desk
from conversations.speech import Heard
from handlers.channel import Sender
from handlers.desk.arriving import DeskArrival
from models.caring.desk import DeskCard
from models.offers.call import Application
from models.offers.listing import Listing
from tests.bot.desk.desk_kit import COMMON, DeskHouse


@pytest.mark.postgres
def test_of_two_presses_at_the_same_time_exactly_one_decides(tmp_path: Path, postgres_url: str) -> None:
    house = DeskHouse(tmp_path, url=postgres_url)
    house.person("mila", "en", band="15-17", town="bor")
    house.colleague("ana", 301)
    house.colleague("petra", 302)
    who, mine = house.person_id("mila"), house.group().organisation_id
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.organisation_id == mine)).first()
        assert listing is not None
        listing.block = "CALL"
        session.add(
            Application(
                number=7, listing_id=listing.id, person_id=who, answers={}, created_at=house.now, changed_at=house.now
            )
        )
        session.commit()
    house.look()
    with Session(house.database) as session:
        card = session.scalars(select(DeskCard.id).where(DeskCard.about == "application")).one()
    told: dict[str, str] = {}
    start = threading.Barrier(2)

    def press(user: str, act: str) -> None:
        arrival = DeskArrival(
            "desk",
            f"u{user}",
            Sender(user),
            house.now,
            heard=Heard(tap=f"d.k.{card}.{act}"),
            place=str(COMMON),
            member=True,
        )
        with Session(house.database) as session:
            start.wait()
            taken = Desk(house.dialogue).take(session, arrival, house.now)
            session.commit()
        told[user] = taken.answer.text if taken.answer is not None else ""

    both = [threading.Thread(target=press, args=pair) for pair in (("301", "accepted"), ("302", "refused"))]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert len(told) == 2
    assert sum("has done this already" in words for words in told.values()) == 1
    with Session(house.database) as session:
        state, outcome = session.execute(select(DeskCard.state, DeskCard.outcome)).one()
        assert (state, outcome) == ("done", session.scalars(select(Application.state)).one())
    house.look()
    assert len([message for message in house.people["mila"].shown if message.text]) == 1
    house.database.dispose()
