"""The main story as the kill campaign plays it: book, wait, a broadcast, be reminded, cancel, be offered a place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.broadcast import Broadcast
from models.listing import Listing
from models.listing import Session as Meeting
from models.people import Person
from models.programme import Organisation
from tests.campaigns.child import Step
from tests.house import House

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA, MILA, VERA = "console-ana", "console-mila", "console-vera"

STORY = (
    *(Step(ANA, text) for text in ("matematika", "1", "2", "1")),
    *(Step(MILA, text) for text in ("matematika", "1", "2", "1")),
    Step(to=START + timedelta(hours=55, minutes=30)),
    *(Step(ANA, text) for text in ("moje prijave", "1")),
    Step(ANA, label="Ne mogu da dođem"),
    Step(ANA, "1"),
    Step(MILA, label="✅ Prihvatam mesto"),
    Step(to=START + timedelta(hours=78)),
)
"""The session is on Thursday at 17:00 in Belgrade: reminders are due on Wednesday at 17:00 and Thursday at 15:00."""


def prepare(folder: Path) -> None:
    """The database as the story finds it: the sample, one place per session, three people, a broadcast for later."""
    house = House(folder, now=START)
    for name in ("ana", "mila", "vera"):
        house.person(name, "sr-Latn", band="15-17", town="bor")
    ana, vera = house.person_id("ana"), house.person_id("vera")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
        for meeting in session.scalars(select(Meeting).where(Meeting.listing_id == listing.id)):
            meeting.capacity = 1
        session.get_one(Person, vera).stopped_at = START
        session.add(
            Broadcast(
                organisation_id=session.scalars(select(Organisation.id)).first(),
                author_id=ana,
                audience={"roles": ["people"]},
                texts={"sr": "Нова радионица!", "en": "A new workshop!"},
                state="scheduled",
                due_at=START + timedelta(hours=26),
                created_at=START,
            )
        )
        session.commit()
    house.database.dispose()
