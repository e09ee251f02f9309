"""What the tests of cards share."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.call import Application
from models.offers.listing import Listing
from tests.bot.desk.desk_kit import DeskHouse, Posted

MARK = "Zvezdokljun"


def registers(house: DeskHouse, name: str = "mila") -> int:
    """Somebody registers interest in a call of the desk's organisation; the application's number."""
    who, mine = house.person_id(name), house.group().organisation_id
    with Session(house.database) as session:
        listing = session.scalars(
            select(Listing).where(Listing.organisation_id == mine).order_by(Listing.id.desc())
        ).first()
        assert listing is not None
        listing.block = "CALL"
        number = 4000 + who
        session.add(
            Application(
                number=number,
                listing_id=listing.id,
                person_id=who,
                answers={"why": MARK},
                created_at=house.now,
                changed_at=house.now,
            )
        )
        session.commit()
    return number


def application(house: DeskHouse, number: int) -> str:
    with Session(house.database) as session:
        return session.scalars(select(Application.state).where(Application.number == number)).one()


def card(house: DeskHouse, text: str) -> Posted:
    return next(one for one in reversed(house.posted) if text in one.text)


def house_organisation(session: Session) -> int:
    from models.caring.desk import DeskGroup

    return session.scalars(select(DeskGroup.organisation_id)).one()
