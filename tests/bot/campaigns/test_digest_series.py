"""The weekly digest and courses that have begun: they are in it as long as one can still come into them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series_changes import call_off_unit
from tests.bot.campaigns.kit import on, sunday
from tests.house import House

COURSE = ": Radionica za roditelje"


@pytest.fixture
def alone(house: House) -> House:
    """Nothing is on but one course, that begins this Thursday and can be joined until its fourth meeting."""
    house.person("tara", "sr-Latn", band="18+", town="bor")
    on(house, "tara", "week")
    with Session(house.database) as session:
        session.execute(update(Listing).where(Listing.code != "bor-roditelji").values(state="closed"))
        session.commit()
    return house


def texts(house: House) -> str:
    return "\n".join(message.text for name, message in sunday(house) if name == "tara")


def units(session: Session) -> list[Meeting]:
    rows = select(Meeting).join(Listing, Listing.id == Meeting.listing_id).where(Listing.code == "bor-roditelji")
    return list(session.scalars(rows.order_by(Meeting.starts_at)))


def test_a_course_that_has_begun_is_named_with_its_next_date(alone: House) -> None:
    with Session(alone.database) as session:
        assert units(session)[0].starts_at.day == 5
    assert "četvrtak, 12. mart, 18:30" + COURSE in texts(alone)


def test_also_where_its_first_meeting_was_called_off_and_another_has_the_places(alone: House) -> None:
    with Session(alone.database) as session:
        call_off_unit(session, units(session)[0])
        session.commit()
    assert "četvrtak, 12. mart, 18:30" + COURSE in texts(alone)


@pytest.mark.parametrize("what", ["nobody may come in any more", "it is full", "it is over"])
def test_a_course_into_which_nobody_can_come_is_left_out(alone: House, what: str) -> None:
    with Session(alone.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-roditelji")).one()
        meetings = units(session)
        if what == "nobody may come in any more":
            listing.join_late = 0
        elif what == "it is full":
            meetings[0].taken = meetings[0].capacity
        else:
            for later in meetings[1:]:
                later.state = "cancelled"
        session.commit()
    assert COURSE not in texts(alone)
