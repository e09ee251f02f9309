"""Broadcasts to children: by leave of a guardian that still stands, never by their own."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns.audience import Audience
from models.who.consent import Consent
from models.who.people import Guardianship
from tests.house import House
from tests.models.broadcast.kit import messages, queue_all, start


def child(house: House, *, purpose: str = "messages", ended: bool = False) -> int:
    house.person("mama", "sr-Latn", band="18+", town="bor")
    house.person("beba", "sr-Latn", band="under14", town="bor")
    mother, baby = house.person_id("mama"), house.person_id("beba")
    with Session(house.database) as session:
        wording = session.scalars(select(Consent.wording_id)).first()
        session.add(
            Guardianship(
                guardian_id=mother,
                child_id=baby,
                relation="mother",
                confirmed_at=house.now,
                ended_at=house.now if ended else None,
            )
        )
        session.add(
            Consent(
                person_id=baby,
                given_by_id=mother,
                purpose=purpose,
                wording_id=wording,
                channel="console",
                given_at=house.now,
            )
        )
        session.commit()
        return baby


@pytest.mark.parametrize(
    ("purpose", "ended", "reached"), [("messages", False, True), ("attend", False, False), ("messages", True, False)]
)
def test_a_child_is_written_to_by_leave_of_a_guardian(house: House, purpose: str, ended: bool, reached: bool) -> None:
    baby = child(house, purpose=purpose, ended=ended)
    start(house, Audience(bands=("under14",)))
    queue_all(house)
    assert (baby in messages(house)) is reached


def test_a_child_cannot_give_that_leave_itself(house: House) -> None:
    house.person("beba", "sr-Latn", band="under14", town="bor")
    baby = house.person_id("beba")
    with Session(house.database) as session:
        wording = session.scalars(select(Consent.wording_id)).first()
        session.add(
            Consent(
                person_id=baby,
                given_by_id=baby,
                purpose="messages",
                wording_id=wording,
                channel="console",
                given_at=house.now,
            )
        )
        session.commit()
    start(house, Audience(bands=("under14",)))
    queue_all(house)
    assert baby not in messages(house)
